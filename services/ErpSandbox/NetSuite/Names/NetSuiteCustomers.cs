using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Customers. rules.md, "Customers".</summary>
internal static class NetSuiteCustomers
{
    /// <summary>The fields of an address.</summary>
    public static IReadOnlyList<NetSuiteField> Address { get; } =
        [.. NetSuiteField.Text("addressee", "attention", "addr1", "addr2", "addr3", "city", "state", "zip", "addrPhone"), NetSuiteField.Ref("country")];

    public static NetSuiteType Customer { get; } = new("customer",
    [
        .. NetSuiteField.Text("externalId", "entityId", "companyName", "firstName", "lastName", "email", "phone", "comments"),
        .. NetSuiteField.Flag("isPerson", "isInactive"), .. NetSuiteField.Figure("creditLimit"), .. NetSuiteField.Own(NetSuiteForm.Figure, "balance"),
        .. NetSuiteField.Own(NetSuiteForm.Text, "lastModifiedDate", "dateCreated"),
        NetSuiteField.Ref("subsidiary", "subsidiary"), NetSuiteField.Ref("salesRep", "employee"), NetSuiteField.Ref("terms", "term"), NetSuiteField.Ref("currency", "currency"),
        NetSuiteField.Ref("priceLevel", "priceLevel"), NetSuiteField.Ref("category", "customerCategory"),
        NetSuiteField.List("addressBook", [.. NetSuiteField.Flag("defaultShipping", "defaultBilling"), .. NetSuiteField.Text("label"), NetSuiteField.Part("addressBookAddress", Address)]),
        NetSuiteField.List("itemPricing", [NetSuiteField.Ref("item", [.. NetSuiteItems.Kinds]), NetSuiteField.Ref("level", "priceLevel"), .. NetSuiteField.Figure("price")]),
    ], Write) { Custom = "custentity_", Delete = Unused };

    private static void Write(NetSuiteCall call, JsonRecord record)
    {
        var row = record.Row;
        row["isPerson"] ??= false;
        row["isInactive"] ??= false;
        var name = row.Is("isPerson") ? $"{Needed(row, "firstName")} {Needed(row, "lastName")}" : Needed(row, "companyName");
        if (call.Settings.OneWorld && row.RefId("subsidiary") is null)
            throw NetSuiteRefusal.Missing("subsidiary");
        if (call.Settings.NumberCustomers)
            row["entityId"] = record.Before.Text("entityId") ?? $"CUST{call.Account.NextId()}";
        else if (row.Text("entityId") is null)
            row["entityId"] = name;
        var called = row.Text("entityId")!;
        if (call.Account.All("customer").Any(other => other.Text("id") != row.Text("id") && string.Equals(other.Text("entityId"), called, StringComparison.OrdinalIgnoreCase)))
            throw NetSuiteRefusal.User("This entity already exists");
        if (row.Text("email") is { Length: > 0 } email && !email.Contains('@', StringComparison.Ordinal))
            throw NetSuiteRefusal.Value(email, "email", "email");
        if (row["currency"] is null && call.Account.All("currency").FirstOrDefault(one => one.Text("symbol") == call.Settings.Currency) is { } own)
            row["currency"] = NetSuiteJson.Ref(own.Text("id")!, own.Text("name"));
        row["balance"] ??= 0m;
    }

    private static string Needed(JsonObject row, string field) => row.Text(field) is { Length: > 0 } text ? text : throw NetSuiteRefusal.Missing(field, field);

    private static void Unused(NetSuiteCall call, JsonObject row)
    {
        var id = row.Text("id");
        if (NetSuiteTypes.All.Where(type => type.Transaction is not null).SelectMany(type => call.Account.All(type.Name)).Any(one => one.RefId("entity") == id || one.RefId("customer") == id))
            throw NetSuiteRefusal.User("This record cannot be deleted because it has dependent records");
    }
}
