using System.Globalization;
using System.Runtime.CompilerServices;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>A page of rows, and where the next one begins.</summary>
internal sealed record ChangedPage(IReadOnlyList<IReadOnlyDictionary<string, string?>> Rows, string Cursor, long? Total);

/// <summary>
/// Reads the rows of a table by SuiteQL: all of them, or those that changed lately. Pages go by id, not by number: SuiteQL ends at 100,000 rows, and a row that changes meanwhile
/// moves none between two pages.
/// </summary>
internal sealed class ChangedRows(NetSuiteClient netSuite, TimeProvider time)
{
    // NetSuite compares with its own local time, which its documents leave open: a day and what zones and clocks can differ by.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(26);

    /// <summary>
    /// Whether a row may change again without another time of change, which are of whole seconds: it is the newest of its page, or within a minute of it, and by no time zone a day old.
    /// </summary>
    public bool MayChangeUnseen(string stamp, string? newest) => At(stamp) is { } at && at > time.GetUtcNow() - Overlap && at > At(newest) - TimeSpan.FromMinutes(1);

    private static DateTimeOffset? At(string? stamp) =>
        DateTimeOffset.TryParseExact(stamp, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>Pages from a cursor on; null = all, from the beginning.</summary>
    /// <param name="columns">Besides the id and the time of the last change.</param>
    /// <param name="table">Name of the table, and what must hold of its rows besides.</param>
    /// <param name="from">Cursor of an earlier page.</param>
    /// <param name="what">In sentences.</param>
    /// <param name="steps">Whose.</param>
    /// <param name="stop">Gives up.</param>
    public async IAsyncEnumerable<ChangedPage> ReadAsync(
        Name columns, (Name Table, string? Type) table, string? from, string what, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        // A reading that is cut off goes on where it was, towards the time at which it had begun.
        var at = Cursor.Parse(from) is { } left ? left.LastId > 0 ? left : left with { Begun = time.GetUtcNow() } : new Cursor(null, time.GetUtcNow(), 0);
        for (var more = true; more;)
        {
            var answer = await PageAsync(columns, table, at, what, steps, stop);
            var rows = answer.Items!;
            more = rows.Count >= NetSuiteClient.MostRows;
            var total = at is { Since: null, LastId: 0 } ? answer.TotalResults : null;
            if (rows.Count > 0)
                at = at with { LastId = long.Parse(rows[^1]["id"]!, CultureInfo.InvariantCulture) };
            yield return new(rows, (more ? at : new Cursor(at.Begun, at.Begun, 0)).ToString(), total);
        }
    }

    private Task<QueryAnswer> PageAsync(Name columns, (Name Table, string? Type) table, Cursor at, string what, Steps steps, CancellationToken stop) => (table.Type, at.Since - Overlap) switch
    {
        (null, null) => netSuite.QueryAsync(steps, $"SELECT id, {columns}, {SuiteQl.Changed} FROM {table.Table} WHERE id > {at.LastId} ORDER BY id", what, stop),
        (null, { } since) => netSuite.QueryAsync(steps, $"SELECT id, {columns}, {SuiteQl.Changed} FROM {table.Table} WHERE lastmodifieddate >= {since} AND id > {at.LastId} ORDER BY id", what, stop),
        ({ } type, null) => netSuite.QueryAsync(steps, $"SELECT id, {columns}, {SuiteQl.Changed} FROM {table.Table} WHERE type = {type} AND id > {at.LastId} ORDER BY id", what, stop),
        ({ } type, { } since) => netSuite.QueryAsync(
            steps, $"SELECT id, {columns}, {SuiteQl.Changed} FROM {table.Table} WHERE type = {type} AND lastmodifieddate >= {since} AND id > {at.LastId} ORDER BY id", what, stop),
    };

    // Since: null = all. Begun: where the next look begins. LastId: how far this one is.
    private sealed record Cursor(DateTimeOffset? Since, DateTimeOffset Begun, long LastId)
    {
        private const string All = "all";

        public static Cursor? Parse(string? text) => text?.Split('|') is [var since, var begun, var last]
            ? new(since == All ? null : At(since), At(begun), long.Parse(last, CultureInfo.InvariantCulture))
            : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Since is { } since ? since.ToString("O", CultureInfo.InvariantCulture) : All)}|{Begun:O}|{LastId}");

        private static DateTimeOffset At(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
    }
}
