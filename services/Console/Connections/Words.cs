using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderSync.Console.Connections;

/// <summary>Names of the API as people read them.</summary>
internal static class Words
{
    private static readonly HashSet<string> Capitals = new(StringComparer.OrdinalIgnoreCase) { "id", "url", "api", "sku", "tls", "erp" };

    /// <summary>"organizationId" as "Organization ID".</summary>
    public static string Label(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }

        var parts = words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Capitals.Contains(word) ? word.ToUpperInvariant() : word);
        var label = string.Join(' ', parts);
        return label.Length == 0 ? name : char.ToUpperInvariant(label[0]) + label[1..];
    }

    /// <summary>"priceLists" as "price lists".</summary>
    public static string Lower(string name) => Label(name) is var label ? char.ToLowerInvariant(label[0]) + label[1..] : "";

    /// <summary>Kinds of records, as a list in a sentence.</summary>
    public static string Kinds(IEnumerable<string> kinds) => string.Join(", ", kinds.Select(kind => kind switch { "activity" => "activities", _ => $"{Lower(kind)}s" }));

    /// <summary>Collections, as a list in a sentence.</summary>
    public static string Collections(IEnumerable<string> collections) => string.Join(", ", collections.Select(Lower));

    /// <summary>A value of a setting, as people read it.</summary>
    public static string Value(JsonNode? value) => value switch
    {
        null => "not set",
        JsonArray list => list.Count == 0 ? "nothing" : string.Join(", ", list.Select(Value)),
        JsonObject entries => entries.Count == 0 ? "nothing" : string.Join("; ", entries.Select(entry => $"{entry.Key}: {Value(entry.Value)}")),
        JsonValue one when one.TryGetValue<bool>(out var yes) => yes ? "yes" : "no",
        JsonValue one when one.TryGetValue<string>(out var text) => text.Length == 0 ? "empty" : text,
        _ => value.ToJsonString(),
    };

    /// <summary>A number with its thousands.</summary>
    public static string Number(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>A number with a word that has a plural.</summary>
    public static string Count(long number, string word) => $"{Number(number)} {word}{(number == 1 ? "" : "s")}";

    /// <summary>"Olga (0b1c…)" as "Olga": the id behind a name tells keys of one name apart and is nothing to read.</summary>
    public static string Person(string? person) => person is null ? "somebody" : person.LastIndexOf(" (", StringComparison.Ordinal) is var end and > 0 && person.EndsWith(')') && Guid.TryParse(person[(end + 2)..^1], out _) ? person[..end] : person;
}
