namespace OrderSync.Money;

/// <summary>What was captured for one document, as far as its money goes.</summary>
/// <param name="Currency">The ISO 4217 code; it decides the decimals of every amount.</param>
/// <param name="Lines">The lines in their order.</param>
/// <param name="OrderDiscount">The discount on the whole order; a percentage is taken of the subtotal.</param>
/// <param name="Shipping">The shipping charge, with tax if prices include it; the order discount does not touch it.</param>
/// <param name="ShippingTaxRatePercent">The tax rate on shipping.</param>
/// <param name="PricesIncludeTax">True if unit prices, discounts by amount and shipping are stated with tax inside.</param>
/// <param name="DiscountBeforeTax">True if the order discount reduces what is taxed; false if tax is taken as though there were none.</param>
public sealed record DocumentInput(
    string Currency,
    IReadOnlyList<LineInput> Lines,
    Discount OrderDiscount,
    decimal Shipping,
    decimal ShippingTaxRatePercent,
    bool PricesIncludeTax,
    bool DiscountBeforeTax = true);
