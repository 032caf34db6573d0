using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Runs a query: SELECT of columns or of one count or extreme, FROM, JOIN, WHERE, ORDER BY, a page. rules.md, "SuiteQL".</summary>
internal sealed class SuiteQlRun
{
    private const int Most = 1000;
    private static readonly string[] Words = ["from", "where", "order", "by", "join", "inner", "left", "outer", "on", "and", "or", "not", "group", "having", "union", "fetch", "offset", "limit", "select", "as", "asc", "desc"];

    private readonly NetSuiteCall call;
    private readonly SuiteQlTokens tokens;
    private readonly Dictionary<string, SuiteQlTable> tables = new(StringComparer.Ordinal);

    private SuiteQlRun(NetSuiteCall call, string query) => (this.call, tokens) = (call, new SuiteQlTokens(query));

    /// <summary>POST /query/v1/suiteql</summary>
    public static ErpAnswer Run(NetSuiteCall call)
    {
        call.Permitted("suiteql");
        if (!string.Equals(call.Request.Header("Prefer"), "transient", StringComparison.OrdinalIgnoreCase))
            throw NetSuiteRefusal.Content("The header Prefer: transient is missing.");
        var query = call.Body().Text("q") ?? throw NetSuiteRefusal.Content("The query is missing.", "q");
        var (limit, offset) = Page(call);
        var rows = new SuiteQlRun(call, query).Rows();
        var page = rows.Skip(offset).Take(limit).ToArray<JsonNode>();
        return NetSuiteAnswer.Of(new JsonObject
        {
            ["links"] = NetSuiteView.Links($"{call.Services}/query/v1/suiteql?limit={limit}&offset={offset}"), ["count"] = page.Length, ["hasMore"] = offset + page.Length < rows.Count,
            ["items"] = new JsonArray(page), ["offset"] = offset, ["totalResults"] = rows.Count,
        });
    }

    /// <summary>Which page the call asks for.</summary>
    public static (int Limit, int Offset) Page(NetSuiteCall call)
    {
        var (limit, offset) = (Number("limit") ?? Most, Number("offset") ?? 0);
        return limit is < 1 or > Most ? throw NetSuiteRefusal.Query("limit", $"limit must be between 1 and {Most}.")
            : offset < 0 || offset % limit != 0 ? throw NetSuiteRefusal.Query("offset", "offset must be a multiple of limit.")
            : (limit, offset);

        int? Number(string name) => call.Request.Query[name].ToString() is { Length: > 0 } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw NetSuiteRefusal.Query(name, $"{name} is no number.")
            : null;
    }

    private List<JsonObject> Rows()
    {
        tokens.Need("SELECT");
        // The columns come first, but what they are is known only when the tables are.
        var (from, to) = tokens.Aside("FROM");
        tokens.Need("FROM");
        var rows = Table(null, left: false);
        while (tokens.Next.ToUpperInvariant() is "JOIN" or "INNER" or "LEFT")
        {
            var left = tokens.Take("LEFT");
            _ = left ? tokens.Take("OUTER") : tokens.Take("INNER");
            tokens.Need("JOIN");
            rows = Table(rows, left);
        }

        var reader = new SuiteQl(tokens, tables);
        if (tokens.Take("WHERE"))
        {
            var condition = reader.Condition();
            rows = rows.Where(condition);
        }

        if (tokens.Take("ORDER"))
        {
            tokens.Need("BY");
            rows = Ordered(rows, reader);
        }

        if (tokens.Next.Length > 0)
            throw SuiteQl.Wrong($"'{tokens.Next}' is not understood");
        tokens.Go(from);
        var shown = Shown(reader, rows.Take(call.Settings.QueryRows));
        return tokens.At == to ? shown : throw SuiteQl.Wrong($"'{tokens.Next}' is not understood among the columns");
    }

