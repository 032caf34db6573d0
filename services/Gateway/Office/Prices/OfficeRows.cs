using OrderSync.Money;

namespace OrderSync.Gateway.Office.Prices;

/// <summary>Rows of the office that stand in one table with those of connections: as their connection they have the nil UUID.</summary>
internal static class OfficeRows
{
    public const string Nobody = "00000000-0000-0000-0000-000000000000";

    private const int Id = 36;

    /// <summary>A place to begin after: connection and key.</summary>
    public static object? After(string? place) =>
        place is null ? $"{Nobody}/" : place.Length > Id && place[Id] == '/' && Guid.TryParseExact(place.AsSpan(0, Id), "D", out _) ? place : null;

    /// <summary>A key of several names, such that no two lists of names have the same.</summary>
    public static string Key(params IEnumerable<string> names) => string.Join('/', names.Select(name => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));

    public static (string, string)? Currency(string? code) => code is null || Currencies.Decimals(code) is not null ? null : ("currency", "is not a currency such as EUR");
}
