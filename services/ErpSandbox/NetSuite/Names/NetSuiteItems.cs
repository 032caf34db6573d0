using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Items: goods, services, and those that stand for a discount or a subtotal. rules.md, "Items".</summary>
internal static class NetSuiteItems
{
    /// <summary>What SuiteQL calls the type of each kind.</summary>
    private static readonly Dictionary<string, string> TypeOf = new(StringComparer.Ordinal)
    {
        ["inventoryItem"] = "InvtPart", ["nonInventorySaleItem"] = "NonInvtPart", ["serviceSaleItem"] = "Service", ["discountItem"] = "Discount", ["subtotalItem"] = "Subtotal",
    };

    public static IReadOnlyList<string> Kinds { get; } = [.. TypeOf.Keys];

    public static IReadOnlyList<NetSuiteType> All { get; } = [.. Kinds.Select(kind => new NetSuiteType(kind,
    [
        .. NetSuiteField.Text("externalId", "itemId", "displayName", "description", "upcCode", "itemType"), .. NetSuiteField.Flag("isInactive"),
        .. NetSuiteField.Own(NetSuiteForm.Text, "lastModifiedDate", "dateCreated"), .. NetSuiteField.Own(NetSuiteForm.Text, "stockUnit"),
        NetSuiteField.List("price", [NetSuiteField.Ref("priceLevel", "priceLevel"), NetSuiteField.Ref("currencyPage", "currency"), .. NetSuiteField.Figure("quantity", "price")]),
    ]) { Custom = "custitem_" })];

    public static string Type(string kind) => TypeOf[kind];

    /// <summary>An item of any kind.</summary>
    public static JsonObject? Find(NetSuiteAccount account, string? id) => Kinds.Select(kind => account.Find(kind, id)).FirstOrDefault(found => found is not null);

    /// <summary>An item of any kind by its name, which is its SKU.</summary>
    public static (string Kind, JsonObject Row)? Called(NetSuiteAccount account, string? itemId)
    {
        foreach (var kind in Kinds)
        {
            if (account.All(kind).FirstOrDefault(one => one.Text("itemId") == itemId) is { } found)
                return (kind, found);
        }

        return null;
    }

    /// <summary>The price of an item at a level for a quantity; null where there is none.</summary>
    public static decimal? Price(JsonObject item, string? level, string? currency, decimal quantity) => item.Items("price")
        .Where(row => row.RefId("priceLevel") == level && row.RefId("currencyPage") == currency && (row.Figure("quantity") ?? 0) <= quantity)
        .OrderBy(row => row.Figure("quantity") ?? 0).LastOrDefault().Figure("price");
}
