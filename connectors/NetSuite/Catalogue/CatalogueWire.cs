namespace OrderSync.NetSuite;

/// <summary>An item as SuiteQL shows it.</summary>
/// <param name="Id">Internal id.</param>
/// <param name="ItemId">Its name, which is our SKU; of an item below another "Parent : Child".</param>
/// <param name="DisplayName">For people.</param>
/// <param name="ItemType">Kind of item.</param>
internal sealed record Item(string Id, string ItemId, string? DisplayName, string? ItemType)
{
    private const string Below = " : ";

    /// <summary>A row of a query.</summary>
    public static Item Of(IReadOnlyDictionary<string, string?> row) =>
        new(row["id"] ?? "", row.GetValueOrDefault("itemid") ?? "", row.GetValueOrDefault("displayname"), row.GetValueOrDefault("itemtype"));

    /// <summary>The SKU of it.</summary>
    public string Sku(NetSuiteSettings settings) => settings.SkuAfterParent && ItemId.LastIndexOf(Below, StringComparison.Ordinal) is >= 0 and var at ? ItemId[(at + Below.Length)..] : ItemId;
}
