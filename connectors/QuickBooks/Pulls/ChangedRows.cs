using System.Globalization;
using System.Runtime.CompilerServices;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>A page of rows, those that were deleted, and where the next one begins.</summary>
internal sealed record ChangedPage<T>(IReadOnlyList<T> Rows, IReadOnlyList<string> Deleted, string Cursor, long? Total = null);

/// <summary>
/// Reads a kind of rows: what changed lately by the list of changes, which names deletions too and goes back 30 days; else by a query in the order of
/// last change, whose next page begins at the time of the last row, so that rows that change meanwhile are read at the end and none slips through.
/// </summary>
internal sealed class ChangedRows(QuickBooksClient quickBooks, TimeProvider time)
{
    private const string Any = " and Active in (true,false)";
    private const string Changed = "MetaData.LastUpdatedTime";

    // QuickBooks' list of changes goes back 30 days; a day less leaves room for clocks.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(29);

    // What shows late, and clocks that differ.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    /// <summary>Pages from a cursor on; null = all, from the beginning.</summary>
    /// <param name="entity">Kind of rows.</param>
    /// <param name="hasActive">Whether inactive ones must be asked for.</param>
    /// <param name="counts">Whether the number of all is told, so that a deletion is believed after one reading.</param>
    /// <param name="from">Cursor of an earlier page.</param>
    /// <param name="rowsOf">The rows of an answer.</param>
    /// <param name="what">In sentences.</param>
    /// <param name="steps">Whose.</param>
    /// <param name="stop">Gives up.</param>
    public async IAsyncEnumerable<ChangedPage<T>> ReadAsync<T>(
        string entity, bool hasActive, bool counts, string? from, Func<Rows, IReadOnlyList<T>?> rowsOf, string what, Steps steps, [EnumeratorCancellation] CancellationToken stop)
        where T : IChanging
    {
        var begun = time.GetUtcNow() - Overlap;
        var cursor = Cursor.Parse(from);
        if (cursor is { Sweep: false } && cursor.Since >= time.GetUtcNow() - LookBack && await ChangesAsync(entity, cursor.Since, rowsOf, what, steps, stop) is { } page)
        {
            yield return page;
            yield break;
        }

        // A reading that is cut off goes on where it was, towards the time at which it had begun.
        var at = cursor is { Sweep: true } ? cursor : new Cursor(true, begun, cursor?.Since ?? DateTimeOffset.UnixEpoch, 1);
        var total = counts && cursor is null ? (await quickBooks.QueryAsync(steps, $"select count(*) from {entity}{(hasActive ? " where Active in (true,false)" : "")}", what, stop)).TotalCount : null;
        for (var more = true; more;)
        {
            var rows = rowsOf(await quickBooks.QueryAsync(
                steps, $"select * from {entity} where {Changed} >= '{Text(at.Since)}'{(hasActive ? Any : "")} orderby {Changed} startposition {at.Position} maxresults {QuickBooksClient.MostRows}", what, stop)) ?? [];
            more = rows.Count == QuickBooksClient.MostRows;
            var last = rows.Select(row => row.MetaData?.LastUpdatedTime).Max();
            // Rows of one instant are gone through by number.
            at = last > at.Since ? at with { Since = last.Value, Position = 1 } : at with { Position = at.Position + rows.Count };
            yield return new(rows, [], more ? at.ToString() : new Cursor(false, at.Begun, at.Begun, 1).ToString(), total);
        }
    }

    // Null where there may be more than one answer holds: it has no pages.
    private async Task<ChangedPage<T>?> ChangesAsync<T>(string entity, DateTimeOffset since, Func<Rows, IReadOnlyList<T>?> rowsOf, string what, Steps steps, CancellationToken stop)
        where T : IChanging
    {
        var answer = await quickBooks.GetAsync(steps, $"cdc?entities={entity}&changedSince={Uri.EscapeDataString(Text(since))}", what, stop);
        var rows = (answer.Changes ?? []).SelectMany(one => one.QueryResponse ?? []).SelectMany(one => rowsOf(one) ?? []).ToList();
        if (rows.Count >= QuickBooksClient.MostRows)
            return null;
        var reached = (answer.Time ?? time.GetUtcNow()) - Overlap;
        return new(
            [.. rows.Where(row => !IsDeleted(row))], [.. rows.Where(row => IsDeleted(row)).Select(row => row.Id)],
            new Cursor(false, reached, reached > since ? reached : since, 1).ToString());
    }

    private static bool IsDeleted(IChanging row) => row.Status == "Deleted";

    private static string Text(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'-00:00'", CultureInfo.InvariantCulture);

    private sealed record Cursor(bool Sweep, DateTimeOffset Begun, DateTimeOffset Since, int Position)
    {
        public static Cursor? Parse(string? text) => text?.Split('|') is [var kind, var begun, var since, var position]
            ? new(kind == "sweep", At(begun), At(since), int.Parse(position, CultureInfo.InvariantCulture))
            : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Sweep ? "sweep" : "since")}|{Begun:O}|{Since:O}|{Position}");

        private static DateTimeOffset At(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
    }
}
