using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Duplicates;

/// <summary>Lists customers that may be there twice, both sides whole, and what was decided.</summary>
internal sealed class Duplicates(NpgsqlDataSource database)
{
    private const int UsualRows = 25;
    private const int MostRows = 100;
    private const int MostCounted = 1_000;

    // Both can still be merged: published, or waiting for this decision. One that was stopped or refused asks nothing.
    private const string Open = """
        d.decision is null and not exists (
            select from (values (d.customer_id), (d.other_id)) s (id)
            where not exists (select from customer c where c.company_id = $1 and c.customer_id = s.id and not c.removed)
                and not exists (select from record r where r.company_id = $1 and r.record_id = s.id and r.state = 'held' and r.code = 'customer.possibleDuplicate'))
        """;

    public async Task<IResult> ListAsync(OfficeIdentity office, bool? decided, Guid? after, int? limit, CancellationToken stop)
    {
        var size = Math.Clamp(limit ?? UsualRows, 1, MostRows);
        var pairs = new List<Pair>();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"select count(*) from (select from customer_duplicate d where d.company_id = $1 and {Open} limit {MostCounted}) o", office.CompanyId);
        batch.Add($"""
            select d.duplicate_id, d.customer_id, d.other_id, d.keys, d.found_at, d.decision, d.survivor_id, d.decided_at, a.name
            from customer_duplicate d left join actor a on a.company_id = $1 and a.actor_id = d.decided_by
            where d.company_id = $1 and {(decided == true ? "d.decision is not null" : Open)}
                and ($2::uuid is null or {(decided == true ? "(d.decided_at, d.duplicate_id) < (select x.decided_at" : "(d.found_at, d.duplicate_id) > (select x.found_at")}, x.duplicate_id from customer_duplicate x
                    where x.company_id = $1 and x.duplicate_id = $2))
            order by {(decided == true ? "d.decided_at desc, d.duplicate_id desc" : "d.found_at, d.duplicate_id")} limit $3
            """, office.CompanyId, CompanyBatch.Maybe(after), size + 1);
        long open;
        await using (var reader = await batch.ReadAsync(stop))
        {
            await reader.ReadAsync(stop);
            open = reader.GetInt64(0);
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
            {
                pairs.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetFieldValue<string[]>(3), reader.GetFieldValue<DateTimeOffset>(4), Text(reader, 5),
                    reader.IsDBNull(6) ? null : reader.GetGuid(6), reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7), Text(reader, 8)));
            }
        }

        Guid? next = pairs.Count > size ? pairs[size - 1].Id : null;
        pairs = pairs.Count > size ? pairs[..size] : pairs;
        var (sides, left) = await ReadSidesAsync(connection, office.CompanyId, [.. pairs.SelectMany(pair => new[] { pair.Customer, pair.Other }).Distinct()], stop);
        return Results.Ok(new DuplicateList(
            [.. pairs.Where(pair => sides.ContainsKey(pair.Customer) && sides.ContainsKey(pair.Other)).Select(pair => new DuplicateRow(
                pair.Id, [.. pair.Keys.Select(KeyName).Distinct()], pair.FoundAt, sides[pair.Other], sides[pair.Customer], pair.Decision, pair.Survivor, pair.DecidedAt, pair.DecidedBy,
                pair.Survivor is { } survivor ? [.. left[survivor == pair.Customer ? pair.Other : pair.Customer]] : []))],
            open, next));
    }

    private static async Task<(Dictionary<Guid, DuplicateSide> Sides, ILookup<Guid, LeftRow> Left)> ReadSidesAsync(NpgsqlConnection connection, Guid company, Guid[] ids, CancellationToken stop)
    {
        var sides = new Dictionary<Guid, DuplicateSide>();
        var left = new List<(Guid Customer, LeftRow Row)>();
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            select w.id, c.body, x.bytes, c.number, coalesce(c.code, c.captured_code, r.reference), o.name, r.record_id is not null, c.customer_id is not null, p.name, r.captured_at, r.captured_offset,
                (select count(*) from record k where k.company_id = $1 and k.customer_id = w.id and k.kind <> 'customer'),
                (select count(*) from record k where k.company_id = $1 and k.customer_id = w.id and k.kind <> 'customer' and k.state = 'waiting'),
                array(select distinct n.name from delivery d join connection n on n.company_id = $1 and n.connection_id = d.connection_id
                    where d.company_id = $1 and d.record_id = w.id and d.state = 'done' union select o.name where o.name is not null order by 1)
            from unnest($2::uuid[]) as w (id)
            left join customer c on c.company_id = $1 and c.customer_id = w.id
            left join connection o on o.company_id = $1 and o.connection_id = c.owner
            left join record r on r.company_id = $1 and r.record_id = w.id and r.kind = 'customer'
            left join rep p on p.company_id = $1 and p.rep_id = r.rep_id
            left join capture x on x.company_id = $1 and x.record_id = r.record_id and x.rev = r.rev and x.sha256 = r.sha256
            where c.customer_id is not null or r.record_id is not null
            """, company, ids);
        batch.Add("""
            select l.customer_id, l.record_id, r.kind, n.number, x.name, coalesce(d.external_number, d.external_id)
            from merged_left l join record r on r.company_id = $1 and r.record_id = l.record_id join connection x on x.company_id = $1 and x.connection_id = l.connection_id
            left join record_number n on n.company_id = $1 and n.record_id = l.record_id
            left join lateral (select d.external_number, d.external_id from delivery d where d.company_id = $1 and d.record_id = l.record_id and d.connection_id = l.connection_id order by d.rev desc limit 1) d on true
            where l.company_id = $1 and l.customer_id = any($2)
            union all
            select c.customer_id, c.customer_id, 'customer', null, x.name, c.number from customer c join connection x on x.company_id = $1 and x.connection_id = c.owner
            where c.company_id = $1 and c.customer_id = any($2) and c.merged_into is not null
                and not exists (select from merged_left l where l.company_id = $1 and l.customer_id = c.customer_id and l.record_id = c.customer_id and l.connection_id = c.owner)
            order by 3, 4
            """, company, ids);
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var body = reader.IsDBNull(1)
                ? PushedRecord.BodyOf(reader.GetFieldValue<byte[]>(2)).Deserialize<CustomerBody>(ContractJson.Options)
                : JsonSerializer.Deserialize<CustomerBody>(reader.GetString(1), ContractJson.Options);
            sides[reader.GetGuid(0)] = new(
                reader.GetGuid(0), body!, Text(reader, 3), Text(reader, 4), Text(reader, 5), reader.GetBoolean(6), reader.GetBoolean(7), Text(reader, 8),
                reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9).ToOffset(TimeSpan.FromMinutes(reader.GetInt16(10))), reader.GetInt64(11), reader.GetInt64(12),
                reader.GetFieldValue<string[]>(13));
        }

        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            left.Add((reader.GetGuid(0), new(reader.GetGuid(1), reader.GetString(2), Text(reader, 3), reader.GetString(4), Text(reader, 5))));
        return (sides, left.ToLookup(one => one.Customer, one => one.Row));
    }

    private static string KeyName(string key) => key.Split(':')[0] switch
    {
        "tax" => "taxNumber",
        "email" => "email",
        _ => "namePostcode",
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private sealed record Pair(
        Guid Id, Guid Customer, Guid Other, string[] Keys, DateTimeOffset FoundAt, string? Decision, Guid? Survivor, DateTimeOffset? DecidedAt, string? DecidedBy);
}
