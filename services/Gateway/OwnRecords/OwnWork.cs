using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Office.NeedsAttention;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.OwnRecords;

/// <summary>Which of a rep's records.</summary>
/// <param name="Ids">At most 500.</param>
internal sealed record OwnWorkRequest(IReadOnlyList<Guid>? Ids);

/// <summary>What was done.</summary>
/// <param name="Done">Records that were taken up; those that are not this rep's, or do not stand so, are left alone.</param>
/// <param name="Verdicts">What records that had been refused were answered now.</param>
/// <param name="Left">How many of the register still stand, after a retry of all: its counter of errors.</param>
/// <param name="Next">After a retry of all: the text for <c>after</c> that goes on with the rest; absent when all had their turn.</param>
internal sealed record OwnWorkDone(int Done, IReadOnlyList<Verdict> Verdicts, long Left = 0, string? Next = null);

/// <summary>
/// Retry, stop and reopen by the device a record came from. Retry: what was refused is judged again from the kept bytes, what waits is looked at, what a destination did not take is tried
/// there again. Stop puts aside for good what has not gone on; only reopen takes it up again, and it then stands as it stood.
/// </summary>
internal sealed class OwnWork(NpgsqlDataSource database, JudgedAgain judgedAgain, RelaySignal relay, FeedSignal feed, Releases releases, TimeProvider time)
{
    /// <summary>Who stopped it, beside how it stood.</summary>
    public const string Device = "device";

    /// <summary>Records in one call.</summary>
    public const int MostIds = 500;

    public async Task<IResult> RetryAsync(HttpContext http, OwnWorkRequest? request, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        return WhyNot(request) ?? Results.Ok(await RetryAsync(http, device, request!.Ids!, stop));
    }

    /// <summary>All of this register that can be tried again, the longest standing first.</summary>
    public async Task<IResult> RetryErroredAsync(HttpContext http, string? after, CancellationToken stop)
    {
        if (!AttentionPlace.TryRead(after, out var place))
            return Problems.Bad("attention.after", "after is the text an earlier answer gave as next. Leave it out to begin at the start.");
        var device = http.Features.Get<DeviceIdentity>()!;
        var errored = await ErroredAsync(device, place ?? AttentionPlace.Start, stop);
        var done = await RetryAsync(http, device, [.. errored.Select(one => one.Record)], stop);
        return Results.Ok(done with { Left = await LeftAsync(device, stop), Next = errored.Count == MostIds ? errored[^1].ToString() : null });
    }

    public Task<IResult> StopAsync(HttpContext http, OwnWorkRequest? request, CancellationToken stop) => SetAsync(http, request,
        "r.state in ('refused', 'waiting', 'held')", $"state = 'stopped', params = coalesce(t.params, '{{}}') || jsonb_build_object('was', t.state, 'by', '{Device}')", stop);

    public Task<IResult> ReopenAsync(HttpContext http, OwnWorkRequest? request, CancellationToken stop) => SetAsync(http, request,
        $"r.state = 'stopped' and r.params ->> 'by' = '{Device}'", "state = coalesce(t.params ->> 'was', 'waiting'), params = nullif(t.params - 'was' - 'by', '{}')", stop);

    private static IResult? WhyNot(OwnWorkRequest? request) => request?.Ids is not { } ids
        ? Problems.Bad("attention.ids", $"Send {{\"ids\":[…]}}: ids of records, {MostIds} at most.")
        : ids.Count > MostIds ? Problems.TooLarge("attention.tooMany", $"{ids.Count} ids; send at most {MostIds} at once.") : null;

    private async Task<OwnWorkDone> RetryAsync(HttpContext http, DeviceIdentity device, IReadOnlyList<Guid> ids, CancellationToken stop)
    {
        var (refused, others) = await RaiseAsync(device, ids, stop);
        var verdicts = await judgedAgain.RunAsync(device.CompanyId, refused, Sentences.LanguageOf(http.Request), stop);
        relay.Wake();
        releases.Look();
        return new(refused.Count + others, verdicts);
    }

