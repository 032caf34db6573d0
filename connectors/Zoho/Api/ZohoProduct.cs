namespace OrderSync.Zoho;

/// <summary>Which of Zoho's two products a connection goes through. They are one engine with the same organisations and documents.</summary>
public enum ZohoProduct
{
    /// <summary>Zoho Inventory.</summary>
    Inventory,

    /// <summary>Zoho Books.</summary>
    Books,
}

/// <summary>What differs between the two.</summary>
/// <param name="Title">As people call it.</param>
/// <param name="Site">First part of the address where people sign in.</param>
/// <param name="Path">Between host and resource.</param>
/// <param name="Confirm">Their word for an order that counts, which ends the address that makes it count.</param>
/// <param name="HasEstimates">Whether it takes quotes.</param>
/// <param name="FindsItemsBySku">Whether the list of items can be asked for a SKU; else a text is searched for.</param>
/// <param name="Scopes">What a person must approve.</param>
internal sealed record ZohoFlavour(string Title, string Site, string Path, string Confirm, bool HasEstimates, bool FindsItemsBySku, IReadOnlyList<string> Scopes)
{
    private static readonly string[] Written = ["contacts", "salesorders", "customerpayments"];

    private static readonly string[] Verbs = ["CREATE", "READ", "UPDATE"];

    private static readonly ZohoFlavour Inventory = new("Zoho Inventory", "inventory", "inventory/v1", "confirmed", HasEstimates: false, FindsItemsBySku: true,
        [.. For("ZohoInventory", Written), "ZohoInventory.settings.READ", "ZohoInventory.items.READ", "ZohoInventory.invoices.READ"]);

    // Items are part of the settings in Books.
    private static readonly ZohoFlavour Books = new("Zoho Books", "books", "books/v3", "open", HasEstimates: true, FindsItemsBySku: false,
        [.. For("ZohoBooks", [.. Written, "estimates"]), "ZohoBooks.settings.READ", "ZohoBooks.invoices.READ"]);

    /// <summary>The one a connection goes through.</summary>
    public static ZohoFlavour Of(ZohoProduct product) => product == ZohoProduct.Books ? Books : Inventory;

    private static IEnumerable<string> For(string product, IEnumerable<string> modules) =>
        modules.SelectMany(module => Verbs.Select(verb => $"{product}.{module}.{verb}"));
}
