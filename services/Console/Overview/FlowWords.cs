using System.Globalization;

namespace OrderSync.Console.Overview;

/// <summary>The figures of the overview as people say them.</summary>
internal static class FlowWords
{
    public static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>"1 order", "1,204 orders".</summary>
    public static string Count(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>The first words of the page.</summary>
    public static string Needs(Flow flow) => flow.NeedsPerson switch
    {
        0 when flow.Connections.Any(one => one.Health.State is "reconnect") => "A connection needs you.",
        0 => "Nothing needs you.",
        1 => "1 record needs you.",
        var count => $"{Count(count)} records need you.",
    };

    /// <summary>What came today, and when the last of it.</summary>
    public static string Today(Flow flow, DateTimeOffset now)
    {
        if (flow.Records.Count == 0)
            return "Nothing has come from a device yet.";
        var orders = flow.Records.FirstOrDefault(kind => kind.Kind == "order") ?? flow.Records.MaxBy(kind => kind.LastAt)!;
        var last = Design.Ago.Words(now - orders.LastAt, orders.LastAt);
        return orders.Today == 0 ? $"No {orders.Kind}s today; the last one came {last}." : $"{Count(orders.Today, orders.Kind)} today, the last one {last}.";
    }

    /// <summary>A time that has passed, in a few letters.</summary>
    public static string Short(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, (int)age.TotalSeconds)} s",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 2 } => $"{(int)age.TotalHours} h",
        _ => $"{(int)age.TotalDays} d",
    };

    /// <summary>Word, colour and shape of a connection's health.</summary>
    public static string Health(string state) => state switch
    {
        "running" => "Running",
        "resting" => "Resting",
        "paused" => "Paused",
        "reconnect" => "Reconnect",
        "away" => "Away",
        _ => "Not known",
    };

    public static string Kind(string kind) => kind == "activity" ? "Activities" : kind.Length == 0 ? "" : $"{char.ToUpperInvariant(kind[0])}{kind[1..]}s";
}
