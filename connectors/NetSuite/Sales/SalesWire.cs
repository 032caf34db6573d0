using System.Text.Json.Serialization;

namespace OrderSync.NetSuite;

/// <summary>A sales order, an estimate, a cash sale or an invoice as NetSuite shows it.</summary>
internal sealed record SalesRecord(string Id, string? ExternalId, string? TranId)
{
    public Reference? Entity { get; init; }
    public string? TranDate { get; init; }
    public string? DueDate { get; init; }
    public string? OtherRefNum { get; init; }
    public string? Memo { get; init; }
    public Reference? Currency { get; init; }
    public Reference? OrderStatus { get; init; }
    public Reference? Status { get; init; }
    public decimal? Subtotal { get; init; }
    public decimal? DiscountTotal { get; init; }
    public decimal? TaxTotal { get; init; }
    public decimal? Total { get; init; }
    public decimal? AmountRemaining { get; init; }
    public bool? TaxDetailsOverride { get; init; }
    public Sublist<SalesLine>? Item { get; init; }

    /// <summary>Its lines.</summary>
    [JsonIgnore]
    public IReadOnlyList<SalesLine> Lines => Item?.Items ?? [];

    /// <summary>Whether anything of it was delivered or billed.</summary>
    [JsonIgnore]
    public bool IsBegun => Lines.Any(line => line is { QuantityFulfilled: > 0 } or { QuantityBilled: > 0 });
}

/// <summary>A line, to send and as shown.</summary>
internal sealed record SalesLine(Reference? Item, decimal? Quantity)
{
    public Reference? Units { get; init; }
    public Reference? Price { get; init; }
    public decimal? Rate { get; init; }
    public decimal? Amount { get; init; }
    public string? Description { get; init; }
    public Reference? TaxCode { get; init; }
    public Reference? Location { get; init; }
    public Reference? Department { get; init; }
    public Reference? Class { get; init; }
    public bool? IsClosed { get; init; }
    public decimal? QuantityFulfilled { get; init; }
    public decimal? QuantityBilled { get; init; }
}

/// <summary>A row of tax details that takes the place of what NetSuite works out; all fields are mandatory.</summary>
internal sealed record TaxDetail(Reference TaxType, Reference TaxCode, decimal TaxBasis, decimal TaxRate, decimal TaxAmount);

/// <summary>A document to create or to change; absent fields stay.</summary>
internal sealed record NewSalesRecord
{
    public required Reference Entity { get; init; }
    public string? TranId { get; init; }
    public required string TranDate { get; init; }
    public string? ShipDate { get; init; }
    public string? DueDate { get; init; }
    public string? OtherRefNum { get; init; }
    public string? Memo { get; init; }
    public Reference? SalesRep { get; init; }
    public Reference? Terms { get; init; }
    public Reference? Currency { get; init; }
    public Reference? Subsidiary { get; init; }
    public Reference? Location { get; init; }
    public Reference? DiscountItem { get; init; }
    public decimal? DiscountRate { get; init; }
    public Reference? OrderStatus { get; init; }
    public Reference? PaymentOption { get; init; }
    public bool? TaxDetailsOverride { get; init; }
    public Sublist<TaxDetail>? TaxDetails { get; init; }
    public Address? ShippingAddress { get; init; }
    public Address? BillingAddress { get; init; }
    public required Sublist<SalesLine> Item { get; init; }

    /// <summary>Custom fields, custbody_….</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? Custom { get; init; }
}

/// <summary>The state that an order is brought to.</summary>
internal sealed record OrderStatusChange(Reference OrderStatus);

/// <summary>The lines of an order that is to be closed.</summary>
internal sealed record LinesChange(Sublist<SalesLine> Item);
