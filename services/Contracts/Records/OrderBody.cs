using System.ComponentModel.DataAnnotations;

namespace OrderSync.Contracts.Records;

/// <summary>Body of an order, schema 2. Amounts are decimals in the order's currency; rates and percentages are per cent.</summary>
/// <param name="Reference">The device's own reference, shown to people until the final number is known.</param>
/// <param name="Customer">Who ordered.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="PricesIncludeTax">Whether unit prices include tax.</param>
/// <param name="Rounding">How the device rounded tax. In schema 1 it could be left out, which meant the document, half up.</param>
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
/// <param name="Coupons">Coupons, offers and discount rules that were applied; what they took off stands in the discounts. From schema 2.</param>
/// <param name="SourceQuote">Id of the quote it was made from; a quote becomes one order.</param>
public record OrderBody(
    [property: MaxLength(60)] string? Reference,
    [property: Required] CustomerReference? Customer,
    [property: Required, StringLength(3, MinimumLength = 3)] string Currency,
    bool PricesIncludeTax,
    [property: Required] TaxRounding? Rounding,
    [property: Required, Length(1, 1_000)] IReadOnlyList<OrderLine> Lines,
    DiscountBody? Discount,
    [property: Figure(0, 1e12, 5)] decimal Shipping,
    [property: Figure(0, 100, 5)] decimal ShippingTaxRate,
    [property: Required] OrderTotals Totals,
    AddressBody? ShipTo,
    AddressBody? BillTo,
    DateOnly? RequestedDate,
    [property: MaxLength(100)] string? PaymentTerms,
    [property: MaxLength(100)] string? CustomerReference,
    [property: MaxLength(10_000)] string? Notes,
    [property: MaxLength(200)] IReadOnlyDictionary<string, string>? CustomFields,
    [property: MaxLength(100)] IReadOnlyList<CouponBody>? Coupons = null,
    Guid? SourceQuote = null);

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
/// <param name="PriceList">Key of the price list the price was taken from, as pulled; null = no list.</param>
/// <param name="PriceListVersion">That list's version then: the office sees which lines have an outdated price.</param>
/// <param name="Lots">Lots or serial numbers that were handed over, and how much of each. From schema 2.</param>
public sealed record OrderLine(
    [property: Required, MaxLength(100)] string Sku,
    [property: MaxLength(2_000)] string? Description,
    [property: Required, Figure(0, 1e9, 3, AboveLeast = true)] decimal Quantity,
    [property: MaxLength(50)] string? Unit,
    [property: Figure(0, 1e9, 5)] decimal UnitPrice,
    DiscountBody? Discount,
    [property: MaxLength(60)] string? TaxCode,
    [property: Figure(0, 100, 5)] decimal TaxRate,
    [property: MaxLength(10_000)] string? Notes,
    [property: MaxLength(300)] string? PriceList = null,
    [property: Range(1, 9_007_199_254_740_991)] long? PriceListVersion = null,
    [property: MaxLength(1_000)] IReadOnlyList<LotBody>? Lots = null);

/// <summary>A part of a line that comes from one lot, or is one numbered piece.</summary>
/// <param name="Lot">Lot or batch, as on the goods.</param>
/// <param name="Serial">Serial number of a single piece.</param>
/// <param name="Quantity">How much of the line; all lots of a line together are its quantity.</param>
public sealed record LotBody([property: MaxLength(100)] string? Lot, [property: MaxLength(100)] string? Serial, [property: Figure(0, 1e9, 3, AboveLeast = true)] decimal Quantity);

/// <summary>A coupon, an offer or a discount rule that was applied.</summary>
/// <param name="Id">Its id, as the office gave it: one that is good once is good once by this.</param>
/// <param name="Code">As typed or scanned.</param>
public sealed record CouponBody([property: Required, MaxLength(100)] string Id, [property: MaxLength(100)] string? Code = null);

/// <summary>A discount: percent or amount, one of both.</summary>
/// <param name="Percent">Per cent, 0 to 100.</param>
/// <param name="Amount">In the document's currency.</param>
/// <param name="Reason">Why it was given, in words or a code of the office. From schema 2.</param>
public sealed record DiscountBody([property: Figure(0, 100, 5)] decimal? Percent, [property: Figure(0, 1e12)] decimal? Amount, [property: MaxLength(200)] string? Reason = null);

/// <summary>Totals as the device computed and showed them.</summary>
/// <param name="Subtotal">Sum of the line amounts after line discounts.</param>
/// <param name="Discount">Order discount.</param>
/// <param name="Tax">All tax.</param>
/// <param name="Total">What the customer owes.</param>
public sealed record OrderTotals(
    [property: Required] decimal Subtotal, [property: Required] decimal Discount, [property: Required] decimal Tax, [property: Required] decimal Total);

/// <summary>How tax is rounded.</summary>
/// <param name="Level">"line" or "document".</param>
/// <param name="Tie">"halfUp" or "halfEven".</param>
public sealed record TaxRounding(
    [property: Required, AllowedValues("line", "document")] string Level, [property: Required, AllowedValues("halfUp", "halfEven")] string Tie);

/// <summary>Names a customer: one of the three.</summary>
/// <param name="Id">Id at the gateway, or of a customer captured offline.</param>
/// <param name="Number">Number in the ERP.</param>
/// <param name="Code">Customer code as typed or scanned.</param>
public sealed record CustomerReference(Guid? Id, [property: MaxLength(60)] string? Number, [property: MaxLength(60)] string? Code);

/// <summary>A postal address.</summary>
/// <param name="Name">Addressee.</param>
/// <param name="Line1">Street.</param>
/// <param name="Line2">Second line.</param>
/// <param name="City">City.</param>
/// <param name="Region">State, province or county.</param>
/// <param name="PostalCode">Postal code.</param>
/// <param name="Country">ISO 3166 code or name.</param>
public sealed record AddressBody(
    [property: MaxLength(200)] string? Name,
    [property: MaxLength(300)] string? Line1,
    [property: MaxLength(300)] string? Line2,
    [property: MaxLength(100)] string? City,
    [property: MaxLength(100)] string? Region,
    [property: MaxLength(30)] string? PostalCode,
    [property: MaxLength(100)] string? Country);
