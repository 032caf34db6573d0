namespace OrderSync.Money;

/// <summary>What was captured for one line.</summary>
/// <param name="Quantity">How many; negative for returned goods.</param>
/// <param name="UnitPrice">The price of one, with tax if the document's prices include it. Multiplied as it is, never rounded first.</param>
/// <param name="Discount">The line's own discount.</param>
/// <param name="TaxCode">The tax that applies; null if none was captured.</param>
/// <param name="TaxRatePercent">Its rate: 8 for 8 %.</param>
public sealed record LineInput(decimal Quantity, decimal UnitPrice, Discount Discount, string? TaxCode, decimal TaxRatePercent);
