using Npgsql;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Credit;

/// <summary>A document that waited and goes on.</summary>
/// <param name="Record">The record.</param>
/// <param name="Raises">What it adds to what its customer owes; null = its total.</param>
/// <param name="Insisted">The office has let it pass: it counts, and is not asked about.</param>
internal sealed record Raise(Guid Record, decimal? Raises, bool Insisted);

/// <summary>
/// Judges by the credit limit what goes on after it waited: the customer was not known then, or owes more by now. What the company would refuse is held: the device was told
/// that it is stored.
/// </summary>
internal static class CreditAtRelease
{
    /// <summary>Flags or holds those that go above the limit, in the order given. Nothing is asked when there are none.</summary>
    /// <returns>Those that are held.</returns>
    public static async Task<IReadOnlyList<Guid>> ApplyAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, IReadOnlyList<Raise> raises, CancellationToken stop)
    {
        if (raises.Count == 0)
            return [];
        var above = await LookAsync(connection, transaction, company, raises, stop);
        if (above.Count == 0)
            return [];
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            update record r set state = u.state, code = u.code, field = u.field, params = u.params::jsonb
            from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) as u (id, state, code, field, params) where r.company_id = $1 and r.record_id = u.id
            """, company, above.Select(one => one.Record).ToArray(), above.Select(one => one.IsHeld ? "held" : "accepted").ToArray(), above.Select(one => one.Fault.Code).ToArray(),
            above.Select(one => one.Fault.Field).ToArray(), above.Select(one => one.Fault.ParamsJson()!.ToJsonString()).ToArray());
        await batch.ExecuteNonQueryAsync(stop);
        return [.. above.Where(one => one.IsHeld).Select(one => one.Record)];
    }

    private static async Task<List<(Guid Record, Fault Fault, bool IsHeld)>> LookAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, IReadOnlyList<Raise> raises, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            select u.id, c.customer_id, c.credit_limit, c.credit_currency, coalesce(c.balance, 0) + ordered_since($1, c.customer_id, c.credit_currency, c.credit_as_of), coalesce(u.raises, r.total, 0), u.insisted,
                (select s.value #>> '{}' from company_setting s where s.company_id = $1 and s.name = $5)
            from unnest($2::uuid[], $3::numeric[], $4::boolean[]) with ordinality as u (id, raises, insisted, ord)
            join record r on r.company_id = $1 and r.record_id = u.id
            join customer m on m.company_id = $1 and m.customer_id = r.customer_id
            join customer c on c.company_id = $1 and c.customer_id = coalesce(m.merged_into, m.customer_id)
            where c.credit_limit is not null and c.credit_currency = r.currency order by u.ord
            """, company, raises.Select(one => one.Record).ToArray(), raises.Select(one => one.Raises).ToArray(), raises.Select(one => one.Insisted).ToArray(), Policy.CreditLimit);
        var (above, added) = (new List<(Guid, Fault, bool)>(), new Dictionary<Guid, decimal>());
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var (customer, limit, currency, raised) = (reader.GetGuid(1), reader.GetDecimal(2), reader.GetString(3), reader.GetDecimal(5));
            var open = reader.GetDecimal(4) + added.GetValueOrDefault(customer);
            var choice = reader.IsDBNull(7) ? Choice.Warn : reader.GetString(7);
            var isHeld = false;
            if (!reader.GetBoolean(6) && raised > 0 && open + raised > limit && choice != Choice.Allow)
            {
                isHeld = choice != Choice.Warn;
                above.Add((reader.GetGuid(0), CreditRule.FaultOf(limit, open, raised, currency), isHeld));
            }

            if (!isHeld)
                added[customer] = added.GetValueOrDefault(customer) + raised;
        }

        return above;
    }
}
