using System.Globalization;
using System.Runtime.CompilerServices;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>A page of a list, and where the next one begins.</summary>
internal sealed record ChangedPage<T>(IReadOnlyList<T> Rows, string Cursor);

/// <summary>
/// Reads a list in the order of last change. The next page begins at the time of the last row, not at a page number: rows that change
/// meanwhile move to the end and are read there, and none slips through between two pages.
/// </summary>
internal sealed class ChangedPages(ZohoClient zoho, TimeProvider time)
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:sszzz";
    private const int PageSize = 200;

    // What Zoho's search shows late, and what changed within the second that was just read.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    // Where nothing changes for long, the same last rows need not be read each time; their clock and ours may differ by less than this.
    private static readonly TimeSpan Trusted = TimeSpan.FromHours(1);

    /// <summary>Whether a row may change again without another time of change: Zoho's are of whole seconds, and their clock is not ours.</summary>
    public bool MayChangeUnseen(string? changed) => Parse(changed) > time.GetUtcNow() - Trusted;

    /// <summary>Pages of all rows, by their numbers, for lists that do not say what changed.</summary>
    public async IAsyncEnumerable<ChangedPage<T>> ReadAllAsync<T>(
        string? from, string path, string what, Func<Answer, IReadOnlyList<T>?> rowsOf, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var page = NumberIn(from) ?? 1;
        for (var more = true; more; page++)
        {
            var answer = await zoho.GetAsync(steps, $"{path}?per_page={PageSize}&page={page}", what, stop);
            more = answer.PageContext?.HasMorePage == true;
            yield return new(rowsOf(answer) ?? [], $"{page + 1}");
        }
    }

    /// <summary>Pages of a collection from a cursor on; null = from the beginning. What the settings name as to be read whole is.</summary>
    public IAsyncEnumerable<ChangedPage<T>> ReadAsync<T>(
        string collection, string? from, string path, string what, Func<Answer, IReadOnlyList<T>?> rowsOf, Func<T, string?> changedOf, Steps steps, CancellationToken stop) =>
        steps.Connection.Settings<ZohoSettings>().ReadWhole.Contains(collection)
            ? ReadAllAsync(from, path, what, rowsOf, steps, stop)
            : ReadChangedAsync(collection, from, path, what, rowsOf, changedOf, steps, stop);

    private async IAsyncEnumerable<ChangedPage<T>> ReadChangedAsync<T>(
        string collection, string? from, string path, string what, Func<Answer, IReadOnlyList<T>?> rowsOf, Func<T, string?> changedOf, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var begun = time.GetUtcNow() - Trusted;
        // The number of a page is from a time when the settings had the list read whole.
        var reached = NumberIn(from) is null ? Parse(from) : null;
        var since = reached - Overlap;
        for (var (page, more) = (1, true); more;)
        {
            var filter = since is null ? "" : $"&last_modified_time={Uri.EscapeDataString(Text(since.Value))}";
            var answer = await zoho.GetAsync(
                steps, $"{path}?sort_column=last_modified_time&sort_order=A&per_page={PageSize}&page={page}{filter}", what, stop);
            var rows = rowsOf(answer) ?? [];
            more = answer.PageContext?.HasMorePage == true && rows.Count > 0;
            var last = rows.Select(row => Parse(changedOf(row))).Max();
            // A filter that Zoho does not understand is ignored without a word.
            if (since is not null && rows.Any(row => Parse(changedOf(row)) < since))
                throw CannotBeAsked(collection, $"Zoho was asked for {what} that changed since {Text(since.Value)} and answered with older ones.");
            if (last is null && more)
                throw CannotBeAsked(collection, $"Zoho does not say of its {what} when they changed.");

            reached = Later(reached, last);
            if (!more)
                reached = Later(reached, begun);
            yield return new(rows, Text(reached!.Value));
            (since, page) = last > since || since is null && last is not null && Spans(rows, changedOf) ? (last, 1) : (since, page + 1);
        }
    }

    // A first page whose rows all changed in one second is gone through by number.
    private static bool Spans<T>(IReadOnlyList<T> rows, Func<T, string?> changedOf) => rows.Select(row => Parse(changedOf(row))).Distinct().Count() > 1;

    private static OutcomeException CannotBeAsked(string collection, string reason) => new(new Outcome.Refused(
        "erp.searchIgnored", reason, $"Add {collection} to ReadWhole in Connections > Zoho: each look then reads all of them."));

    private static int? NumberIn(string? cursor) => int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : null;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Parse(string? text) => text switch
    {
        { Length: 24 } => DateTimeOffset.ParseExact(text.Insert(22, ":"), Form, CultureInfo.InvariantCulture),
        { Length: > 0 } => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture),
        _ => null,
    };
}
