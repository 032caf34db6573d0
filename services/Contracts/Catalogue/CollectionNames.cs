namespace OrderSync.Contracts.Catalogue;

/// <summary>What is brought back from destinations, by the names people and messages use.</summary>
public static class CollectionNames
{
    /// <summary>What is sold: <see cref="ItemLevel"/>.</summary>
    public const string Items = "items";

    /// <summary>Price lists: <see cref="PriceListLevel"/>.</summary>
    public const string PriceLists = "priceLists";

    /// <summary>Prices of lists and of customers: <see cref="PriceLevel"/>.</summary>
    public const string Prices = "prices";

    /// <summary>What is in stock: <see cref="StockLevel"/>.</summary>
    public const string Stock = "stock";

    /// <summary>Who buys: <see cref="CustomerLevel"/>.</summary>
    public const string Customers = "customers";

    /// <summary>Sales orders and how far they are: <see cref="DocumentLevel"/>.</summary>
    public const string Orders = "orders";

    /// <summary>Invoices and what is open on them: <see cref="DocumentLevel"/>.</summary>
    public const string Invoices = "invoices";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Items, PriceLists, Prices, Stock, Customers, Orders, Invoices];
}
