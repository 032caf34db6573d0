using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>Customers, vendors and employees, who share their names, and items. rules.md, "Names".</summary>
internal static class QuickBooksNames
{
    private static readonly string[] Sharing = ["Customer", "Vendor", "Employee"];
    private static readonly string[] NameParts = ["Title", "GivenName", "MiddleName", "FamilyName", "Suffix"];
    private static readonly string[] AddressFields = ["Line1", "Line2", "Line3", "Line4", "Line5"];

    public static IReadOnlyList<QuickBooksEntity> All { get; } =
    [
        .. Sharing.Select(name => new QuickBooksEntity(name, Set(
            "DisplayName", "Title", "GivenName", "MiddleName", "FamilyName", "Suffix", "CompanyName", "PrintOnCheckName", "PrimaryPhone", "AlternatePhone", "Mobile", "Fax", "PrimaryEmailAddr",
            "WebAddr", "BillAddr", "ShipAddr", "Notes", "SalesTermRef", "PaymentMethodRef", "CurrencyRef", "Taxable", "DefaultTaxCodeRef", "ParentRef", "Job", "Active",
            "PreferredDeliveryMethod", "CustomerTypeRef", "ResaleNum", "Balance"),
            Set("Id", "DisplayName", "CompanyName", "GivenName", "FamilyName", "PrimaryEmailAddr", "Active", "MetaData.LastUpdatedTime", "MetaData.CreateTime"), WriteName) { HasActive = true }),
        new("Item", Set("Name", "Sku", "Description", "Type", "UnitPrice", "Taxable", "SalesTaxCodeRef", "Active", "TrackQtyOnHand", "QtyOnHand", "InvStartDate", "IncomeAccountRef", "ParentRef", "SubItem"),
            Set("Id", "Name", "Sku", "Type", "Active", "MetaData.LastUpdatedTime", "MetaData.CreateTime"), WriteItem) { HasActive = true },
    ];

    /// <summary>A set of names.</summary>
    public static IReadOnlySet<string> Set(params string[] names) => names.ToHashSet(StringComparer.Ordinal);

    /// <summary>Refuses an address that is too long.</summary>
    public static void Address(JsonNode? address, string called)
    {
        foreach (var line in AddressFields)
            QuickBooksRows.AtMost(address, line, 500, $"{called}.{line}");
        QuickBooksRows.AtMost(address, "City", 255, $"{called}.City");
        QuickBooksRows.AtMost(address, "CountrySubDivisionCode", 255, $"{called}.CountrySubDivisionCode");
        QuickBooksRows.AtMost(address, "Country", 255, $"{called}.Country");
        QuickBooksRows.AtMost(address, "PostalCode", 30, $"{called}.PostalCode");
    }

    private static void WriteName(QuickBooksCall call, JsonObject row, JsonObject? before)
    {
        row["DisplayName"] ??= string.Join(' ', NameParts.Select(part => row.Text(part)).Where(part => part is { Length: > 0 }));
        var name = row.Text("DisplayName")!.Trim();
        if (name.Length == 0)
            throw QuickBooksRefusal.Missing("DisplayName");
        QuickBooksRows.AtMost(row, "DisplayName", 500);
        if (name.AsSpan().IndexOfAny(":\t\n") >= 0)
            throw QuickBooksRefusal.Business("The name contains a colon, tab or newline.");
        row["DisplayName"] = name;
        foreach (var (field, most) in new[] { ("GivenName", 100), ("MiddleName", 100), ("FamilyName", 100), ("CompanyName", 100), ("Title", 16), ("Suffix", 16), ("Notes", 1024) })
            QuickBooksRows.AtMost(row, field, most);
        QuickBooksRows.AtMost(row["PrimaryPhone"], "FreeFormNumber", 30, "PrimaryPhone");
        if (row["PrimaryEmailAddr"].Text("Address") is { } email)
        {
            QuickBooksRows.AtMost(row["PrimaryEmailAddr"], "Address", 100, "PrimaryEmailAddr");
            if (!email.Contains('@', StringComparison.Ordinal) || !email.Contains('.', StringComparison.Ordinal))
                throw new QuickBooksRefusal(400, "2210", "Invalid Email Address format", $"Email Address does not conform to the RFC 822 standard. Supplied value:{email}", "PrimaryEmailAddr");
        }

        Address(row["BillAddr"], "BillAddr");
        Address(row["ShipAddr"], "ShipAddr");
        var id = row.Text("Id");
        if (Sharing.SelectMany(call.Company.All).Any(other => (id is null || other.Text("Id") != id) && string.Equals(other.Text("DisplayName"), name, StringComparison.OrdinalIgnoreCase)))
            throw new QuickBooksRefusal(400, "6240", "Duplicate Name Exists Error", $"The name supplied already exists. : Id={id ?? "0"}");
        row["CurrencyRef"] ??= before?["CurrencyRef"]?.DeepClone() ?? QuickBooksJson.RefTo(call.Settings.HomeCurrency);
        if (before is not null && row.Ref("CurrencyRef") != before.Ref("CurrencyRef"))
            throw QuickBooksRefusal.Business("The currency of a customer cannot be changed.");
        row["Balance"] ??= 0;
    }

    private static void WriteItem(QuickBooksCall call, JsonObject row, JsonObject? before)
    {
        if (row.Text("Name") is not { Length: > 0 } name)
            throw QuickBooksRefusal.Missing("Name");
        QuickBooksRows.AtMost(row, "Name", 100);
        QuickBooksRows.AtMost(row, "Sku", 100);
        var id = row.Text("Id");
        if (call.Company.All("Item").Any(other => (id is null || other.Text("Id") != id) && string.Equals(other.Text("Name"), name, StringComparison.OrdinalIgnoreCase)))
            throw new QuickBooksRefusal(400, "6240", "Duplicate Name Exists Error", "The name supplied already exists.");
        row["Type"] ??= "NonInventory";
        row["FullyQualifiedName"] = name;
    }
}
