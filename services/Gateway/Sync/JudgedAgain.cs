using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Judges refused records again from the bytes that were kept, because a person asks: the cause may be gone. It is the push of the same bytes once more, by the same path and
/// with the same outcome, only that the device need not be there. Nothing is judged again by itself, and what is refused for the same reason stays as it stands.
/// </summary>
internal sealed class JudgedAgain(NpgsqlDataSource database, Rules rules, PushStore store, RelaySignal relay, FeedSignal feed, Releases releases, TimeProvider time)
{
    private static readonly Dictionary<string, string> NoParameters = [];
    private static readonly Dictionary<Guid, string> NoNumbers = [];

    /// <summary>Judges those of the records that stand refused; at most a chunk's worth at a time. Returns what became of each.</summary>
    public async Task<IReadOnlyList<Verdict>> RunAsync(Guid company, IReadOnlyList<Guid> ids, string language, CancellationToken stop)
    {
        var verdicts = new List<Verdict>();
        foreach (var (device, days, pieces, reasons) in await ReadAsync(company, ids, stop))
        {
            var push = new Push(device, time.GetUtcNow(), TimeSpan.FromDays(days), language, System.Diagnostics.Activity.Current?.Id, FromCopy: true);
            List<PushedRecord> records = [.. pieces.Select((bytes, i) => PushedRecord.Read(i, bytes))];
            rules.Read(records);
            foreach (var wave in Waves.Of(records))
                verdicts.AddRange(await StoreAsync(push, wave, reasons, stop));
        }

        return verdicts;
    }

    private async Task<IEnumerable<Verdict>> StoreAsync(Push push, IReadOnlyList<PushedRecord> wave, Dictionary<Guid, string> reasons, CancellationToken stop)
    {
        var judged = rules.Judge(wave, await rules.LookAsync(push, wave, stop)).ToLookup(one => one.State == "refused" && reasons.GetValueOrDefault(one.Record.Id!.Value) == ReasonOf(one.Fault));
        var changed = judged[false].ToList();
        var answers = judged[true].Select(one => (Verdict: PushStore.VerdictOf(one, NoNumbers), one.Fault)).ToList();
        if (changed.Count > 0)
        {
            // What judging has added to what is known is not counted twice.
            List<PushedRecord> again = [.. changed.Select(one => one.Record)];
            var (chunk, stored) = await store.TakeAsync(push, again, await rules.LookAsync(push, again, stop), stop);
            foreach (var (one, verdict, fault) in stored)
            {
                answers.Add((verdict, fault));
                GatewayMeter.Verdict(rules.Knows(one.Record.Kind) ? one.Record.Kind : "other", verdict.Outcome, verdict.Code);
            }

            relay.Wake();
            feed.Committed(push.Device.CompanyId);
            releases.Stored(push.Device.CompanyId, chunk);
        }

        return answers.Select(one => one.Verdict.Code is { } code ? one.Verdict with { Message = Sentences.Of(code, push.Language, one.Fault?.Params) } : one.Verdict);
    }

    private static string ReasonOf(Fault? fault) => Reason(fault?.Code, fault?.Field, fault?.Params);

    private static string Reason(string? code, string? field, IReadOnlyDictionary<string, string>? parameters) =>
        $"{code}\n{field}\n{string.Join('\n', (parameters ?? NoParameters).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";

    // As each came: from which device, and with the date that its clock was corrected to.
    private async Task<List<(DeviceIdentity Device, int Days, List<ReadOnlyMemory<byte>> Pieces, Dictionary<Guid, string> Reasons)>> ReadAsync(Guid company, IReadOnlyList<Guid> ids, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, company);
        batch.Add("""
            select r.device_id, r.rep_id, r.branch_id, r.document_date - ((r.captured_at at time zone 'UTC') + r.captured_offset * interval '1 minute')::date, c.bytes,
                r.record_id, r.code, r.field, r.params::text
            from record r join capture c on c.company_id = r.company_id and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
            where r.company_id = $1 and r.record_id = any($2) and r.state = 'refused' order by r.seq, r.record_id
            """, company, ids.Distinct().ToArray());
        var (found, reasons) = (new Dictionary<(DeviceIdentity, int), List<ReadOnlyMemory<byte>>>(), new Dictionary<Guid, string>());
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var key = (new DeviceIdentity(company, reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2)), reader.GetInt32(3));
            (found.TryGetValue(key, out var pieces) ? pieces : found[key] = []).Add(reader.GetFieldValue<byte[]>(4));
            reasons[reader.GetGuid(5)] = Reason(reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? null : System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(8)));
        }

        return [.. found.Select(pair => (pair.Key.Item1, pair.Key.Item2, pair.Value, reasons))];
    }
}
