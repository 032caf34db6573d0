namespace OrderSync.Gateway.Office.Catalogue;

/// <summary>Which devices a row is for: keys such as rep:…, territory:…, branch:… and class:…; without any it is for all, else for those that have one of them.</summary>
internal static class Scope
{
    public const string Rep = "rep";
    public const string Branch = "branch";

    private const int Most = 50;
    private const int MostText = 100;

    /// <summary>What devices can be.</summary>
    public static readonly string[] Classes = ["phone", "tablet", "register"];

    /// <summary>What is wrong with keys, without a look at what there is.</summary>
    public static (string, string)? WhyNot(IReadOnlyList<string>? keys, string column = "scope") =>
        keys is null ? null : keys.Count > Most ? (column, $"has more than {Most} keys") : keys.Select(WhyNot).FirstOrDefault(why => why is not null) is { } wrong ? (column, wrong) : null;

    /// <summary>What keys name that must be known.</summary>
    public static IEnumerable<(string Column, string Kind, string Name)> Named(IReadOnlyList<string>? keys, string column = "scope") =>
        from key in keys ?? [] let at = key.IndexOf(':', StringComparison.Ordinal) where key[..at] is Rep or Branch select (column, key[..at], key[(at + 1)..]);

    /// <summary>As they are stored: each once, in one order.</summary>
    public static string[] Stored(IReadOnlyList<string>? keys) =>
        [.. (keys ?? []).Select(key => key.StartsWith("rep:", StringComparison.Ordinal) ? key.ToLowerInvariant() : key).Distinct().Order(StringComparer.Ordinal)];

    private static string? WhyNot(string? key)
    {
        var (kind, name) = key?.Split(':', 2) is [var before, var after] ? (before, after) : ("", "");
        return kind switch
        {
            _ when key is { Length: > MostText + 10 } || Sync.Texts.WhyNot(("scope", key, MostText + 10)) is not null => "has a key that is too long or cannot be stored",
            Rep when Guid.TryParseExact(name, "D", out _) => null,
            Rep => $"has \"{key}\"; after rep: stands the rep's id",
            "class" when Classes.Contains(name) => null,
            "class" => $"has \"{key}\"; a class is one of {string.Join(", ", Classes)}",
            Branch or "territory" when !string.IsNullOrWhiteSpace(name) => null,
            _ => $"has \"{key}\"; write rep:…, territory:…, branch:… or class:…",
        };
    }
}
