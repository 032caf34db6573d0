using System.Text.Json.Serialization;

namespace OrderSync.QuickBooks;

/// <summary>An estimate, an invoice or a sales receipt as QuickBooks shows it.</summary>
internal sealed record SalesDocument(string Id, string? SyncToken, string? DocNumber, decimal TotalAmt, IReadOnlyList<SalesLine>? Line) : IChanging
{
    public string? TxnStatus { get; init; }
    public decimal? Balance { get; init; }
    public DateOnly? TxnDate { get; init; }
    public DateOnly? DueDate { get; init; }
    public string? PrivateNote { get; init; }
    public Reference? CustomerRef { get; init; }
    public Reference? CurrencyRef { get; init; }
    public string? GlobalTaxCalculation { get; init; }
    public TaxDetail? TxnTaxDetail { get; init; }
    public IReadOnlyList<LinkedTxn>? LinkedTxn { get; init; }
    public MetaData? MetaData { get; init; }
    [JsonPropertyName("status")] public string? Status { get; init; }

    /// <summary>The lines that sell something.</summary>
    [JsonIgnore]
    public IReadOnlyList<SalesLine> Sold => [.. (Line ?? []).Where(line => line.SalesItemLineDetail is not null)];

    /// <summary>The discount on the whole document.</summary>
    [JsonIgnore]
    public decimal? Discount => (Line ?? []).FirstOrDefault(line => line.DetailType == SalesLine.Discount)?.Amount;
}

/// <summary>A line, to send and as shown.</summary>
internal sealed record SalesLine(string DetailType, decimal? Amount)
{
    public const string Item = "SalesItemLineDetail";
    public const string Discount = "DiscountLineDetail";

    public string? Description { get; init; }
    public ItemLine? SalesItemLineDetail { get; init; }
    public DiscountLine? DiscountLineDetail { get; init; }
}

/// <summary>What a line sells.</summary>
internal sealed record ItemLine(Reference? ItemRef, decimal? Qty, decimal? UnitPrice, Reference? TaxCodeRef, decimal? TaxInclusiveAmt);

/// <summary>A discount by its amount.</summary>
internal sealed record DiscountLine(bool PercentBased);

/// <summary>The tax of a document.</summary>
internal sealed record TaxDetail(Reference? TxnTaxCodeRef, decimal? TotalTax);

/// <summary>Another document that belongs to this one.</summary>
internal sealed record LinkedTxn(string TxnId, string TxnType);

/// <summary>A custom field on a form.</summary>
internal sealed record CustomField(string DefinitionId, string Type, string StringValue);

/// <summary>A document to create, or with id and token what is to change of one: absent fields stay.</summary>
internal sealed record NewSalesDocument
{
    public string? Id { get; init; }
    public string? SyncToken { get; init; }
    [JsonPropertyName("sparse")] public bool? Sparse { get; init; }
    public string? DocNumber { get; init; }
    public required Reference CustomerRef { get; init; }
    public required DateOnly TxnDate { get; init; }
    public DateOnly? ShipDate { get; init; }
    public DateOnly? DueDate { get; init; }
    public DateOnly? ExpirationDate { get; init; }
    public string? TxnStatus { get; init; }
    public Reference? CurrencyRef { get; init; }
    public Reference? DepartmentRef { get; init; }
    public string? GlobalTaxCalculation { get; init; }
    public bool? ApplyTaxAfterDiscount { get; init; }
    public required IReadOnlyList<SalesLine> Line { get; init; }
    public TaxDetail? TxnTaxDetail { get; init; }
    public Reference? PaymentMethodRef { get; init; }
    public string? PaymentRefNum { get; init; }
    public string? PrivateNote { get; init; }
    public Address? ShipAddr { get; init; }
    public Address? BillAddr { get; init; }
    public IReadOnlyList<CustomField>? CustomField { get; init; }
}

/// <summary>A document whose state is to change.</summary>
internal sealed record StateChange(string Id, string? SyncToken, string? TxnStatus, [property: JsonPropertyName("sparse")] bool? Sparse);
