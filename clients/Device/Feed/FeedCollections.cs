namespace OrderSync.Device;

/// <summary>The collections that this library makes something of; any other is kept as it comes.</summary>
internal static class FeedCollections
{
    public const string Settings = "settings", Reps = "reps", Taxes = "taxes", PriceLists = "priceLists", Products = "products", Prices = "prices", Stock = "stock",
        Customers = "customers", History = "history", QuickKeys = "quickKeys", Images = "images", Verdicts = "verdicts", Status = "status", Ids = "ids";
}
