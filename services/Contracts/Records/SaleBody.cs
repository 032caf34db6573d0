using System.ComponentModel.DataAnnotations;

namespace OrderSync.Contracts.Records;

/// <summary>Body of a sale, schema 1: an <see cref="OrderBody"/> that is finished, with <see cref="Tenders"/>, the ways in which it was paid; together they are its total.</summary>
public sealed record SaleBody(
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
    [property: Required, Length(1, 100)] IReadOnlyList<TenderBody> Tenders,
    IReadOnlyList<CouponBody>? Coupons = null)
    : OrderBody(
        Reference, Customer, Currency, PricesIncludeTax, Rounding, Lines, Discount, Shipping, ShippingTaxRate, Totals, ShipTo, BillTo, RequestedDate, PaymentTerms,
        CustomerReference, Notes, CustomFields, Coupons)
{
    /// <summary>Owed by the customer: it goes to the customer's balance.</summary>
    public const string OnAccount = "onAccount";

    /// <summary>Set aside until it is paid.</summary>
    public const string LayBy = "layBy";
}

/// <summary>A way in which a sale was paid, and how much of it.</summary>
/// <param name="Method">"cash", "externalTerminal", "cheque", "bankTransfer", "onAccount", "layBy" or "other".</param>
/// <param name="Amount">More than 0, in the sale's currency: for cash what was kept, for a lay-by what is still to be paid.</param>
/// <param name="Reference">Such as the number of the terminal's slip.</param>
/// <param name="Deposit">Of a lay-by: how much of what the other tenders say is its deposit.</param>
/// <param name="DueDate">Of a lay-by or on account: the last day for the rest.</param>
public sealed record TenderBody(
    [property: Required, AllowedValues("cash", "externalTerminal", "cheque", "bankTransfer", "onAccount", "layBy", "other")] string Method,
    [property: Required, Figure(0, 1e12, AboveLeast = true)] decimal Amount,
    [property: MaxLength(100)] string? Reference = null,
    [property: Figure(0, 1e12)] decimal? Deposit = null,
    DateOnly? DueDate = null);
