using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>What is done for records that had been acknowledged, were lost with the database, and are stored anew: their numbers stay theirs.</summary>
internal static class StoredAnew
{
    // The series a number came from is the one it begins with; of a branch that is not known any more it is kept among the device's own. Should its series
    // be the one that is given from, that goes on above it.
    private const string Numbers = """
        with stated as (
            select n.id, n.kind, n.number, n.counter, coalesce(s.branch_id, $6) as branch_id, substr(n.head, coalesce(length(s.prefix), 0) + 1) as sub
            from (select *, left(number, length(number) - length(digits)) as head from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $7::bigint[]) as u (id, kind, number, digits, counter)) n
            left join lateral (select s.branch_id, s.prefix from series s where s.company_id = $1 and s.kind = n.kind and starts_with(n.head, s.prefix)
                order by s.branch_id = $6 desc, length(s.prefix) desc limit 1) s on true),
        kept as (
            insert into record_number (company_id, record_id, branch_id, kind, sub, counter, number)
            select $1, id, branch_id, kind, sub, counter, number from stated order by id
            on conflict do nothing returning record_id, branch_id, kind, sub, counter, number),
        raised as (
            update series s set next = k.counter + 1 from (select branch_id, kind, sub, max(counter) as counter from kept group by branch_id, kind, sub) k
            where s.company_id = $1 and s.branch_id = k.branch_id and s.kind = k.kind and s.sub = k.sub and s.next <= k.counter)
        select record_id, number from kept
        """;

    /// <summary>Marks the records and gives them the numbers their proofs state; returns those they have now. A number that is somebody else's by now is told to the office.</summary>
    public static async Task<Dictionary<Guid, string>> KeepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Push push, IReadOnlyList<Judged> records, CancellationToken stop)
    {
        var company = push.Device.CompanyId;
        var stated = records.Where(judged => judged.Record.Proof!.Number is { } number && Counter(number).Digits.Length > 0).ToList();
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            update record r set acknowledged_before = p.at from unnest($2::uuid[], $3::timestamptz[]) as p (id, at) where r.company_id = $1 and r.record_id = p.id
            """, company, records.Select(judged => judged.Record.Id!.Value).ToArray(), records.Select(judged => judged.Record.Proof!.At).ToArray());
        batch.Add(Numbers, company, stated.Select(judged => judged.Record.Id!.Value).ToArray(), stated.Select(judged => judged.Record.Kind).ToArray(),
            stated.Select(NumberOf).ToArray(), stated.Select(judged => Counter(NumberOf(judged)).Digits).ToArray(), push.Device.BranchId,
            stated.Select(judged => Counter(NumberOf(judged)).Value).ToArray());
        var kept = await RecordRows.ReadNumbersAsync(batch, stop);

        var taken = stated.Where(judged => !kept.ContainsKey(judged.Record.Id!.Value)).ToList();
        if (taken.Count > 0)
        {
            await using var alerts = CompanyBatch.For(connection, company, transaction);
            foreach (var judged in taken)
                Alerts.Raise(alerts, company, new("number.taken", NumberOf(judged), push.Device.DeviceId, new Dictionary<string, string>
                {
                    ["number"] = NumberOf(judged),
                    ["which"] = judged.Reference is { Length: > 0 } reference ? reference : judged.Record.Id!.Value.ToString(),
                }), push.ReceivedAt);
            await alerts.ExecuteNonQueryAsync(stop);
        }

        return kept;
    }

    private static string NumberOf(Judged judged) => judged.Record.Proof!.Number!;

    // More digits than a counter has are no number of ours.
    private static (string Digits, long Value) Counter(string number)
    {
        var digits = number[number.AsSpan().TrimEnd("0123456789").Length..];
        return long.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) ? (digits, value) : ("", 0);
    }
}
