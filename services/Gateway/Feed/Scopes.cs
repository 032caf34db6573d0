using System.Collections.Concurrent;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>Remembers for each hash in a cursor which scope keys it stands for, so that a difference can be told later.</summary>
internal sealed class Scopes(NpgsqlDataSource database)
{
    private const int MostRemembered = 100_000;
    private readonly ConcurrentDictionary<(Guid Company, long Hash), string[]> known = new();

    /// <summary>Before a cursor with this hash is given out.</summary>
    public async Task RememberAsync(Guid company, Standing standing, CancellationToken stop)
    {
        if (known.ContainsKey((company, standing.Scope)))
            return;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("insert into feed_scope (company_id, hash, keys) values ($1, $2, $3) on conflict do nothing", company, standing.Scope, standing.Keys);
        await batch.ExecuteNonQueryAsync(stop);
        Keep(company, standing.Scope, standing.Keys);
    }

    /// <summary>The keys of a hash; null when nobody knows any more.</summary>
    public async Task<string[]?> FindAsync(Guid company, long hash, CancellationToken stop)
    {
        if (known.TryGetValue((company, hash), out var keys))
            return keys;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select keys from feed_scope where company_id = $1 and hash = $2", company, hash);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        keys = reader.GetFieldValue<string[]>(0);
        Keep(company, hash, keys);
        return keys;
    }

    // Only a shortcut.
    private void Keep(Guid company, long hash, string[] keys)
    {
        if (known.Count >= MostRemembered)
            known.Clear();
        known[(company, hash)] = keys;
    }
}
