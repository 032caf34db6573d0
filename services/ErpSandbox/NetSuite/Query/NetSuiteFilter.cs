using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>The filter of a list of records: conditions joined by AND. rules.md, "Filters".</summary>
internal static partial class NetSuiteFilter
{
    /// <summary>GET /record/v1/{type}?q=</summary>
    public static ErpAnswer Run(NetSuiteCall call)
    {
        var type = NetSuiteRecords.Known(call);
        var (limit, offset) = SuiteQlRun.Page(call);
        var conditions = Conditions(call.Request.Query["q"].ToString(), type);
        var found = call.Account.All(type.Name).Where(row => conditions.All(one => one(row))).ToList();
        var page = found.Skip(offset).Take(limit).Select(row => (JsonNode)new JsonObject
        {
            ["links"] = NetSuiteView.Links($"{call.Services}/record/v1/{type.Name}/{row.Text("id")}"), ["id"] = row.Text("id"),
        }).ToArray();
        return NetSuiteAnswer.Of(new JsonObject
        {
            ["links"] = NetSuiteView.Links($"{call.Services}/record/v1/{type.Name}"), ["count"] = page.Length, ["hasMore"] = offset + page.Length < found.Count,
            ["items"] = new JsonArray(page), ["offset"] = offset, ["totalResults"] = found.Count,
        });
    }

    private static List<Func<JsonObject, bool>> Conditions(string text, NetSuiteType type)
    {
        var conditions = new List<Func<JsonObject, bool>>();
        for (var at = 0; at < text.Length;)
        {
            var match = One().Match(text, at);
            if (!match.Success || match.Index != at || (at > 0) != match.Groups["and"].Success)
                throw Wrong($"'{text[at..]}' is not understood");
            var name = match.Groups["field"].Value;
            var field = name switch
            {
                "id" => new NetSuiteField("id", NetSuiteForm.Figure),
                "lastModifiedDate" or "dateCreated" => new NetSuiteField(name, NetSuiteForm.Day),
                _ => type.Fields.FirstOrDefault(one => one.Name == name && one.Form is not (NetSuiteForm.List or NetSuiteForm.Part)) ?? throw Wrong($"{type.Name} has no field {name}"),
            };
            var values = Value().Matches(match.Groups["values"].Value).Select(value => value.Value.Trim('"')).ToList();
            conditions.Add(Condition(field, match.Groups["op"].Value, values));
            at = match.Index + match.Length;
        }

        return conditions;
    }

    private static Func<JsonObject, bool> Condition(NetSuiteField field, string sign, List<string> values)
    {
        string? Of(JsonObject row) => field.Form == NetSuiteForm.Reference ? row.RefId(field.Name) : row.Text(field.Name);
        if (sign == "EMPTY")
            return values.Count == 0 ? row => Of(row) is null or "" : throw Wrong("EMPTY takes no value");
        if (values.Count == 0 || (values.Count > 1 && sign != "ANY_OF"))
            throw Wrong($"{sign} takes one value");
        var value = values[0];
        return (sign, field.Form) switch
        {
            ("IS", NetSuiteForm.Text or NetSuiteForm.Flag) => row => string.Equals(Of(row), value, StringComparison.OrdinalIgnoreCase),
            ("IS_NOT", NetSuiteForm.Text or NetSuiteForm.Flag) => row => !string.Equals(Of(row), value, StringComparison.OrdinalIgnoreCase),
            ("CONTAIN", NetSuiteForm.Text) => row => Of(row)?.Contains(value, StringComparison.OrdinalIgnoreCase) == true,
            ("START_WITH", NetSuiteForm.Text) => row => Of(row)?.StartsWith(value, StringComparison.OrdinalIgnoreCase) == true,
            ("ANY_OF", NetSuiteForm.Reference or NetSuiteForm.Figure) => row => values.Contains(Of(row) ?? ""),
            ("EQUAL", NetSuiteForm.Figure) => row => row.Figure(field.Name) == Figure(value),
            ("GREATER", NetSuiteForm.Figure) => row => row.Figure(field.Name) > Figure(value),
            ("ON_OR_AFTER", NetSuiteForm.Day) => row => Day(Of(row)) >= Wanted(value),
            ("BEFORE", NetSuiteForm.Day) => row => Day(Of(row)) < Wanted(value),
            _ => throw Wrong($"{sign} cannot be asked of {field.Name}"),
        };
    }

    private static decimal Figure(string value) => decimal.TryParse(value, CultureInfo.InvariantCulture, out var figure) ? figure : throw Wrong($"'{value}' is no figure");

    private static DateOnly Wanted(string value) => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Wrong($"'{value}' is no day");

    private static DateOnly? Day(string? text) => text is { Length: >= 10 } ? DateOnly.ParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private static NetSuiteRefusal Wrong(string detail) => NetSuiteRefusal.Query("q", $"Invalid query: {detail}.");

    [GeneratedRegex(@"(?<and>\s+AND\s+)?(?<field>\w+)\s+(?<op>[A-Z_]+)(?:\s+(?!AND\s)(?<values>\[[^\]]*\]|""[^""]*""|[^\s""\[]+))?\s*(?=\s+AND\s|$)")]
    private static partial Regex One();

    [GeneratedRegex(@"""[^""]*""|[^\s"",\[\]]+")]
    private static partial Regex Value();
}
