using System.Text.Json.Serialization;

namespace OrderSync.Zoho;

/// <summary>A sales order or an estimate as Zoho shows it; lists leave out lines and custom fields.</summary>
internal sealed record SalesDocument(
    [property: JsonConverter(typeof(LooseText))] string? SalesorderId, string? SalesorderNumber, string Status, decimal Total, decimal? TaxTotal,
    string? CurrencyCode, IReadOnlyList<SalesLine>? LineItems, IReadOnlyList<CustomField>? CustomFields,
    [property: JsonConverter(typeof(LooseText))] string? EstimateId = null, string? EstimateNumber = null,
    [property: JsonConverter(typeof(LooseText))] string? CustomerId = null, string? ReferenceNumber = null, string? Date = null, string? Notes = null,
    IReadOnlyList<InvoiceRow>? Invoices = null)
{
    public string? LastModifiedTime { get; init; }
    public string? CustomerName { get; init; }
    public bool? IsInclusiveTax { get; init; }
    public decimal? SubTotal { get; init; }
    public string? DiscountType { get; init; }
    public decimal? DiscountTotal { get; init; }
    public decimal? ShippingCharge { get; init; }
    public decimal? Adjustment { get; init; }

    [JsonIgnore]
    public string Id => SalesorderId ?? EstimateId!;

    [JsonIgnore]
    public string Number => SalesorderNumber ?? EstimateNumber!;
}

/// <summary>A line as Zoho shows it.</summary>
internal sealed record SalesLine([property: JsonConverter(typeof(LooseText))] string? ItemId, int? ItemOrder, decimal Quantity, decimal Rate)
{
    public string? Sku { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Unit { get; init; }
    public decimal? DiscountAmount { get; init; }
    public decimal? TaxPercentage { get; init; }
    public decimal? ItemTotal { get; init; }
}

/// <summary>An invoice as the order it bills shows it, and as lists do.</summary>
internal sealed record InvoiceRow(
    [property: JsonConverter(typeof(LooseText))] string InvoiceId, string? InvoiceNumber, string? Status, decimal? Balance,
    [property: JsonConverter(typeof(LooseText))] string? CustomerId = null)
{
    public decimal? Total { get; init; }
    public string? CurrencyCode { get; init; }
    public string? Date { get; init; }
    public string? DueDate { get; init; }

    /// <summary>The order it bills; lists leave it out.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? SalesorderId { get; init; }

    public string? LastModifiedTime { get; init; }
}

/// <summary>A sales order or an estimate to create, or to put in the place of one.</summary>
internal sealed record NewSalesDocument(
    string CustomerId, string? SalesorderNumber, string? EstimateNumber, string? ReferenceNumber, DateOnly Date, DateOnly? ShipmentDate, DateOnly? ExpiryDate,
    string? SalespersonId, string? LocationId, string DiscountType, string? Discount, bool IsDiscountBeforeTax, bool IsInclusiveTax, decimal ShippingCharge,
    decimal Adjustment, string? AdjustmentDescription, string? Notes, IReadOnlyList<NewSalesLine> LineItems, IReadOnlyList<CustomField> CustomFields);

/// <summary>A line to create; tax goes by id, never by rate.</summary>
internal sealed record NewSalesLine(
    string ItemId, int ItemOrder, string? Description, decimal Quantity, string? Unit, decimal Rate, string? Discount, string? TaxId);
