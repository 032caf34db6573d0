using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace OrderSync.Console.Attention;

/// <summary>All that stands for one cause, as the gateway says it.</summary>
public sealed record Group(
    string Reason, string? Connection, string? Code, string? Cause, long Count, DateTimeOffset Since, string? Message, bool Alike, string? Fix, string Mend, IReadOnlyList<string> Actions)
{
    /// <summary>The filter that finds just these; empty texts are part of it.</summary>
    public Which Which => new(Reason, Connection ?? "", Code ?? "", Cause);

    /// <summary>Where it stands, for people.</summary>
    public string Where => Connection ?? "OrderSync";
}

/// <summary>Groups, the largest first.</summary>
public sealed record GroupList(IReadOnlyList<Group> Groups, long Total, int Left);

/// <summary>One thing that needs a person.</summary>
public sealed record Row(
    Guid RecordId, string Kind, string? Number, string? Reference, string? Customer, string? Currency, decimal? Total, string Rep, string? Connection, string Reason, string? Code, string? Message,
    string? Fix, int Attempts, DateTimeOffset Since, DateTimeOffset FirstAt);

/// <summary>Messages between parts that could not be read.</summary>
public sealed record ParkedPart(string Part, long? Count, DateTimeOffset? Since, string Code, string Message, string Look);

/// <summary>A collection that waits for a person's word.</summary>
public sealed record WaitingRows(string Connection, string Collection, string Code, long? Rows, DateTimeOffset? At, string Message, string? Fix, string Look, string? Confirm);

/// <summary>A page of what needs a person.</summary>
public sealed record RowPage(IReadOnlyList<Row> Items, long Total, string? Next, IReadOnlyList<ParkedPart> Parked, IReadOnlyList<WaitingRows> Collections);

/// <summary>What the office is told.</summary>
public sealed record AlertRow(Guid Id, string Message, int Times, DateTimeOffset LastAt);

/// <summary>Alerts nobody has seen.</summary>
public sealed record AlertPage(IReadOnlyList<AlertRow> Alerts, Guid? Next);

/// <summary>What an action on a group did.</summary>
public sealed record Done(long Count, long Left, string? Next);

/// <summary>Which of what needs a person: part of addresses and of forms. Null = any; empty = none.</summary>
public sealed record Which(string? Reason, string? Connection, string? Code, string? Cause)
{
    private static readonly string[] Names = ["reason", "connection", "code", "cause"];

    /// <summary>Whether anything is filtered at all.</summary>
    public bool IsAny => Values.All(value => value is null);

    private string?[] Values => [Reason, Connection, Code, Cause];

    /// <summary>An address with this filter.</summary>
    public string Query(string path) => QueryHelpers.AddQueryString(path, Names.Zip(Values).Where(pair => pair.Second is not null).Select(pair => KeyValuePair.Create(pair.First, (string?)pair.Second)));

    /// <summary>The filter of a query.</summary>
    public static Which Read(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        return new(One("reason"), One("connection"), One("code"), One("cause"));

        string? One(string name) => values.TryGetValue(name, out var value) ? value.ToString() : null;
    }
}

/// <summary>How Needs attention speaks.</summary>
internal static class AttentionWords
{
    public static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string Records(long count) => count == 1 ? "1 record" : $"{Count(count)} records";

    public static string Kind(string kind) => kind.Length == 0 ? "" : $"{char.ToUpperInvariant(kind[0])}{kind[1..]}";

    /// <summary>"is" or "are".</summary>
    public static string Are(long count) => count == 1 ? "is" : "are";

    public static string Title(Group group) => group.Message is { Length: > 0 } message
        ? group.Alike ? message : $"For example: {message}"
        : group.Reason switch
        {
            "reconnect" => $"{group.Where} needs to be connected again.",
            "waiting" => "They have waited for more than a day.",
            "stopped" => "They were stopped.",
            _ => "No reason was given.",
        };

    /// <summary>Where a cause is mended: the words of the link and its address; null where no page of ours mends it.</summary>
    public static (string Text, string Href)? Mend(Group group)
    {
        var connection = group.Connection is { } name ? $"/connections/{Uri.EscapeDataString(name)}" : null;
        return (group.Mend, connection) switch
        {
            ("reconnect", { } there) => ($"Connect {group.Connection} again", there),
            ("settings", { } there) => ($"Settings of {group.Connection}", $"{there}/settings"),
            ("mappings" or "taxes", { } there) => ($"Mappings of {group.Connection}", $"{there}/mappings"),
            ("products" or "destination", { } there) => ($"Open {group.Connection}", there),
            ("duplicates", null) => ("Duplicates", "/duplicates"),
            ("changes", null) => ("Customer changes", "/customer-changes"),
            ("customers", null) => ("Customers", "/customers"),
            ("customers", { } there) => ($"Open {group.Connection}", there),
            ("people", _) => ("People", "/people"),
            ("device", _) => ("Devices", "/devices"),
            _ => null,
        };
    }

    /// <summary>What was done with all of a group.</summary>
    public static string Said(Which which, string verb, long count, long left) => (which.Reason, verb) switch
    {
        ("refused", "retry") when count == 0 => "They were judged again and are still refused: the cause stands.",
        ("refused", "retry") => $"{Records(count)} {(count == 1 ? "was" : "were")} taken. What is still refused shows under Refused.",
        _ => Said(verb, count, left),
    };

    /// <summary>What a click did, for the flash.</summary>
    public static string Said(string verb, long count, long left)
    {
        if (count == 0)
            return "Nothing was to be done: they have moved on meanwhile.";
        var what = verb switch
        {
            "retry" => $"{Records(count)} {Are(count)} being tried again.",
            "accept" => $"{Records(count)} {(count == 1 ? "was" : "were")} accepted as captured.",
            "stop" => $"{Records(count)} {(count == 1 ? "was" : "were")} stopped and put aside.",
            _ => $"{Records(count)} {(count == 1 ? "goes" : "go")} on.",
        };
        return left == 0 ? $"{what} None of them is left." : $"{what} {Count(left)} {Are(left)} left.";
    }
}
