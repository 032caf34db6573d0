namespace OrderSync.Money;

/// <summary>What a price is wanted for.</summary>
/// <param name="Quantity">More than 0.</param>
/// <param name="Customer">Number of the customer; null = nobody yet.</param>
/// <param name="PriceList">The customer's list, by its name; null = none.</param>
/// <param name="Currency">ISO 4217; null = whichever there is.</param>
/// <param name="OwnPrice">The item's own price; null = it has none.</param>
public sealed record PriceAsked(decimal Quantity, string? Customer = null, string? PriceList = null, string? Currency = null, decimal? OwnPrice = null);
