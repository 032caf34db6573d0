using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>The price lists that lines were priced by, as they are now.</summary>
internal sealed class PriceListLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.PriceLists.Count == 0)
            return false;
        batch.Add("""
            select w.key, p.version, p.name from unnest($2::text[]) as w (key)
            join price_list p on p.company_id = $1 and p.connection_id = split_part(w.key, '/', 1)::uuid and p.key = substr(w.key, 38)
            """, company, wanted.PriceLists.ToArray());
        return true;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.PriceLists[reader.GetString(0)] = new(reader.GetInt64(1), reader.GetString(2));
    }
}
