using System.Diagnostics;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.NeedsAttention;

/// <summary>Which of what needs a person, all at once.</summary>
/// <param name="Reason">held, refused, waiting, attention or reconnect; stopped to reopen.</param>
/// <param name="Connection">Name of a connection; empty = what stands at the gateway itself; left out = wherever.</param>
/// <param name="Kind">Kind of record; left out = any.</param>
/// <param name="Code">Stable code; empty = those without one; left out = any.</param>
/// <param name="Cause">As the group says it; left out = any.</param>
/// <param name="After">To go on where an answer left off: its <c>next</c>.</param>
/// <param name="Limit">At most so many in this request; 10,000 if left out.</param>
internal sealed record AttentionOrder(string? Reason, string? Connection, string? Kind, string? Code, string? Cause, string? After, int? Limit);

/// <summary>What was done.</summary>
/// <param name="Done">How many.</param>
/// <param name="Left">How many of them have not been looked at.</param>
/// <param name="Next">The text for <c>after</c> that goes on with those; null when none is left.</param>
internal sealed record AttentionDone(long Done, long Left, string? Next);

/// <summary>
/// Retry, stop, reopen and accept of all that one cause holds up. Page by page, each a short transaction of its own with its line in the audit: what was done stays
/// done whatever happens to the rest, and nobody waits for ten thousand rows.
/// </summary>
internal sealed class AttentionWork(NpgsqlDataSource database, JudgedAgain judgedAgain, RelaySignal relay, Releases releases, TimeProvider time)
{
    private const int Page = 500;
    private const int Most = 10_000;
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public Task<IResult> RetryAsync(OfficeIdentity office, AttentionOrder order, CancellationToken stop) => RunAsync(office, order, "retry", stop);

    public Task<IResult> StopAsync(OfficeIdentity office, AttentionOrder order, CancellationToken stop) => RunAsync(office, order, "stop", stop);

    public Task<IResult> ReopenAsync(OfficeIdentity office, AttentionOrder order, CancellationToken stop) => RunAsync(office, order, "reopen", stop);

    public Task<IResult> AcceptAsync(OfficeIdentity office, AttentionOrder order, CancellationToken stop) => RunAsync(office, order, "accept", stop);

    private async Task<IResult> RunAsync(OfficeIdentity office, AttentionOrder order, string verb, CancellationToken stop)
    {
        if (order.Reason is not { } reason || !AttentionSources.Knows(reason))
            return AttentionPages.UnknownReason();
        if (reason == AttentionSources.Stopped != (verb == "reopen"))
            return Problems.Conflict("attention.verb", "What was stopped can be reopened; what stands can be tried again or stopped.");
        if (verb == "accept" && !Wishes.IsDecision(reason, order.Code))
            return Problems.Conflict("attention.noDecision", "Only what is held for a decision can be accepted, one cause at a time: name its code. What is missing is added; then it goes on by itself.");
        if (!AttentionPlace.TryRead(order.After, out var start))
            return Problems.Bad("attention.after", "after is the text an earlier answer gave as next. Leave it out to begin at the start.");

        var filter = new AttentionFilter(reason, order.Connection, order.Kind, order.Code, order.Cause);
        var (done, place, more) = (0L, start ?? AttentionPlace.Start, true);
        var (limit, watch) = (Math.Clamp(order.Limit ?? Most, 1, Most), Stopwatch.StartNew());
        while (more && done < limit && watch.Elapsed < Patience)
        {
            var size = (int)Math.Min(Page, limit - done);
            var (seen, changed, last) = reason == AttentionSources.Refused && verb == "retry"
                ? await JudgePageAsync(office, filter, place, size, stop)
                : await TryPageAsync(office, filter, verb, place, size, stop);
            (done, place, more) = (done + changed, last ?? place, seen == size);
            relay.Wake();
        }

        releases.Look();
        var left = more ? await LeftAsync(office, filter, place, stop) : 0;
        return Results.Ok(new AttentionDone(done, left, left > 0 ? place.ToString() : null));
    }

    // Counted are those that are no longer refused.
    private async Task<(int Seen, int Changed, AttentionPlace? Last)> JudgePageAsync(OfficeIdentity office, AttentionFilter filter, AttentionPlace place, int size, CancellationToken stop)
    {
        List<(AttentionPlace Place, int Rev)> page;
        await using (var connection = await database.OpenConnectionAsync(stop))
            page = await ReadAsync(connection, null, office, filter, place, size, time.GetUtcNow(), stop);
        if (page.Count == 0)
            return (0, 0, null);
        var verdicts = await judgedAgain.RunAsync(office.CompanyId, [.. page.Select(one => one.Place.Record)], "en", stop);
        var changed = verdicts.Count(verdict => verdict.Outcome is not ("refused" or "retryLater"));
        if (changed > 0)
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var batch = CompanyBatch.For(connection, office.CompanyId);
            AuditLog.Add(batch, office, time.GetUtcNow(), "attention.retry", filter.Reason!, null, new { filter.Connection, filter.Kind, filter.Code, filter.Cause, Count = changed });
            await batch.ExecuteNonQueryAsync(stop);
        }