    private IEnumerable<IReadOnlyDictionary<string, JsonObject?>> Table(IEnumerable<IReadOnlyDictionary<string, JsonObject?>>? before, bool left)
    {
        var name = tokens.Name();
        var table = new SuiteQlTables(call).Find(name);
        _ = tokens.Take("AS");
        var alias = tokens.AtName && !Words.Contains(tokens.Next, StringComparer.OrdinalIgnoreCase) ? tokens.Name() : name;
        if (!tables.TryAdd(alias, table))
            throw SuiteQl.Wrong($"two tables are called {alias}");
        if (before is null)
            return table.Rows().Select(row => new Dictionary<string, JsonObject?>(StringComparer.Ordinal) { [alias] = row });
        tokens.Need("ON");
        var condition = new SuiteQl(tokens, tables).Condition();
        var all = table.Rows().ToList();
        return before.SelectMany(row =>
        {
            var joined = all.Select(one => new Dictionary<string, JsonObject?>(row, StringComparer.Ordinal) { [alias] = one }).Where(condition).ToList();
            return joined.Count == 0 && left ? [new Dictionary<string, JsonObject?>(row, StringComparer.Ordinal) { [alias] = null }] : joined;
        });
    }

    private IEnumerable<IReadOnlyDictionary<string, JsonObject?>> Ordered(IEnumerable<IReadOnlyDictionary<string, JsonObject?>> rows, SuiteQl reader)
    {
        IOrderedEnumerable<IReadOnlyDictionary<string, JsonObject?>>? ordered = null;
        do
        {
            var by = reader.Value();
            var down = tokens.Take("DESC");
            if (!down)
                tokens.Take("ASC");
            var comparer = Comparer<object?>.Create((one, other) => (SuiteQl.Compare(one, other) ?? (one is null).CompareTo(other is null)) * (down ? -1 : 1));
            ordered = ordered is null ? rows.OrderBy(row => by(row), comparer) : ordered.ThenBy(row => by(row), comparer);
        }
        while (tokens.Take(","));
        return ordered;
    }

    private List<JsonObject> Shown(SuiteQl reader, IEnumerable<IReadOnlyDictionary<string, JsonObject?>> rows)
    {
        if (tokens.Next.ToUpperInvariant() is "COUNT" or "MAX" or "MIN")
            return [Whole(reader, rows.ToList())];
        var columns = new List<(string Name, SuiteQlValue Value)>();
        do
        {
            if (tokens.Next == "*")
                throw SuiteQl.Wrong("columns must be named");
            var called = tokens.Name();
            tokens.Back();
            var value = reader.Value();
            columns.Add((As() ?? tokens.Before.ToLowerInvariant() switch { ")" => called, var last => last }, value));
        }
        while (tokens.Take(","));
        return [.. rows.Select(row => Row(columns.Select(column => (column.Name, column.Value(row)))))];
    }

    // One figure of all rows together.
    private JsonObject Whole(SuiteQl reader, List<IReadOnlyDictionary<string, JsonObject?>> rows)
    {
        var function = tokens.Name();
        tokens.Need("(");
        SuiteQlValue? value = null;
        if (function != "count" || !tokens.Take("*"))
            value = reader.Value();
        tokens.Need(")");
        var values = value is null ? [] : rows.Select(row => value(row)).Where(one => one is not null).ToList();
        var comparer = Comparer<object?>.Create((one, other) => SuiteQl.Compare(one, other) ?? 0);
        object? found = function switch
        {
            "count" => (decimal)(value is null ? rows.Count : values.Count),
            "max" => values.Max(comparer),
            _ => values.Min(comparer),
        };
        return Row([(As() ?? "expr1", found)]);
    }

    private string? As() => tokens.Take("AS") || (tokens.AtName && !Words.Contains(tokens.Next, StringComparer.OrdinalIgnoreCase)) ? tokens.Name() : null;

    private JsonObject Row(IEnumerable<(string Name, object? Value)> columns)
    {
        var row = new JsonObject { ["links"] = new JsonArray() };
        foreach (var (name, value) in columns)
        {
            JsonNode? shown = value switch
            {
                null => null,
                DateTime at => at.ToString(call.Settings.QueryTimes == "full" ? "yyyy-MM-dd HH:mm:ss" : "yyyy-MM-dd", CultureInfo.InvariantCulture),
                decimal figure when call.Settings.QueryValues == "figures" => figure,
                _ => Convert.ToString(value, CultureInfo.InvariantCulture),
            };
            if (shown is not null)
                row[name] = shown;
        }

        return row;
    }
}
