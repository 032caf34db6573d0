namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The two products that are one engine: the same organisation, documents and JSON under two paths, with two sets of scopes.</summary>
internal enum ZohoFlavour { Inventory, Books }

/// <summary>How the two differ in words.</summary>
internal static class ZohoFlavours
{
    public static string Path(this ZohoFlavour flavour) => flavour == ZohoFlavour.Books ? "/books/v3" : "/inventory/v1";

    /// <summary>The first part of a scope.</summary>
    public static string Product(this ZohoFlavour flavour) => flavour == ZohoFlavour.Books ? "ZohoBooks" : "ZohoInventory";
}