        return (page.Count, changed, page[^1].Place);
    }

    private async Task<(int Seen, int Changed, AttentionPlace? Last)> TryPageAsync(OfficeIdentity office, AttentionFilter filter, string verb, AttentionPlace place, int size, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await PageAsync(office, filter, verb, place, size, stop);
            }
            catch (PostgresException trouble) when (trouble.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure && attempt < Tries)
            {
                // Nothing of the page was done.
            }
        }
    }

    private async Task<(int Seen, int Changed, AttentionPlace? Last)> PageAsync(OfficeIdentity office, AttentionFilter filter, string verb, AttentionPlace place, int size, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var page = await ReadAsync(connection, transaction, office, filter, place, size, now, stop);
        if (page.Count == 0)
            return (0, 0, null);

        await using var batch = CompanyBatch.ForRecords(connection, office.CompanyId, transaction);
        Guid[] records = [.. page.Where(one => one.Place.Connection == Guid.Empty).Select(one => one.Place.Record)];
        var deliveries = page.Where(one => one.Place.Connection != Guid.Empty).ToList();
        AddDeliveries(batch, office.CompanyId, verb, deliveries, now);
        AddRecords(batch, office.CompanyId, verb, records);
        var (raised, moved) = (0, new List<Guid>());
        await using (var reader = await batch.ReadAsync(stop))
        {
            await reader.ReadAsync(stop);
            raised = (int)reader.GetInt64(0);
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
                moved.Add(reader.GetGuid(0));
        }

        var changed = raised + moved.Count;
        await using var last = CompanyBatch.ForRecords(connection, office.CompanyId, transaction);
        if (changed > 0)
            AuditLog.Add(last, office, now, $"attention.{verb}", filter.Reason!, null, new { filter.Connection, filter.Kind, filter.Code, filter.Cause, Count = changed });
        if (moved.Count > 0 && verb != "retry")
            RecordRows.AddLast(last, office.CompanyId, [.. moved], []);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        return (page.Count, changed, page[^1].Place);
    }

    private static async Task<List<(AttentionPlace Place, int Rev)>> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, OfficeIdentity office, AttentionFilter filter, AttentionPlace place, int size, DateTimeOffset now, CancellationToken stop)
    {
        var page = new List<(AttentionPlace, int)>();
        if (!AttentionSources.Of(filter).Any())
            return page;
        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add($"""
            select since, record_id, coalesce(connection_id, '00000000-0000-0000-0000-000000000000'), rev from ({AttentionSources.FirstOfEach(filter)}) found order by {AttentionSources.Order} limit $10
            """, [.. filter.Parameters(office.CompanyId, now), .. place.Parameters, size]);
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            page.Add((new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1), reader.GetGuid(2)), reader.GetInt32(3)));
        return page;
    }

    // Locked in the order reports lock them, and looked at once more under the lock: what moved on meanwhile is left alone.
    internal static void AddDeliveries(NpgsqlBatch batch, Guid company, string verb, IReadOnlyList<(AttentionPlace Place, int Rev)> page, DateTimeOffset now) => batch.Add($"""
        with locked as materialized (
            select d.record_id, d.connection_id, d.rev from unnest($2::uuid[], $3::uuid[], $4::int[]) as p (record_id, connection_id, rev)
            join delivery d on d.company_id = $1 and d.record_id = p.record_id and d.connection_id = p.connection_id and d.rev = p.rev
            where {(verb == "reopen" ? "d.wish = 'stop' and d.state <> 'superseded'" : "d.wish = 'push' and d.state not in ('done', 'stopped', 'superseded')")}
            order by d.record_id, d.connection_id for no key update of d),
        raised as (
            update delivery d set version = d.version + 1, wish = $5, insisted = d.insisted or $5 = 'push' and d.code is not distinct from '{DeliverRecord.MayExistCode}' from locked p
            where d.company_id = $1 and d.record_id = p.record_id and d.connection_id = p.connection_id and d.rev = p.rev
            returning d.connection_id, d.record_id, d.rev, d.version),
        sent as (
            insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
            select $1, r.connection_id, r.record_id, r.rev, r.version, x.connector, $6, $6 from raised r join connection x on x.company_id = $1 and x.connection_id = r.connection_id
            order by r.connection_id, r.record_id
            on conflict (company_id, connection_id, record_id) do update set rev = excluded.rev, version = excluded.version, due = excluded.due, tries = 0)
        select count(*) from raised
        """, company, page.Select(one => one.Place.Record).ToArray(), page.Select(one => one.Place.Connection).ToArray(), page.Select(one => one.Rev).ToArray(), verb == "stop" ? "stop" : "push", now);

    // What stands at the gateway goes on by itself: a retry only looks whether it can.
    private static void AddRecords(NpgsqlBatch batch, Guid company, string verb, Guid[] records)
    {
        const string Locked = "select r.record_id from record r where r.company_id = $1 and r.record_id = any($2) and r.state {0} order by r.record_id for no key update";
        var (states, set) = verb switch
        {
            "stop" => ("in ('waiting', 'held', 'refused')", "state = 'stopped', params = coalesce(params, '{}') || jsonb_build_object('was', state)"),
            // The mark says that nobody is asked again, also where it still waits.
            "accept" => ($"= 'held' and r.code in ('{string.Join("', '", Wishes.Decisions)}')", "state = 'waiting', code = null, field = null, params = jsonb_build_object('insist', 'true')"),
            "reopen" => ("= 'stopped'", "state = coalesce(params ->> 'was', 'waiting'), params = nullif(params - 'was' - 'by', '{}')"),
            _ => ("in ('waiting', 'held')", null),
        };
        var locked = Locked.Replace("{0}", states, StringComparison.Ordinal);
        batch.Add(set is null ? locked : $"""
            with locked as materialized ({locked})
            update record t set {set} from locked p where t.company_id = $1 and t.record_id = p.record_id returning t.record_id
            """, company, records);
    }

    private async Task<long> LeftAsync(OfficeIdentity office, AttentionFilter filter, AttentionPlace place, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"select count(*) from ({AttentionSources.FirstOfEach(filter)}) found", [.. filter.Parameters(office.CompanyId, time.GetUtcNow()), .. place.Parameters, int.MaxValue]);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0;
    }
}
