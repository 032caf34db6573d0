using System.Text.Json.Nodes;
using OrderSync.Contracts;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;

namespace OrderSync.Framework.Pull;

/// <summary>Where a collection of a connection stands.</summary>
/// <param name="Collection">Its name.</param>
/// <param name="Source">Whether the gateway takes it from this connection.</param>
/// <param name="Rows">Rows as last seen.</param>
/// <param name="Waiting">Of these and of the deleted ones, those the gateway does not hold yet.</param>
/// <param name="Running">Whether it is being looked at.</param>
/// <param name="StartedAt">When the last look began.</param>
/// <param name="EndedAt">When the last one ended that read all it was to read.</param>
/// <param name="ReadWholeAt">When all of it was last read.</param>
/// <param name="Read">Rows read by the last look.</param>
/// <param name="Changed">Of these, new or different, and what was deleted.</param>
/// <param name="LeftOut">Of these, too big or without a key.</param>
/// <param name="NextAt">When the next look is due.</param>
/// <param name="Missing">Rows that are gone and wait for a person's word.</param>
/// <param name="Code">Why it stands still, or what needs a person.</param>
/// <param name="Reason">In words.</param>
/// <param name="Fix">What to do.</param>
internal sealed record CollectionStanding(
    string Collection, bool Source, long Rows, long Waiting, bool Running, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? ReadWholeAt,
    long Read, long Changed, long LeftOut, DateTimeOffset NextAt, long Missing, string? Code, string? Reason, string? Fix);

/// <summary>A collection that waits for a person.</summary>
/// <param name="ConnectionId">Of which connection.</param>
/// <param name="Collection">Its name.</param>
/// <param name="Missing">Rows that are gone and wait for a person's word; 0 = the destination will not be read.</param>
/// <param name="At">When all of it was last read and they were not there.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">In words.</param>
/// <param name="Fix">What to do.</param>
internal sealed record CollectionTrouble(Guid ConnectionId, string Collection, long Missing, DateTimeOffset? At, string Code, string Reason, string? Fix);

/// <summary>What people see of, and do with, what is brought back.</summary>
internal sealed class PullOffice(LedgerDatabase database, ConnectorInfo info, Signals signals)
{
    private const string Standing = """
        select p.collection, p.source, r.live, r.waiting, p.running, p.started_at, p.ended_at, p.swept_at, p.read, p.changed, p.left_out, p.due, p.missing, p.code, p.reason, p.fix
        from pull p
        cross join lateral (
            select count(*) filter (where not deleted) as live, count(*) filter (where due is not null) as waiting
            from pulled where connection_id = p.connection_id and collection = p.collection) r
        where p.connection_id = $1 and p.enabled order by p.collection
        """;

    // What goes on by itself needs nobody, and so does what the gateway does not take from here.
    private const string Troubles = """
        select connection_id, collection, missing, case when missing > 0 then swept_at end, code, reason, fix from pull
        where enabled and source and (missing > 0 or code is not null and code not in ('later', 'pull.countDiffers'))
        order by connection_id, collection
        """;

    private const string Now = "update pull set due = least(due, $3) where connection_id = $1 and collection = $2 and enabled returning 1";

    // The run under way goes on; the next one reads everything.
    private const string Reimport = """
        update pull set due = least(due, $3), sweep_due = $3, cursor = null where connection_id = $1 and collection = $2 and enabled returning 1
        """;

    private const string Confirm = """
        with asked as (select source, import from pull where connection_id = $1 and collection = $2 and missing = $4 and missing > 0 for no key update),
        gone as (
            update pulled set deleted = true, body = null, hash = null, version = version + 1, import = asked.import, changed_at = $3,
                due = case when asked.source then $3 end, tries = 0, missed = null
            from asked where connection_id = $1 and collection = $2 and not deleted and missed is not null returning 1)
        update pull set missing = 0, due = least(due, $3) where connection_id = $1 and collection = $2 and exists (select from asked)
        returning (select count(*) from gone)
        """;

    private const string History = """
        insert into change (company_id, connection_id, number, at, person, action, before, after)
        select $1, $2, coalesce(max(number), 0) + 1, $3, $4::text, $5, '{}', $6::jsonb from change where connection_id = $2
        having exists (select from pull where connection_id = $2 and collection = $7 and enabled and ($8::bigint is null or missing = $8 and missing > 0))
        """;

    /// <summary>All collections of a connection.</summary>
    public async Task<IReadOnlyList<CollectionStanding>> ListAsync(Guid company, Guid connection, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Standing, connection);
        await using var reader = await batch.ReadAsync(stop);
        var list = new List<CollectionStanding>();
        while (await reader.ReadAsync(stop))
        {
            var missing = reader.GetInt64(12);
            var (code, reason, fix) = missing > 0 ? Deletions.Held(missing, info.Title, reader.GetString(0)) : (Text(13), Text(14), Text(15));
            list.Add(new(
                reader.GetString(0), reader.GetBoolean(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetBoolean(4), Time(5), Time(6), Time(7),
                reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(10), reader.GetFieldValue<DateTimeOffset>(11), missing, code, reason, fix));
        }

        return list;

        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>What of a company's collections waits for a person.</summary>
    public async Task<IReadOnlyList<CollectionTrouble>> TroublesAsync(Guid company, CancellationToken stop)
    {
        await using var batch = database.For(company).Add(Troubles);
        await using var reader = await batch.ReadAsync(stop);
        var list = new List<CollectionTrouble>();
        while (await reader.ReadAsync(stop))
        {
            var (connection, collection, missing) = (reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2));
            var (code, reason, fix) = missing > 0 ? Deletions.Held(missing, info.Title, collection) : (reader.GetString(4), Text(5) ?? "", Text(6));
            list.Add(new(connection, collection, missing, reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3), code, reason, fix));
        }

        return list;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>The next look begins now; false = the connection does not bring it back.</summary>
    public async Task<bool> PullNowAsync(CollectionKey of, string? person, CancellationToken stop) =>
        await ChangeAsync(of, "pull.now", person, Now, null, stop) is not null;

    /// <summary>All of it is read again, now; what has not changed stays as it is.</summary>
    public async Task<bool> ReimportAsync(CollectionKey of, string? person, CancellationToken stop) =>
        await ChangeAsync(of, "pull.reimport", person, Reimport, null, stop) is not null;

    /// <summary>The rows that wait for a person's word are deleted.</summary>
    /// <param name="of">The collection.</param>
    /// <param name="rows">How many the person was shown: another number means that something has changed since.</param>
    /// <param name="person">Who says so.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>How many; null = not so many wait.</returns>
    public async Task<long?> ConfirmAsync(CollectionKey of, long rows, string? person, CancellationToken stop) =>
        (long?)await ChangeAsync(of, "pull.deletions", person, Confirm, rows, stop);

    private async Task<object?> ChangeAsync(CollectionKey of, string action, string? person, string sql, long? rows, CancellationToken stop)
    {
        var what = new JsonObject { ["collection"] = of.Collection, ["rows"] = rows }.ToJsonString(ContractJson.Options);
        await using var batch = database.Numbering(of.CompanyId, of.ConnectionId);
        batch.Add(History, of.CompanyId, of.ConnectionId, database.Now, person, action, what, of.Collection, rows);
        object?[] values = [of.ConnectionId, of.Collection, database.Now];
        batch.Add(sql, rows is null ? values : [.. values, rows]);
        var done = await batch.ScalarAsync(stop);
        signals.RaisePulls();
        return done;
    }
}
