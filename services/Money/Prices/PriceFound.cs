namespace OrderSync.Money;

/// <summary>Where a price comes from.</summary>
public enum PriceOrigin
{
    /// <summary>Agreed with the customer.</summary>
    Customer,

    /// <summary>The customer's price list.</summary>
    List,

    /// <summary>The item's own.</summary>
    Product,
}

/// <summary>A price that was found.</summary>
/// <param name="UnitPrice">The price, with at most five decimals.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Currency">ISO 4217; null = the company's.</param>
/// <param name="PriceList">Key of the list it comes from, if any.</param>
/// <param name="FromQuantity">The quantity from which on it holds.</param>
public sealed record PriceFound(decimal UnitPrice, PriceOrigin Origin, string? Currency = null, string? PriceList = null, decimal FromQuantity = 0);
