namespace OrderSync.Contracts.Records;

/// <summary>Body of a quote, schema 2: an <see cref="OrderBody"/> and <see cref="ValidUntil"/>, the last day of the offer; null = the company's setting.</summary>
public sealed record QuoteBody(
    string? Reference,
    CustomerReference? Customer,
    string Currency,
    bool PricesIncludeTax,
    TaxRounding? Rounding,
    IReadOnlyList<OrderLine> Lines,
    DiscountBody? Discount,
    decimal Shipping,
    decimal ShippingTaxRate,
    OrderTotals Totals,
    AddressBody? ShipTo,
    AddressBody? BillTo,
    DateOnly? RequestedDate,
    string? PaymentTerms,
    string? CustomerReference,
    string? Notes,
    IReadOnlyDictionary<string, string>? CustomFields,
    DateOnly? ValidUntil,
    IReadOnlyList<CouponBody>? Coupons = null)
    : OrderBody(
        Reference, Customer, Currency, PricesIncludeTax, Rounding, Lines, Discount, Shipping, ShippingTaxRate, Totals, ShipTo, BillTo, RequestedDate, PaymentTerms,
        CustomerReference, Notes, CustomFields, Coupons);
