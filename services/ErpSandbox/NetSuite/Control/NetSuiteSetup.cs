using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>What an account is to hold, as people write it: taxes, items, employees, locations and other short lists.</summary>
internal sealed record NetSuiteSetup(IReadOnlyList<NetSuiteSetup.Tax> Taxes, IReadOnlyList<NetSuiteSetup.Money> Currencies, IReadOnlyList<JsonObject> Items, IReadOnlyDictionary<string, IReadOnlyList<string>> Lists)
{
    internal sealed record Tax(string Name, decimal Rate);

    internal sealed record Money(string Code, int Precision = 2);

    private static readonly Dictionary<string, string> Named = new(StringComparer.Ordinal)
    {
        ["subsidiaries"] = "subsidiary", ["employees"] = "employee", ["terms"] = "term", ["priceLevels"] = "priceLevel", ["locations"] = "location", ["departments"] = "department",
        ["classes"] = "classification", ["paymentOptions"] = "paymentOption", ["shipItems"] = "shipItem", ["categories"] = "customerCategory",
    };

    /// <summary>Takes it out of the body, so that settings are left.</summary>
    public static NetSuiteSetup Take(JsonObject body)
    {
        return new(List<Tax>("taxes"), List<Money>("currencies"), List<JsonObject>("items"), Named.Keys.ToDictionary(name => name, List<string>));

        IReadOnlyList<T> List<T>(string name)
        {
            var list = body[name].Deserialize<IReadOnlyList<T>>(NetSuiteJson.Control) ?? [];
            body.Remove(name);
            return list;
        }
    }

    /// <summary>Brings it in; what is there already by name or SKU is changed.</summary>
    public void Apply(NetSuiteAccount account, DateTimeOffset now)
    {
        if (account.Access.ClientId.Length == 0)
            account.Put(account.Access with { ClientId = $"client-{account.Id}" });
        foreach (var money in Currencies.Prepend(new(account.Settings.Currency)).DistinctBy(one => one.Code).Where(one => account.All("currency").All(held => held.Text("symbol") != one.Code)))
        {
            // What the account says of its own currency counts before the usual two decimals.
            var precision = Currencies.FirstOrDefault(one => one.Code == money.Code)?.Precision ?? money.Precision;
            account.Put("currency", new JsonObject { ["name"] = money.Code, ["symbol"] = money.Code, ["precision"] = precision }, now);
        }

        foreach (var (list, names) in Lists)
            Names(account, Named[list], names, now);
        Names(account, "priceLevel", ["Base Price"], now);
        Names(account, "taxType", ["Tax"], now);
        foreach (var tax in Taxes)
        {
            var held = account.All("salesTaxItem").FirstOrDefault(one => one.Text("name") == tax.Name);
            if (held.Figure("rate") != tax.Rate)
                account.Put("salesTaxItem", TaxRow(account, held, tax), now);
        }

        foreach (var item in Items)
            PutItem(account, item, now);
    }

    private static JsonObject TaxRow(NetSuiteAccount account, JsonObject? held, Tax tax)
    {
        var row = (JsonObject?)held?.DeepClone() ?? new JsonObject { ["name"] = tax.Name, ["_type"] = account.All("taxType").First().Text("id") };
        row["rate"] = tax.Rate;
        return row;
    }

    private static void Names(NetSuiteAccount account, string type, IReadOnlyList<string> names, DateTimeOffset now)
    {
        foreach (var name in names.Where(name => account.All(type).All(one => one.Text("name") != name)))
            account.Put(type, new JsonObject { ["name"] = name }, now);
    }

    private static void PutItem(NetSuiteAccount account, JsonObject item, DateTimeOffset now)
    {
        var sku = item.Text("sku") ?? throw NetSuiteRefusal.Missing("sku");
        var found = NetSuiteItems.Called(account, sku);
        var kind = item.Text("type") ?? found?.Kind ?? (item["stock"] is null ? "nonInventorySaleItem" : "inventoryItem");
        if (!NetSuiteItems.Kinds.Contains(kind) || (found is { } other && other.Kind != kind))
            throw NetSuiteRefusal.Value(kind, "type");
        var row = (JsonObject?)found?.Row.DeepClone() ?? new JsonObject { ["itemId"] = sku, ["itemType"] = NetSuiteItems.Type(kind), ["isInactive"] = false };
        foreach (var (name, field) in new[] { ("name", "displayName"), ("description", "description"), ("upc", "upcCode"), ("inactive", "isInactive"), ("unit", "stockUnit") })
        {
            if (item[name] is { } value)
                row[field] = value.DeepClone();
        }

        if (item.Text("tax") is { } tax)
            row["_tax"] = account.All("salesTaxItem").FirstOrDefault(one => one.Text("name") == tax).Text("id") ?? throw NetSuiteRefusal.Value(tax, "tax");
        if (item["price"] is not null || item["prices"] is not null)
            row["price"] = Prices(account, item);
        row = account.Put(kind, row, now);
        foreach (var (place, quantity) in item["stock"] as JsonObject ?? [])
            PutStock(account, row, place, quantity!.GetValue<decimal>(), now);
    }

    private static JsonObject Prices(NetSuiteAccount account, JsonObject item)
    {
        var currency = account.All("currency").First(one => one.Text("symbol") == account.Settings.Currency);
        var levels = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        if (item["price"] is { } usual)
            levels["Base Price"] = usual;
        foreach (var (level, price) in item["prices"] as JsonObject ?? [])
            levels[level] = price;
        return NetSuiteJson.List(levels.SelectMany(level => Rows(level.Key, level.Value)));

        // A figure, or figures by the quantity they begin at.
        IEnumerable<JsonObject> Rows(string level, JsonNode? price)
        {
            var row = account.All("priceLevel").FirstOrDefault(one => one.Text("name") == level) ?? throw NetSuiteRefusal.Value(level, "prices");
            foreach (var (from, figure) in price as JsonObject ?? new JsonObject { ["0"] = price?.DeepClone() })
            {
                yield return new JsonObject
                {
                    ["priceLevel"] = NetSuiteJson.Ref(row.Text("id")!, level), ["currencyPage"] = NetSuiteJson.Ref(currency.Text("id")!, currency.Text("name")),
                    ["quantity"] = decimal.Parse(from, System.Globalization.CultureInfo.InvariantCulture), ["price"] = figure?.DeepClone(),
                };
            }
        }
    }

    private static void PutStock(NetSuiteAccount account, JsonObject item, string place, decimal quantity, DateTimeOffset now)
    {
        var location = account.All("location").FirstOrDefault(one => one.Text("name") == place) ?? throw NetSuiteRefusal.Value(place, "stock");
        var held = account.All(NetSuiteStock.Kind).FirstOrDefault(row => row.RefId("item") == item.Text("id") && row.RefId("location") == location.Text("id"));
        var row = (JsonObject?)held?.DeepClone() ?? new JsonObject { ["item"] = NetSuiteJson.Ref(item.Text("id")!, null), ["location"] = NetSuiteJson.Ref(location.Text("id")!, place) };
        (row["quantityonhand"], row["quantityavailable"]) = (quantity, quantity);
        account.Put(NetSuiteStock.Kind, row, now);
    }
}
