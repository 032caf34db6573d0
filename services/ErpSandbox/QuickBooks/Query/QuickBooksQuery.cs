using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>The query language: one entity, conditions joined by AND, one order, a page. rules.md, "Queries".</summary>
internal static partial class QuickBooksQuery
{
    private const int Usual = 100;
    private const int Most = 1000;

    private sealed record Condition(string Field, string Operator, IReadOnlyList<string> Values);

    /// <summary>GET /query?query=</summary>
    public static ErpAnswer Run(QuickBooksCall call)
    {
        var text = call.Request.Method == "GET" ? call.Request.Query["query"].ToString() : Encoding.UTF8.GetString(call.Request.Body.Span);
        if (!call.Settings.UnicodeQueries && text.FirstOrDefault(one => one > 127 && !char.IsLetterOrDigit(one)) is var strange and not '\0')
            throw QuickBooksRefusal.Query($"Encountered \" {strange}\". Lexical error");
        var match = Whole().Match(text.Trim());
        if (!match.Success)
            throw QuickBooksRefusal.Query($"Encountered \"{text}\"");
        var entity = QuickBooksOperations.Entities.FirstOrDefault(one => one.Name.Equals(match.Groups["entity"].Value, StringComparison.OrdinalIgnoreCase))
            ?? throw QuickBooksRefusal.Query($"Invalid context declaration: {match.Groups["entity"].Value}");
        var conditions = Conditions(match.Groups["where"].Value, entity);
        IEnumerable<JsonObject> rows = call.Company.All(entity.Name).Where(row => conditions.All(one => Meets(row, one)));
        if (entity.HasActive && conditions.All(one => one.Field != "Active"))
            rows = rows.Where(row => row.Is("Active"));
        if (match.Groups["count"].Success)
            return Answer(new JsonObject { ["totalCount"] = rows.Count() });
        if (match.Groups["order"] is { Success: true, Value: var order })
        {
            Filterable(order, entity);
            rows = match.Groups["desc"].Success ? rows.OrderByDescending(row => Sortable(row, order)) : rows.OrderBy(row => Sortable(row, order));
        }

        var (start, size) = (Number(match, "start") ?? 1, Number(match, "most") ?? Usual);
        if (start < 1 || size is < 1 or > Most)
            throw QuickBooksRefusal.Query($"maxresults must be between 1 and {Most}, startposition at least 1");
        var page = rows.Skip(start - 1).Take(size).Select(row => (JsonNode)row.DeepClone()).ToArray();
        var answer = new JsonObject();
        if (page.Length > 0)
            (answer[entity.Name], answer["startPosition"], answer["maxResults"]) = (new JsonArray(page), start, page.Length);
        return Answer(answer);

        ErpAnswer Answer(JsonObject found) => QuickBooksAnswer.Of("QueryResponse", found, call.Now);
    }

    private static List<Condition> Conditions(string text, QuickBooksEntity entity)
    {
        var conditions = new List<Condition>();
        var at = 0;
        while (at < text.Length)
        {
            var match = One().Match(text, at);
            if (!match.Success || match.Index != at)
                throw QuickBooksRefusal.Query($"Encountered \"{text[at..]}\"");
            Filterable(match.Groups["field"].Value, entity);
            var (sign, field) = (match.Groups["op"].Value.ToUpperInvariant(), match.Groups["field"].Value);
            if (field == "Id" && sign is not ("=" or "IN"))
                throw QuickBooksRefusal.Query("Id can be compared by = and IN only");
            conditions.Add(new(field, sign, [.. Value().Matches(match.Groups["values"].Value).Select(value => Unescape(value.Value))]));
            at = match.Index + match.Length;
        }

        return conditions;
    }

    private static void Filterable(string field, QuickBooksEntity entity)
    {
        if (!entity.Filters.Contains(field))
            throw QuickBooksRefusal.Query($"property '{field}' is not queryable");
    }

    private static bool Meets(JsonObject row, Condition condition)
    {
        var theirs = Of(row, condition.Field);
        if (theirs is null)
            return false;
        return condition.Operator switch
        {
            "=" => Same(theirs, condition.Values[0]),
            "IN" => condition.Values.Any(value => Same(theirs, value)),
            "LIKE" => Like(theirs, condition.Values[0]),
            ">" => Compare(theirs, condition.Values[0]) > 0,
            ">=" => Compare(theirs, condition.Values[0]) >= 0,
            "<" => Compare(theirs, condition.Values[0]) < 0,
            _ => Compare(theirs, condition.Values[0]) <= 0,
        };
    }

    private static string? Of(JsonObject row, string field) => field switch
    {
        "PrimaryEmailAddr" => row[field].Text("Address"),
        _ when field.EndsWith("Ref", StringComparison.Ordinal) => row.Ref(field),
        _ when field.Split('.') is [var whole, var part] => row[whole].Text(part),
        _ => row.Text(field),
    };

    private static string Sortable(JsonObject row, string field) => Of(row, field) is { } text && long.TryParse(text, out var number) ? $"{number:D20}" : Of(row, field) ?? "";

    private static bool Same(string theirs, string value) => theirs.Equals(value, StringComparison.OrdinalIgnoreCase);

    private static int Compare(string theirs, string value)
    {
        if (DateTimeOffset.TryParse(theirs, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var than))
            return at.CompareTo(than);
        return decimal.TryParse(theirs, CultureInfo.InvariantCulture, out var figure) && decimal.TryParse(value, CultureInfo.InvariantCulture, out var other)
            ? figure.CompareTo(other) : string.Compare(theirs, value, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Like(string theirs, string pattern) =>
        Regex.IsMatch(theirs, $"^{Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static string Unescape(string value) => value.StartsWith('\'') ? Escape().Replace(value[1..^1], "$1") : value;

    private static int? Number(Match match, string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^select\s+(?:\*|(?<count>count\(\*\)))\s+from\s+(?<entity>\w+)(?:\s+where\s+(?<where>(?:'(?:[^'\\]|\\.)*'|(?!\s+(?:orderby|startposition|maxresults)\b)[^'])+))?(?:\s+orderby\s+(?<order>[\w.]+)(?<desc>\s+desc)?(?:\s+asc)?)?(?:\s+startposition\s+(?<start>\d+))?(?:\s+maxresults\s+(?<most>\d+))?$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?:\s*and\s+)?\s*(?<field>[\w.]+)\s*(?<op>=|<=|>=|<|>|in\b|like\b)\s*(?<values>\((?:[^')]|'(?:[^'\\]|\\.)*')*\)|'(?:[^'\\]|\\.)*'|true|false|[\d.]+)\s*", RegexOptions.IgnoreCase)]
    private static partial Regex One();

    [GeneratedRegex(@"'(?:[^'\\]|\\.)*'|true|false|[\d.]+", RegexOptions.IgnoreCase)]
    private static partial Regex Value();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
