namespace OrderSync.Money;

/// <summary>A price of one item: of a list, or of one customer.</summary>
/// <param name="UnitPrice">The price.</param>
/// <param name="PriceList">Key of the list; null where it is a customer's own.</param>
/// <param name="Customer">Number of the customer; null where it is a list's.</param>
/// <param name="FromQuantity">From this quantity on.</param>
/// <param name="ToQuantity">Up to this quantity; null = no end.</param>
/// <param name="Currency">ISO 4217; null = the list's, or any.</param>
public sealed record ListedPrice(
    decimal UnitPrice, string? PriceList = null, string? Customer = null, decimal FromQuantity = 0, decimal? ToQuantity = null, string? Currency = null);
