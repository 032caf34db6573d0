using System.Globalization;
using OrderSync.Money;

namespace OrderSync.Simulator.Trace;

/// <summary>The way of one record as people read it in a terminal, no line wider than asked.</summary>
internal static class TraceText
{
    private const int TimeColumn = 14;
    private const int WhereColumn = 12;
    private const string Gateway = "gateway";

    public static IEnumerable<string> Of(TracedRecord record, TimeZoneInfo zone, int width)
    {
        foreach (var line in Head(record).SelectMany(line => Wrap(line, width, 0)))
            yield return line;
        DateTime? day = null;
        DateTimeOffset? before = null;
        foreach (var entry in record.Timeline ?? [])
        {
            var at = TimeZoneInfo.ConvertTime(entry.At, zone);
            if (day != at.Date)
            {
                day = at.Date;
                yield return "";
                yield return at.ToString("dddd, yyyy-MM-dd zzz", CultureInfo.InvariantCulture);
            }

            var where = entry.What == "record.captured" ? "device" : entry.Connection ?? Gateway;
            var text = entry.Message + (entry.Attempts > 0 ? Invariant($" Attempt {entry.Attempts}.") : "") + After(entry, before);
            var first = true;
            foreach (var line in Wrap(text, width - TimeColumn - WhereColumn, 0).Concat(Reason(entry).SelectMany(line => Wrap(line, width - TimeColumn - WhereColumn, 2))))
            {
                yield return first ? $"  {at.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)}{Cell(where)}{line}" : new string(' ', TimeColumn + WhereColumn) + line;
                first = false;
            }

            before = entry.At;
        }

        foreach (var line in Destinations(record).SelectMany(line => Wrap(line, width, 4)))
            yield return line;
    }

    private static IEnumerable<string> Head(TracedRecord record)
    {
        var sum = record.Total is { } total ? $" · {Sum(total, record.Currency)} {record.Currency}" : "";
        var names = string.Join(" · ", new[] { record.Number, record.Reference }.Where(name => name is { Length: > 0 }));
        yield return $"{record.Kind} {(names.Length > 0 ? names : record.Id)}{sum} · {record.State}{(record.Rev > 1 ? Invariant($" · revision {record.Rev}") : "")}";
        yield return $"id     {record.Id}";
        yield return $"device {record.DeviceId} of {record.Rep}";
        if (record.TraceId is not null)
            yield return $"trace  {record.TraceId}";
        if (record.Message is not null)
            yield return record.Message;
        foreach (var awaited in record.Awaits ?? [])
            yield return $"waits for {awaited.Kind ?? "record"} {awaited.Name ?? awaited.Id.ToString()}{(awaited.State is null ? "" : $" ({awaited.State})")}";
    }

    private static IEnumerable<string> Destinations(TracedRecord record)
    {
        if (record.Deliveries is not { Count: > 0 } deliveries)
            yield break;
        yield return "";
        foreach (var one in deliveries)
        {
            var document = one.ExternalNumber ?? one.ExternalId;
            yield return $"{one.Connection}: {one.State}{(document is null ? "" : $" as {document}")}{(one.ExternalTotal is { } total ? $", {Sum(total, record.Currency)} {record.Currency}" : "")}"
                + (one.Attempts == 0 ? "" : Invariant($", {one.Attempts} {(one.Attempts == 1 ? "attempt" : "attempts")}"));
            if (one.Reason is not null && one.State != "done")
                yield return $"  {one.Code}: {one.Reason}{(one.Fix is null ? "" : " " + one.Fix)}";
        }
    }

    private static IEnumerable<string> Reason(TracedEntry entry) => entry.Reason is null && entry.Code is null ? [] : [string.Join(": ", new[] { entry.Code, entry.Reason }.Where(part => part is not null))];

    // How long the step took, where a person would notice it.
    private static string After(TracedEntry entry, DateTimeOffset? before) => before is { } then && entry.At - then is var took && took >= TimeSpan.FromSeconds(1)
        ? " +" + took switch
        {
            { TotalMinutes: < 2 } => Invariant($"{took.TotalSeconds:0.0} s"),
            { TotalHours: < 2 } => Invariant($"{took.TotalMinutes:0} min"),
            { TotalDays: < 2 } => Invariant($"{took.TotalHours:0} h"),
            _ => Invariant($"{took.TotalDays:0} days"),
        }
        : "";

    private static string Cell(string where) => "  " + (where.Length > WhereColumn - 3 ? where[..(WhereColumn - 4)] + "…" : where).PadRight(WhereColumn - 2);

    /// <summary>Breaks a text at spaces, or within a word that is wider than a line; all but the first line are indented.</summary>
    private static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        string? line = null;
        foreach (var word in text.Split(' ').SelectMany(word => word.Length == 0 ? [""] : word.Chunk(width - indent).Select(part => new string(part))))
        {
            if (line is not null && line.Trim().Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = new string(' ', indent) + word;
            }
            else
            {
                line = line is null ? word : $"{line} {word}";
            }
        }

        yield return line ?? "";
    }

    private static string Sum(decimal amount, string? currency) => amount.ToString("F" + (currency is null ? 2 : Currencies.Decimals(currency) ?? 2), CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
