using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Judges refused records again from the bytes that were kept, because a person asks: the cause may be gone. It is the push of the same bytes once more, by the same path and
/// with the same outcome, only that the device need not be there. Nothing is judged again by itself.
/// </summary>
internal sealed class JudgedAgain(NpgsqlDataSource database, Rules rules, PushStore store, RelaySignal relay, FeedSignal feed, Releases releases, TimeProvider time)
{
    /// <summary>Judges those of the records that stand refused; at most a chunk's worth at a time. Returns what became of each.</summary>
    public async Task<IReadOnlyList<Verdict>> RunAsync(Guid company, IReadOnlyList<Guid> ids, string language, CancellationToken stop)
    {
        var verdicts = new List<Verdict>();
        foreach (var (device, days, pieces) in await ReadAsync(company, ids, stop))
        {
            var push = new Push(device, time.GetUtcNow(), TimeSpan.FromDays(days), language, System.Diagnostics.Activity.Current?.Id, FromCopy: true);
            List<PushedRecord> records = [.. pieces.Select((bytes, i) => PushedRecord.Read(i, bytes))];
            rules.Read(records);
            foreach (var wave in Waves.Of(records))
                verdicts.AddRange(await StoreAsync(push, wave, stop));
        }

        return verdicts;
    }

    private async Task<IEnumerable<Verdict>> StoreAsync(Push push, IReadOnlyList<PushedRecord> wave, CancellationToken stop)
    {
        var judged = rules.Judge(wave, await rules.LookAsync(push, wave, stop));
        var stored = await store.StoreAsync(push, judged, stop);
        relay.Wake();
        feed.Committed(push.Device.CompanyId);
        releases.Stored(push.Device.CompanyId, judged);
        foreach (var (one, verdict, _) in stored)
            GatewayMeter.Verdict(rules.Knows(one.Record.Kind) ? one.Record.Kind : "other", verdict.Outcome, verdict.Code);
        return stored.Select(one => one.Verdict.Code is { } code ? one.Verdict with { Message = Sentences.Of(code, push.Language, one.Fault?.Params) } : one.Verdict);
    }

    // As each came: from which device, and with the date that its clock was corrected to.
    private async Task<List<(DeviceIdentity Device, int Days, List<ReadOnlyMemory<byte>> Pieces)>> ReadAsync(Guid company, IReadOnlyList<Guid> ids, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, company);
        batch.Add("""
            select r.device_id, r.rep_id, r.branch_id, r.document_date - ((r.captured_at at time zone 'UTC') + r.captured_offset * interval '1 minute')::date, c.bytes
            from record r join capture c on c.company_id = r.company_id and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
            where r.company_id = $1 and r.record_id = any($2) and r.state = 'refused' order by r.seq, r.record_id
            """, company, ids.Distinct().ToArray());
        var found = new Dictionary<(DeviceIdentity, int), List<ReadOnlyMemory<byte>>>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var key = (new DeviceIdentity(company, reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2)), reader.GetInt32(3));
            (found.TryGetValue(key, out var pieces) ? pieces : found[key] = []).Add(reader.GetFieldValue<byte[]>(4));
        }

        return [.. found.Select(pair => (pair.Key.Item1, pair.Key.Item2, pair.Value))];
    }
}