    private async Task<(List<Guid> Refused, int Others)> RaiseAsync(DeviceIdentity device, IReadOnlyList<Guid> ids, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var (refused, others, deliveries) = (new List<Guid>(), new HashSet<Guid>(), new List<(AttentionPlace, int)>());
        await using (var look = CompanyBatch.ForRecords(connection, device.CompanyId, transaction))
        {
            look.Add("""
                select r.record_id, r.state, d.connection_id, d.rev from device self join record r on r.company_id = $1 and r.record_id = any($3) and r.rep_id = self.rep_id
                left join delivery d on d.company_id = $1 and d.record_id = r.record_id and d.state in ('attention', 'reconnect') and d.wish = 'push'
                where self.company_id = $1 and self.device_id = $2 and (r.state in ('refused', 'waiting', 'held') or d.rev is not null)
                """, device.CompanyId, device.DeviceId, ids.Distinct().ToArray());
            await using var reader = await look.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                if (reader.GetString(1) == "refused")
                    refused.Add(reader.GetGuid(0));
                else
                    others.Add(reader.GetGuid(0));
                if (!reader.IsDBNull(2))
                    deliveries.Add((new(DateTimeOffset.MinValue, reader.GetGuid(0), reader.GetGuid(2)), reader.GetInt32(3)));
            }
        }

        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId, transaction);
        AttentionWork.AddDeliveries(batch, device.CompanyId, "retry", deliveries, time.GetUtcNow());
        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(stop);
        return (refused, others.Count);
    }

    private async Task<List<AttentionPlace>> ErroredAsync(DeviceIdentity device, AttentionPlace after, CancellationToken stop)
    {
        var places = new List<AttentionPlace>();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        batch.Add($"{Errored} select min(since), record_id from errored group by record_id having (min(since), record_id) > ($3, $4) order by 1, 2 limit {MostIds}",
            device.CompanyId, device.DeviceId, after.Since, after.Record);
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            places.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1), Guid.Empty));
        return places;
    }

    private async Task<long> LeftAsync(DeviceIdentity device, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, device.CompanyId);
        batch.Add($"{Errored} select count(distinct record_id) from errored", device.CompanyId, device.DeviceId);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? reader.GetInt64(0) : 0;
    }

    private const string Errored = """
        with errored as (
            select r.record_id, r.received_at as since from record r join device self on self.company_id = $1 and self.device_id = $2 and self.rep_id = r.rep_id
            where r.company_id = $1 and r.state in ('refused', 'held') and r.device_id = $2
            union all
            select d.record_id, d.moved_at from connection x join delivery d on d.company_id = $1 and d.connection_id = x.connection_id and d.state in ('attention', 'reconnect') and d.wish = 'push'
            join record r on r.company_id = $1 and r.record_id = d.record_id and r.device_id = $2 where x.company_id = $1)
        """;

    private async Task<IResult> SetAsync(HttpContext http, OwnWorkRequest? request, string where, string set, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        if (WhyNot(request) is { } problem)
            return problem;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var moved = new List<Guid>();
        await using (var batch = CompanyBatch.ForRecords(connection, device.CompanyId, transaction))
        {
            batch.Add($"""
                with locked as materialized (
                    select r.record_id from device self join record r on r.company_id = $1 and r.record_id = any($3) and r.rep_id = self.rep_id
                    where self.company_id = $1 and self.device_id = $2 and {where} order by r.record_id for no key update of r)
                update record t set {set} from locked p where t.company_id = $1 and t.record_id = p.record_id returning t.record_id
                """, device.CompanyId, device.DeviceId, request!.Ids!.Distinct().ToArray());
            await using var reader = await batch.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
                moved.Add(reader.GetGuid(0));
        }

        await using var last = CompanyBatch.ForRecords(connection, device.CompanyId, transaction);
        if (moved.Count > 0)
            RecordRows.AddLast(last, device.CompanyId, [.. moved], []);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        feed.Committed(device.CompanyId);
        releases.Look();
        return Results.Ok(new OwnWorkDone(moved.Count, []));
    }
}
