using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>All kinds of record that the stand-in has.</summary>
internal static class NetSuiteTypes
{
    /// <summary>Short lists that the API only reads, each with a name, and what SuiteQL calls them.</summary>
    public static IReadOnlyDictionary<string, string> Lists { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["subsidiary"] = "subsidiary", ["employee"] = "employee", ["term"] = "term", ["currency"] = "currency", ["priceLevel"] = "pricelevel", ["location"] = "location",
        ["department"] = "department", ["classification"] = "classification", ["paymentOption"] = "paymentoption", ["shipItem"] = "shipitem",
        ["taxType"] = "taxtype", ["salesTaxItem"] = "salestaxitem", ["customerCategory"] = "customercategory",
    };

    public static IReadOnlyList<NetSuiteType> All { get; } =
    [
        NetSuiteCustomers.Customer,
        .. NetSuiteItems.All,
        .. NetSuiteSales.All,
        .. NetSuitePayments.All,
        .. Lists.Keys.Select(name => new NetSuiteType(name, [.. NetSuiteField.Text("externalId", "name", "symbol"), .. NetSuiteField.Figure("rate", "precision"), .. NetSuiteField.Flag("isInactive")])),
    ];

    public static NetSuiteType? Find(string name) => All.FirstOrDefault(one => one.Name == name);

    /// <summary>What a reference to a record calls it.</summary>
    public static string? Called(JsonObject row) => row.Text("tranId") ?? row.Text("entityId") ?? row.Text("itemId") ?? row.Text("name");
}
