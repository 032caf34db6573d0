using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>A row of the tables of a query, by their names in it.</summary>
internal delegate object? SuiteQlValue(IReadOnlyDictionary<string, JsonObject?> row);

/// <summary>Reads expressions of SuiteQL: comparisons, AND, OR, NOT, IN, LIKE, BETWEEN, IS NULL, and a handful of functions. What it does not know it refuses.</summary>
internal sealed class SuiteQl(SuiteQlTokens tokens, IReadOnlyDictionary<string, SuiteQlTable> tables)
{
    private static readonly Dictionary<string, string> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["YYYY-MM-DD HH24:MI:SS"] = "yyyy-MM-dd HH:mm:ss", ["YYYY-MM-DD\"T\"HH24:MI:SS"] = "yyyy-MM-dd'T'HH:mm:ss", ["YYYY-MM-DD"] = "yyyy-MM-dd", ["DD/MM/YYYY"] = "dd/MM/yyyy", ["MM/DD/YYYY"] = "MM/dd/yyyy",
    };

    public static NetSuiteRefusal Wrong(string detail) => NetSuiteRefusal.Content($"Invalid search query. Detailed unprocessed description follows. {detail}.");

    /// <summary>Conditions joined by OR.</summary>
    public Func<IReadOnlyDictionary<string, JsonObject?>, bool> Condition()
    {
        var first = All();
        while (tokens.Take("OR"))
        {
            var (left, right) = (first, All());
            first = row => left(row) || right(row);
        }

        return first;
    }

    /// <summary>A column, a literal, or a function of one.</summary>
    public SuiteQlValue Value()
    {
        if (tokens.Take("-"))
            return Constant(-Figure(tokens.Take()));
        if (tokens.Next.StartsWith('\''))
            return Constant(tokens.Take()[1..^1].Replace("''", "'", StringComparison.Ordinal));
        if (tokens.Next.Length > 0 && char.IsAsciiDigit(tokens.Next[0]))
            return Constant(Figure(tokens.Take()));
        var name = tokens.Name();
        return tokens.Take("(") ? Function(name) : Column(name);
    }

    /// <summary>Which of two values is the greater; null where one is missing.</summary>
    public static int? Compare(object? one, object? other) => (one, other) switch
    {
        (null, _) or (_, null) => null,
        (DateTime at, DateTime than) => at.CompareTo(than),
        (DateTime, _) or (_, DateTime) => throw Wrong("an instant is compared with what is none; use TO_DATE or TO_TIMESTAMP"),
        (decimal, _) or (_, decimal) when Number(one) is { } figure && Number(other) is { } than => figure.CompareTo(than),
        _ => string.CompareOrdinal(Convert.ToString(one, CultureInfo.InvariantCulture), Convert.ToString(other, CultureInfo.InvariantCulture)),
    };

    private Func<IReadOnlyDictionary<string, JsonObject?>, bool> All()
    {
        var first = Single();
        while (tokens.Take("AND"))
        {
            var (left, right) = (first, Single());
            first = row => left(row) && right(row);
        }

        return first;
    }

    private Func<IReadOnlyDictionary<string, JsonObject?>, bool> Single()
    {
        if (tokens.Take("NOT"))
        {
            var denied = Single();
            return row => !denied(row);
        }

        if (tokens.Take("("))
        {
            var inner = Condition();
            tokens.Need(")");
            return inner;
        }

        var left = Value();
        var negated = tokens.Take("NOT");
        if (tokens.Take("IN"))
            return In(left, negated);
        if (tokens.Take("LIKE"))
            return Like(left, Value(), negated);
        if (tokens.Take("BETWEEN"))
        {
            var low = Value();
            tokens.Need("AND");
            var high = Value();
            return row => (Compare(left(row), low(row)) >= 0 && Compare(left(row), high(row)) <= 0) != negated;
        }

        if (negated)
            throw Wrong($"NOT stands before '{tokens.Next}'");
        if (tokens.Take("IS"))
        {
            var filled = tokens.Take("NOT");
            tokens.Need("NULL");
            return row => left(row) is null != filled;
        }

        var sign = tokens.Take();
        var right = Value();
        return sign switch
        {
            "=" => row => Compare(left(row), right(row)) == 0,
            "<>" or "!=" => row => Compare(left(row), right(row)) is not (null or 0),
            "<" => row => Compare(left(row), right(row)) < 0,
            "<=" => row => Compare(left(row), right(row)) <= 0,
            ">" => row => Compare(left(row), right(row)) > 0,
            ">=" => row => Compare(left(row), right(row)) >= 0,
            _ => throw Wrong($"a comparison was expected at '{sign}'"),
        };
    }

    private Func<IReadOnlyDictionary<string, JsonObject?>, bool> In(SuiteQlValue left, bool negated)
    {
        tokens.Need("(");
        var values = new List<SuiteQlValue>();
        do
            values.Add(Value());
        while (tokens.Take(","));
        tokens.Need(")");
        if (values.Count > 1000)
            throw Wrong("IN has more than 1000 values");
        return row => left(row) is { } value && values.Any(one => Compare(value, one(row)) == 0) != negated;
    }

    private static Func<IReadOnlyDictionary<string, JsonObject?>, bool> Like(SuiteQlValue left, SuiteQlValue pattern, bool negated) => row =>
        left(row) is { } value && Regex.IsMatch(
            Convert.ToString(value, CultureInfo.InvariantCulture)!,
            $"^{Regex.Escape((string)pattern(row)!).Replace("%", ".*", StringComparison.Ordinal).Replace("_", ".", StringComparison.Ordinal)}$",
            RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) != negated;

    private static SuiteQlValue Constant(object value) => _ => value;

    private SuiteQlValue Function(string name)
    {
        var one = Value();
        var two = tokens.Take(",") ? Value() : null;
        tokens.Need(")");
        return (name, two) switch
        {
            ("upper", null) => row => Convert.ToString(one(row), CultureInfo.InvariantCulture)?.ToUpperInvariant(),
            ("lower", null) => row => Lower(one(row)),
            ("to_timestamp" or "to_date", not null) => row => Instant(one(row), two(row)),
            ("to_char", not null) => row => one(row) is DateTime at ? at.ToString(Format(two(row)), CultureInfo.InvariantCulture) : null,
            ("nvl", not null) => row => one(row) ?? two(row),
            _ => throw Wrong($"there is no function {name} of such values"),
        };
    }

    private SuiteQlValue Column(string name)
    {
        if (tokens.Take("."))
        {
            var column = tokens.Name();
            return tables.TryGetValue(name, out var table) && table.Columns.TryGetValue(column, out var read)
                ? row => row[name] is { } of ? read(of) : null : throw Wrong($"there is no column {name}.{column}");
        }

        var (alias, found) = tables.FirstOrDefault(table => table.Value.Columns.ContainsKey(name));
        return alias is null ? throw Wrong($"there is no column {name}")
            : tables.Count(table => table.Value.Columns.ContainsKey(name)) > 1 ? throw Wrong($"the column {name} is in several tables")
            : row => row[alias] is { } of ? found.Columns[name](of) : null;
    }

#pragma warning disable CA1308 // What people compare with is written in small letters.
    private static string? Lower(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture)?.ToLowerInvariant();
#pragma warning restore CA1308

    private static DateTime Instant(object? text, object? format) => DateTime.TryParseExact(
        Convert.ToString(text, CultureInfo.InvariantCulture), Format(format), CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : throw Wrong($"'{text}' is no instant of the form {format}");

    private static string Format(object? format) => format is string text && Formats.TryGetValue(text, out var known) ? known : throw Wrong($"the form {format} is not known");

    private static decimal Figure(string text) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var figure) ? figure : throw Wrong($"a figure was expected at '{text}'");

    private static decimal? Number(object? value) => value is decimal figure ? figure
        : value is string text && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read) ? read : null;
}
