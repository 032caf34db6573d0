using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>What a company is to hold, as people write it: taxes, items, vendors, ways of paying.</summary>
internal sealed record QuickBooksSetup(
    IReadOnlyList<QuickBooksSetup.Tax> Taxes, IReadOnlyList<JsonObject> Items, IReadOnlyList<string> Vendors, IReadOnlyList<string> PaymentMethods, IReadOnlyList<string> Departments)
{
    internal sealed record Tax(string Name, decimal Rate);

    /// <summary>Takes it out of the body, so that settings are left.</summary>
    public static QuickBooksSetup Take(JsonObject body)
    {
        return new(List<Tax>("taxes"), List<JsonObject>("items"), List<string>("vendors"), List<string>("paymentMethods"), List<string>("departments"));

        IReadOnlyList<T> List<T>(string name)
        {
            var list = body[name].Deserialize<IReadOnlyList<T>>(QuickBooksJson.Control) ?? [];
            body.Remove(name);
            return list;
        }
    }

    /// <summary>Brings it in; what is there already by name or SKU is changed.</summary>
    public void Apply(QuickBooksCompany company, DateTimeOffset now)
    {
        if (company.Credentials.RefreshToken.Length == 0)
            company.Put(company.Credentials with
            {
                ClientId = company.Credentials.ClientId is { Length: > 0 } client ? client : $"AB{company.Id}",
                ClientSecret = company.Credentials.ClientSecret is { Length: > 0 } secret ? secret : QuickBooksOAuth.NewSecret("CS"),
                RefreshToken = QuickBooksOAuth.NewSecret("RT"), Previous = null, Given = now,
            });
        foreach (var tax in Taxes.Where(tax => company.All("TaxCode").All(one => one.Text("Name") != tax.Name)))
        {
            var rate = company.Put("TaxRate", new JsonObject { ["Name"] = tax.Name, ["RateValue"] = tax.Rate, ["Active"] = true }, now);
            company.Put("TaxCode", new JsonObject
            {
                ["Name"] = tax.Name, ["Active"] = true, ["Taxable"] = true, ["TaxGroup"] = true, ["SalesTaxRateList"] = new JsonObject
                {
                    ["TaxRateDetail"] = new JsonArray(new JsonObject { ["TaxRateRef"] = QuickBooksJson.RefTo(rate.Text("Id")!, tax.Name), ["TaxTypeApplicable"] = "TaxOnAmount", ["TaxOrder"] = 0 }),
                },
            }, now);
        }

        foreach (var item in Items)
            PutItem(company, item, now);
        foreach (var vendor in Vendors.Where(vendor => company.All("Vendor").All(one => one.Text("DisplayName") != vendor)))
            company.Put("Vendor", new JsonObject { ["DisplayName"] = vendor, ["Active"] = true }, now);
        foreach (var (entity, names) in new[] { ("PaymentMethod", PaymentMethods), ("Department", Departments) })
        {
            foreach (var name in names.Where(name => company.All(entity).All(one => one.Text("Name") != name)))
                company.Put(entity, new JsonObject { ["Name"] = name, ["Active"] = true }, now);
        }

        company.Put("Preferences", (JsonObject)QuickBooksOperations.Preferences(company).DeepClone(), now, changes: false);
        company.Put("CompanyInfo", (JsonObject)QuickBooksOperations.CompanyInfo(company).DeepClone(), now, changes: false);
    }

    private static void PutItem(QuickBooksCompany company, JsonObject item, DateTimeOffset now)
    {
        var before = company.All("Item").FirstOrDefault(one => one.Text("Sku") == item.Text("sku"));
        var row = (JsonObject?)before?.DeepClone() ?? new JsonObject { ["Active"] = true, ["Type"] = "NonInventory", ["Taxable"] = true };
        foreach (var (name, field) in new[] { ("sku", "Sku"), ("name", "Name"), ("price", "UnitPrice"), ("description", "Description"), ("active", "Active") })
        {
            if (item[name] is { } value)
                row[field] = value.DeepClone();
        }

        if (item.Figure("stock") is { } stock)
            (row["Type"], row["TrackQtyOnHand"], row["QtyOnHand"]) = ("Inventory", true, stock);
        company.Put("Item", row, now);
    }
}
