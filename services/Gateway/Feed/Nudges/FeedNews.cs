using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>What a company's feed has that was not told of yet, and how the devices that listen stand: one round trip.</summary>
/// <param name="Epoch">The feed's.</param>
/// <param name="Head">Its newest position.</param>
/// <param name="Keys">Scope keys of the devices asked about; one that is not there is revoked.</param>
/// <param name="Concerned">Scope keys of what is new.</param>
internal sealed record FeedNews(Guid Epoch, long Head, IReadOnlyDictionary<Guid, string[]> Keys, IReadOnlySet<string> Concerned)
{
    private const int MostRows = 1_000;
    private const string Everyone = "*";

    private const string Standing = """
        select d.device_id, array['device:' || d.device_id, 'rep:' || d.rep_id, 'branch:' || b.code, 'class:' || d.class] || array(select 'territory:' || t from unnest(r.territories) t)
        from device d
        join rep r on r.company_id = $1 and r.rep_id = d.rep_id
        join branch b on b.company_id = $1 and b.branch_id = d.branch_id
        where d.company_id = $1 and d.device_id = any($2) and d.revoked_at is null
        """;

    // A record is news for its device; that it stands in a customer's history too is no reason to wake everybody who sees the customer.
    private static readonly string Rows = $"""
        with told as materialized (
            select f.collection, f.key, f.before, f.after from feed f where f.company_id = $1 and f.pos > $2 order by f.pos limit {MostRows + 1})
        select unnest(coalesce(before, array[]::text[]) || coalesce(after, array[]::text[])) from told
        union select '{Everyone}' from told where before = '{"{}"}' or after = '{"{}"}'
        union select 'device:' || r.device_id from told t
            join record r on r.company_id = $1 and r.record_id = case when t.collection = 'customers' or (t.before is null and t.after is null) then t.key::uuid end
        union select '{Everyone}' where (select count(*) from told) > {MostRows}
        """;

    /// <summary>Whether something is new for a device with these scope keys.</summary>
    public bool Concerns(string[] keys) => Concerned.Contains(Everyone) || keys.Any(Concerned.Contains);

    /// <summary>Reads it; null = there is no such company.</summary>
    public static async Task<FeedNews?> ReadAsync(NpgsqlDataSource database, Guid company, long after, Guid[] devices, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.ForRecords(connection, company);
        // First: what is committed meanwhile is told of once more rather than not at all.
        batch.Add("select epoch, pos from company_feed where company_id = $1", company);
        batch.Add(Standing, company, devices);
        batch.Add(Rows, company, after);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;

        var (epoch, head) = (reader.GetGuid(0), reader.GetInt64(1));
        var keys = new Dictionary<Guid, string[]>();
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            keys[reader.GetGuid(0)] = reader.GetFieldValue<string[]>(1);
        var concerned = new HashSet<string>(StringComparer.Ordinal);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            concerned.Add(reader.GetString(0));
        return new FeedNews(epoch, head, keys, concerned);
    }
}
