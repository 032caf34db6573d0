namespace OrderSync.Money;

/// <summary>A price list's terms.</summary>
/// <param name="Key">What its prices name it by.</param>
/// <param name="Name">What customers name it by.</param>
/// <param name="Active">One that is not in use gives no price.</param>
/// <param name="Currency">ISO 4217; null = any.</param>
/// <param name="Percent">Added to the item's own price (negative: taken off) where the list has no price of the item; null = no such price.</param>
public sealed record PriceList(string Key, string Name, bool Active = true, string? Currency = null, decimal? Percent = null);
