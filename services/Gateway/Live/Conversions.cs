using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Live;

/// <summary>What a quote became. The first order that says it comes from one claims it, in the transaction that stores it: two at once give one.</summary>
internal static class Conversions
{
    /// <summary>Claims for records that are new, in plain inserts: a source that another record has ends the transaction, and the careful path does it again.</summary>
    public static void AddNew(NpgsqlBatch batch, Guid company, IReadOnlyList<(Guid Source, Guid Target)> conversions)
    {
        if (conversions.Count > 0)
            batch.Add("insert into conversion (company_id, source_id, target_id) select $1, u.source, u.target from unnest($2::uuid[], $3::uuid[]) as u (source, target) order by u.source",
                company, Sources(conversions), Targets(conversions));
    }

    /// <summary>Claims what is free. What a record named in an earlier revision and names no more is free again.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="transaction">The transaction that stores the records.</param>
    /// <param name="company">Whose records.</param>
    /// <param name="changed">All records that are stored or replaced.</param>
    /// <param name="conversions">What they say they come from.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>By source, who has it already and what people know that one by.</returns>
    public static async Task<IReadOnlyDictionary<Guid, (Guid Id, string Name)>> ClaimAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid[] changed, IReadOnlyList<(Guid Source, Guid Target)> conversions, CancellationToken stop)
    {
        var taken = new Dictionary<Guid, (Guid, string)>();
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            delete from conversion c where c.company_id = $1 and c.target_id = any($2)
                and not exists (select from unnest($3::uuid[], $4::uuid[]) as u (source, target) where u.source = c.source_id and u.target = c.target_id)
            """, company, changed, Sources(conversions), Targets(conversions));
        batch.Add("""
            insert into conversion (company_id, source_id, target_id)
            select $1, u.source, u.target from unnest($2::uuid[], $3::uuid[]) with ordinality as u (source, target, ord) order by u.source, u.ord on conflict do nothing
            """, company, Sources(conversions), Targets(conversions));
        batch.Add("""
            select u.target, c.target_id, coalesce(n.number, r.reference, c.target_id::text) from unnest($2::uuid[], $3::uuid[]) as u (source, target)
            join conversion c on c.company_id = $1 and c.source_id = u.source and c.target_id <> u.target
            left join record r on r.company_id = $1 and r.record_id = c.target_id
            left join record_number n on n.company_id = $1 and n.record_id = c.target_id
            """, company, Sources(conversions), Targets(conversions));
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            taken[reader.GetGuid(0)] = (reader.GetGuid(1), reader.GetString(2));
        return taken;
    }

    private static Guid[] Sources(IReadOnlyList<(Guid Source, Guid Target)> conversions) => [.. conversions.Select(one => one.Source)];

    private static Guid[] Targets(IReadOnlyList<(Guid Source, Guid Target)> conversions) => [.. conversions.Select(one => one.Target)];
}
