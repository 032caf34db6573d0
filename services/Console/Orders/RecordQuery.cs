using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;

namespace OrderSync.Console.Orders;

/// <summary>What a list of records shows, as its address says it: whoever sends the address shows the same list.</summary>
public sealed record RecordQuery(string Kind, IReadOnlyDictionary<string, string> Values)
{
    // The gateway's own names, so that an address can be read.
    private static readonly string[] Names = ["search", "state", "destination", "destinationState", "rep", "branch", "device", "customerId", "sku", "from", "to"];

    /// <summary>Reads it from the request.</summary>
    public static RecordQuery Of(string kind, IQueryCollection query) => new(
        kind, Names.Append("next").Select(name => KeyValuePair.Create(name, query[name].ToString().Trim())).Where(pair => pair.Value.Length > 0).ToDictionary());

    /// <summary>A value; empty where the address does not say it.</summary>
    public string this[string name] => Values.GetValueOrDefault(name, "");

    /// <summary>Whether anything narrows the list.</summary>
    public bool Filtered => Names.Any(Values.ContainsKey);

    /// <summary>Whether it stands at its beginning, where new records come.</summary>
    public bool IsNewest => !Values.ContainsKey("next");

    /// <summary>What narrows the list beside search and state, to be taken off one by one.</summary>
    public IEnumerable<(string Name, string Text)> Chips => Names.Where(name => name is not ("search" or "state") && Values.ContainsKey(name)).Select(name => (name, Word(name, Values[name])));

    /// <summary>The office API's address of the page.</summary>
    public string Path => $"/v1/office/records{With(Kind.Length == 0 ? Values : [.. Values, KeyValuePair.Create("kind", Kind)])}";

    /// <summary>This list's address with one thing changed, from its beginning; empty takes it off.</summary>
    public string Address(string name, string value) => $"{Place}{With(Values.Where(pair => pair.Key != name && pair.Key != "next").Append(KeyValuePair.Create(name, value)).Where(pair => pair.Value.Length > 0))}";

    /// <summary>This list's address as it stands.</summary>
    public string Here => $"{Place}{With(Values)}";

    /// <summary>Where the lists of a kind are.</summary>
    public string Place => RecordWords.Of(Kind).Place;

    private static string With(IEnumerable<KeyValuePair<string, string>> values) => new QueryBuilder(values).ToQueryString().ToString();

    private static string Word(string name, string value) => name switch
    {
        "destination" => $"at {value}",
        "destinationState" => Design.StateBadge.Word(value),
        "rep" => $"rep {value}",
        "branch" => $"branch {value}",
        "device" => $"device {value[..Math.Min(8, value.Length)]}",
        "customerId" => "one customer",
        "sku" => $"with {value}",
        "from" => $"from {Day(value)}",
        "to" => $"to {Day(value)}",
        _ => value,
    };

    private static string Day(string value) =>
        DateOnly.TryParse(value, CultureInfo.InvariantCulture, out var day) ? day.ToString("d MMM yyyy", CultureInfo.InvariantCulture) : value;
}
