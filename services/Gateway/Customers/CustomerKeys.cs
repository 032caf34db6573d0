using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Customers;

/// <summary>A captured customer that may be there already, as another.</summary>
/// <param name="Id">The one that came second.</param>
/// <param name="Other">The one that has a key of it.</param>
/// <param name="Name">What people know the other one by.</param>
internal sealed record Doubted(Guid Id, Guid Other, string Name);

/// <summary>
/// What a captured customer claims for itself in the transaction that stores it: tax number, e-mail address, name with postcode (the function customer_keys says how they
/// are written). Who comes second is not published until the rule or the office has decided.
/// </summary>
internal static class CustomerKeys
{
    /// <summary>Claims for customers that are new, in plain inserts: a key that another one has ends the transaction, and the careful path does it again.</summary>
    public static void AddNew(NpgsqlBatch batch, Guid company, IReadOnlyList<(Guid Id, string Body)> customers)
    {
        if (customers.Count > 0)
            batch.Add("""
                insert into customer_key (company_id, key, customer_id)
                select $1, c.key, u.id from unnest($2::uuid[], $3::text[]) as u (id, body) cross join unnest(customer_keys(u.body)) as c (key) order by c.key
                """, company, Ids(customers), Bodies(customers));
    }

    /// <summary>Claims what is free, in the order given, and notes who has the rest. One round trip.</summary>
    /// <returns>Those that may be there already; what was decided about them before is not asked again.</returns>
    public static async Task<IReadOnlyList<Doubted>> ClaimAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, IReadOnlyList<(Guid Id, string Body)> customers, DateTimeOffset now, CancellationToken stop)
    {
        if (customers.Count == 0)
            return [];

        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            delete from customer_key k using unnest($2::uuid[], $3::text[]) as u (id, body) where k.company_id = $1 and k.customer_id = u.id and k.key <> all(customer_keys(u.body))
            """, company, Ids(customers), Bodies(customers));
        batch.Add("delete from customer_duplicate where company_id = $1 and customer_id = any($2) and decision is null", company, Ids(customers));
        // In the order of the keys: two chunks never wait for each other.
        batch.Add("""
            insert into customer_key (company_id, key, customer_id)
            select $1, c.key, u.id from unnest($2::uuid[], $3::text[]) with ordinality as u (id, body, ord) cross join unnest(customer_keys(u.body)) as c (key) order by c.key, u.ord
            on conflict do nothing
            """, company, Ids(customers), Bodies(customers));
        batch.Add("""
            insert into customer_duplicate (company_id, customer_id, other_id, keys, found_at)
            select $1, u.id, k.customer_id, array_agg(k.key order by k.key), $4
            from unnest($2::uuid[], $3::text[]) as u (id, body) cross join unnest(customer_keys(u.body)) as c (key)
            join customer_key k on k.company_id = $1 and k.key = c.key and k.customer_id <> u.id
            where not exists (select from customer_duplicate d where d.company_id = $1 and d.customer_id = u.id and d.other_id = k.customer_id)
                and not exists (select from customer_duplicate d where d.company_id = $1 and d.customer_id = k.customer_id and d.other_id = u.id)
            group by u.id, k.customer_id
            """, company, Ids(customers), Bodies(customers), now);
        batch.Add("""
            select d.customer_id, d.other_id, coalesce(c.name, d.other_id::text)
            from customer_duplicate d left join customer c on c.company_id = $1 and c.customer_id = d.other_id
            where d.company_id = $1 and d.customer_id = any($2) and d.decision is null order by d.customer_id, d.other_id
            """, company, Ids(customers));
        var doubted = new List<Doubted>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            doubted.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)));
        return [.. doubted.DistinctBy(one => one.Id)];
    }

    private static Guid[] Ids(IReadOnlyList<(Guid Id, string Body)> customers) => [.. customers.Select(customer => customer.Id)];

    private static string[] Bodies(IReadOnlyList<(Guid Id, string Body)> customers) => [.. customers.Select(customer => customer.Body)];
}
