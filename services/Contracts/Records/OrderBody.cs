namespace OrderSync.Contracts.Records;

/// <summary>Body of an order, schema 1. Amounts are decimals in the order's currency; rates and percentages are per cent.</summary>
/// <param name="Reference">The device's own reference, shown to people until the final number is known.</param>
/// <param name="Customer">Who ordered.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="PricesIncludeTax">Whether unit prices include tax.</param>
/// <param name="Rounding">How the device rounded tax; null = the company's setting.</param>
/// <param name="Lines">At least one.</param>
/// <param name="Discount">Discount on the whole order, before tax.</param>
/// <param name="Shipping">Shipping charge, taxed at <paramref name="ShippingTaxRate"/>.</param>
/// <param name="ShippingTaxRate">Per cent.</param>
/// <param name="Totals">As shown to the customer.</param>
/// <param name="ShipTo">Where to send; null = the customer's address.</param>
/// <param name="BillTo">Where to bill; null = the customer's address.</param>
/// <param name="RequestedDate">Wished delivery date.</param>
/// <param name="PaymentTerms">As agreed, in words or a code of the office.</param>
/// <param name="CustomerReference">The customer's own order number.</param>
/// <param name="Notes">Free text.</param>
/// <param name="CustomFields">Names and values the company defined.</param>
public sealed record OrderBody(
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
    IReadOnlyDictionary<string, string>? CustomFields);

/// <summary>One line of an order.</summary>
/// <param name="Sku">Stock-keeping unit.</param>
/// <param name="Description">As shown to the customer.</param>
/// <param name="Quantity">In <paramref name="Unit"/>, up to three decimals.</param>
/// <param name="Unit">Unit of measure.</param>
/// <param name="UnitPrice">Up to five decimals, in the order's currency.</param>
/// <param name="Discount">Discount on the line.</param>
/// <param name="TaxCode">The company's tax code; null = exempt or by rate alone.</param>
/// <param name="TaxRate">Per cent.</param>
/// <param name="Notes">Free text.</param>
public sealed record OrderLine(
    string Sku,
    string? Description,
    decimal Quantity,
    string? Unit,
    decimal UnitPrice,
    DiscountBody? Discount,
    string? TaxCode,
    decimal TaxRate,
    string? Notes);

/// <summary>A discount: percent or amount, one of both.</summary>
/// <param name="Percent">Per cent, 0 to 100.</param>
/// <param name="Amount">In the document's currency.</param>
public sealed record DiscountBody(decimal? Percent, decimal? Amount);

/// <summary>Totals as the device computed and showed them.</summary>
/// <param name="Subtotal">Sum of the line amounts after line discounts.</param>
/// <param name="Discount">Order discount.</param>
/// <param name="Tax">All tax.</param>
/// <param name="Total">What the customer owes.</param>
public sealed record OrderTotals(decimal Subtotal, decimal Discount, decimal Tax, decimal Total);

/// <summary>How tax is rounded.</summary>
/// <param name="Level">"line" or "document".</param>
/// <param name="Tie">"halfUp" or "halfEven".</param>
public sealed record TaxRounding(string Level, string Tie);

/// <summary>Names a customer: one of the three.</summary>
/// <param name="Id">Id at the gateway, or of a customer captured offline.</param>
/// <param name="Number">Number in the ERP.</param>
/// <param name="Code">Customer code as typed or scanned.</param>
public sealed record CustomerReference(Guid? Id, string? Number, string? Code);

/// <summary>A postal address.</summary>
/// <param name="Name">Addressee.</param>
/// <param name="Line1">Street.</param>
/// <param name="Line2">Second line.</param>
/// <param name="City">City.</param>
/// <param name="Region">State, province or county.</param>
/// <param name="PostalCode">Postal code.</param>
/// <param name="Country">ISO 3166 code or name.</param>
public sealed record AddressBody(string? Name, string? Line1, string? Line2, string? City, string? Region, string? PostalCode, string? Country);
