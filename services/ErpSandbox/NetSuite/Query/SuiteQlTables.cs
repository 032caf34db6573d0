using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>A table of SuiteQL: its columns in small letters, and its rows.</summary>
internal sealed record SuiteQlTable(IReadOnlyDictionary<string, Func<JsonObject, object?>> Columns, Func<IEnumerable<JsonObject>> Rows);

/// <summary>The tables that queries may name. A value is a text, a figure, or an instant in the account's time. rules.md, "SuiteQL".</summary>
internal sealed class SuiteQlTables(NetSuiteCall call)
{
    /// <summary>The table of a name.</summary>
    public SuiteQlTable Find(string name)
    {
        if (name == call.Settings.StockTable)
            return new(Stock(), () => call.Account.All(NetSuiteStock.Kind));
        switch (name)
        {
            case "customer":
                return Of([NetSuiteCustomers.Customer], null);
            case "item":
                return Of(NetSuiteItems.All, null);
            case "transaction":
                var types = NetSuiteTypes.All.Where(type => type.Transaction is not null).ToList();
                return Of(types, (columns) =>
                {
                    columns["type"] = row => NetSuiteTypes.Find(row.Text(NetSuiteRecords.Kind)!)!.Transaction;
                    columns["recordtype"] = row => row.Text(NetSuiteRecords.Kind)!.ToLowerInvariant();
                    columns["entity"] = row => Id(row, "entity") ?? Id(row, "customer");
                    columns["foreigntotal"] = row => row.Figure("total") ?? row.Figure("payment");
                });
            case "transactionline":
                return Lines();
            case "pricing":
                return Prices();
            default:
                var (kind, _) = NetSuiteTypes.Lists.FirstOrDefault(list => list.Value == name);
                return kind is null ? throw SuiteQl.Wrong($"there is no table {name}") : Of([NetSuiteTypes.Find(kind)!], null);
        }
    }

    private SuiteQlTable Of(IReadOnlyList<NetSuiteType> types, Action<Dictionary<string, Func<JsonObject, object?>>>? more)
    {
        var columns = Plain();
        columns["id"] = row => row.Figure("id");
        foreach (var field in types.SelectMany(type => type.Fields).Where(field => field.Form is not (NetSuiteForm.List or NetSuiteForm.Part)))
            columns[field.Name.ToLowerInvariant()] = Column(field);
        foreach (var custom in call.Settings.CustomFields.Where(custom => types.Any(type => custom.StartsWith(type.Custom, StringComparison.Ordinal))))
            columns[custom.ToLowerInvariant()] = row => row.RefId(custom) ?? row.Text(custom);
        foreach (var time in new[] { "lastModifiedDate", "dateCreated" })
            columns[time.ToLowerInvariant()] = row => Instant(row.Text(time));
        more?.Invoke(columns);
        return new(columns, () => types.SelectMany(type => call.Account.All(type.Name)));
    }

    private SuiteQlTable Lines()
    {
        var columns = Plain("itemtype", "memo", "isclosed");
        foreach (var name in new[] { "transaction", "uniquekey", "linesequencenumber", "item", "quantity", "rate", "foreignamount" })
            columns[name] = row => row.Figure(name);
        return new(columns, () => NetSuiteSales.All.SelectMany(type => call.Account.All(type.Name)).SelectMany(document => document.Items("item").Select(line => new JsonObject
        {
            ["transaction"] = document.Text("id"), ["uniquekey"] = line.Text("lineUniqueKey"), ["linesequencenumber"] = line.Figure("line"), ["item"] = line.RefId("item"),
            ["quantity"] = line.Figure("quantity"), ["rate"] = line.Figure("rate"), ["foreignamount"] = line.Figure("amount"), ["memo"] = line.Text("description"),
            ["isclosed"] = line.Is("isClosed") ? "T" : "F", ["itemtype"] = NetSuiteItems.Find(call.Account, line.RefId("item")).Text("itemType"),
        })));
    }

    private SuiteQlTable Prices()
    {
        var columns = Plain();
        foreach (var name in new[] { "item", "pricelevel", "currency", "quantity", "unitprice" })
            columns[name] = row => row.Figure(name);
        return new(columns, () => NetSuiteItems.Kinds.SelectMany(call.Account.All).SelectMany(item => item.Items("price").Select(price => new JsonObject
        {
            ["item"] = item.Text("id"), ["pricelevel"] = price.RefId("priceLevel"), ["currency"] = price.RefId("currencyPage"),
            ["quantity"] = price.Figure("quantity") ?? 0, ["unitprice"] = price.Figure("price"),
        })));
    }

    private static Dictionary<string, Func<JsonObject, object?>> Stock()
    {
        var columns = Plain();
        columns["item"] = row => Id(row, "item");
        columns["location"] = row => Id(row, "location");
        columns["quantityonhand"] = row => row.Figure("quantityonhand");
        columns["quantityavailable"] = row => row.Figure("quantityavailable");
        return columns;
    }

    private static Func<JsonObject, object?> Column(NetSuiteField field) => field.Form switch
    {
        NetSuiteForm.Reference => row => Id(row, field.Name),
        NetSuiteForm.Flag => row => row.Is(field.Name) ? "T" : "F",
        NetSuiteForm.Figure => row => row.Figure(field.Name),
        NetSuiteForm.Day => row => row.Text(field.Name) is { } day ? new DateTime(DateOnly.Parse(day, CultureInfo.InvariantCulture), default) : null,
        _ => row => row.Text(field.Name) is { Length: > 0 } text ? text : null,
    };

    // Ids are figures, so that they are compared and ordered as such; states and countries are words.
    private static object? Id(JsonObject row, string name) => row[name].Figure("id") is { } id ? id : row.RefId(name);

    private DateTime? Instant(string? text) => text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToOffset(call.Settings.UtcOffset).DateTime;

    private static Dictionary<string, Func<JsonObject, object?>> Plain(params string[] names) =>
        names.ToDictionary(name => name, name => (Func<JsonObject, object?>)(row => row.Text(name)), StringComparer.Ordinal);
}
