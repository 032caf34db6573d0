using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// The careful path: some records of the chunk are already there. Three round trips, whatever its size: insert what is new, read what stands
/// (a second statement sees a twin that has just committed, one statement would not), write what follows.
/// </summary>
internal sealed class RepeatedRecords(NpgsqlDataSource database, Rules rules)
{
    private const string Superseded = "superseded";

    public async Task<IReadOnlyList<(Judged Judged, Verdict Verdict, Fault? Fault)>> StoreAsync(Push push, IReadOnlyList<Judged> rows, CancellationToken stop)
    {
        var company = push.Device.CompanyId;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var fresh = await InsertNewAsync(connection, transaction, push, rows, stop);
        var standing = await ReadStandingAsync(connection, transaction, company, [.. rows.Where(judged => !fresh.Contains(judged.Record.Id!.Value))], stop);

        var answers = new List<(Judged, Verdict?, Fault?)>();
        var replaced = new List<Judged>();
        var kept = new List<(Judged, string)>();
        foreach (var judged in rows)
        {
            if (fresh.Contains(judged.Record.Id!.Value))
            {
                answers.Add((judged, null, judged.Fault));
                continue;
            }

            // Neither new nor there: nothing is claimed of it.
            if (!standing.TryGetValue(judged.Record.Id!.Value, out var stands))
            {
                answers.Add((judged, new Verdict(judged.Record.Id, judged.Record.Rev, "retryLater", "server.busy"), null));
                continue;
            }

            var (verdict, fault, replace) = Compare(judged, stands);
            if (replace)
                replaced.Add(judged);
            else if (verdict is { Outcome: "conflict" or "refused" } or { State: Superseded })
                kept.Add((judged, verdict.State == Superseded ? Superseded : verdict.Outcome));
            answers.Add((judged, verdict, fault));
        }

        var changed = rows.Where(judged => fresh.Contains(judged.Record.Id!.Value)).Concat(replaced).ToList();
        var numbers = standing.Where(pair => pair.Value.Number is not null).ToDictionary(pair => pair.Key, pair => pair.Value.Number!);
        var returned = rows.Where(judged => judged.Record.Proof is not null && fresh.Contains(judged.Record.Id!.Value)).ToList();
        if (returned.Count > 0)
        {
            foreach (var (id, number) in await StoredAnew.KeepAsync(connection, transaction, push, returned, stop))
                numbers[id] = number;
        }

        replaced.AddRange((await Claims.TakeAsync(connection, transaction, push, changed, fresh, stop)).Where(judged => fresh.Contains(judged.Record.Id!.Value)));
        await using (var batch = CompanyBatch.ForRecords(connection, company, transaction))
        {
            if (replaced.Count > 0)
                RecordRows.AddReplace(batch, push, replaced);
            if (kept.Count > 0)
                RecordChildren.AddCaptures(batch, push, kept);
            if (changed.Count > 0)
            {
                RecordChildren.AddChildren(batch, push, changed);
                var numbered = changed.Where(judged => judged.State == "accepted" && rules.Numbered(judged.Record.Kind) && !numbers.ContainsKey(judged.Record.Id!.Value));
                CustomerCodes.Add(batch, company, push.ReceivedAt, [.. changed.Where(judged => judged.NeedsCode).Select(judged => judged.Record.Id!.Value)]);
                RecordRows.AddLast(batch, company, changed, [.. numbered.Select(judged => (judged.Record.Id!.Value, push.Device.BranchId, judged.Record.Kind))]);
            }

            // The commit travels with the last statements, so that their row locks are not held for another round trip.
            batch.Add("commit");
            foreach (var (id, number) in await RecordRows.ReadNumbersAsync(batch, stop))
                numbers[id] = number;
        }

        return [.. answers.Select(answer => (answer.Item1, answer.Item2 ?? PushStore.VerdictOf(answer.Item1, numbers), answer.Item2 is null ? answer.Item1.Fault : answer.Item3))];
    }

    // What stands, against what came: the table of the protocol.
    private static (Verdict? Verdict, Fault? Fault, bool Replace) Compare(Judged judged, Standing stands)
    {
        var record = judged.Record;
        if (record.Rev < stands.Rev)
            return (Duplicate(record, stands, Superseded), null, false);

        // A device that may not change what stands is told so, rather than that somebody else was first.
        if (stands.State is "accepted" && DevicePolicy.Bars(judged) && !PushedRecord.SameContent(record.Bytes.Span, stands.Bytes))
            return (new Verdict(record.Id, record.Rev, "refused", judged.Fault!.Code, judged.Fault.Field, Number: stands.Number, State: stands.State), judged.Fault, false);

        if (record.Rev > stands.Rev)
            return stands.State is "accepted" or "stopped" ? Conflict(record, "record.needsConnection", stands) : (null, judged.Fault, true);

        if (!PushedRecord.SameContent(record.Bytes.Span, stands.Bytes))
            return Conflict(record, "record.conflict", stands);

        return stands.State switch
        {
            "refused" => (null, judged.Fault, true),
            "waiting" => (new Verdict(record.Id, record.Rev, "waiting", stands.Code, stands.Field), stands.Fault, false),
            "held" => (new Verdict(record.Id, record.Rev, "accepted", stands.Code, stands.Field, State: "held"), stands.Fault, false),
            _ => (Duplicate(record, stands, stands.State), null, false),
        };
    }

    private static Verdict Duplicate(PushedRecord record, Standing stands, string state) => new(record.Id, record.Rev, "duplicate", Number: stands.Number, State: state);

    private static (Verdict, Fault, bool) Conflict(PushedRecord record, string code, Standing stands) =>
        (new Verdict(record.Id, record.Rev, "conflict", code, Number: stands.Number, State: stands.State),
            new Fault(code, null, new Dictionary<string, string> { ["time"] = stands.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) }), false);

    private static async Task<HashSet<Guid>> InsertNewAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Push push, IReadOnlyList<Judged> rows, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, push.Device.CompanyId, transaction);
        RecordRows.AddInsert(batch, push, rows, "on conflict do nothing returning record_id");
        var fresh = new HashSet<Guid>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            fresh.Add(reader.GetGuid(0));
        return fresh;
    }

    private static async Task<Dictionary<Guid, Standing>> ReadStandingAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, IReadOnlyList<Judged> rows, CancellationToken stop)
    {
        var standing = new Dictionary<Guid, Standing>();
        if (rows.Count == 0)
            return standing;

        var ids = rows.Select(judged => judged.Record.Id!.Value).ToArray();
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        // Locked by a statement of its own: one that locks and joins would lose the rows that changed while it waited.
        batch.Add("select 1 from record where company_id = $1 and record_id = any($2) order by record_id for no key update", company, ids);
        batch.Add("""
            select r.record_id, r.rev, r.state, r.code, r.field, r.params::text, r.received_at, c.bytes, n.number
            from record r
            join capture c on c.company_id = r.company_id and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
            left join record_number n on n.company_id = r.company_id and n.record_id = r.record_id
            where r.company_id = $1 and r.record_id = any($2)
            """, company, ids);
        await using var reader = await batch.ReadAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            standing[reader.GetGuid(0)] = new(
                reader.GetInt32(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<byte[]>(7), reader.IsDBNull(8) ? null : reader.GetString(8));
        }

        return standing;
    }

    private sealed record Standing(int Rev, string State, string? Code, string? Field, string? Params, DateTimeOffset ReceivedAt, byte[] Bytes, string? Number)
    {
        public Fault? Fault => Code is null ? null : new Fault(Code, Field, Params is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(Params));
    }
}
