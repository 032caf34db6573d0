using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;
using OrderSync.Gateway.Sync.Looks;

namespace OrderSync.Gateway.Lots;

/// <summary>Which lots and serial numbers of lines are known, and which items have any.</summary>
internal sealed class LotLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.Lots.Count == 0)
            return false;
        var lots = wanted.Lots.ToList();
        batch.Add("""
            select w.sku, w.kind, w.number, exists (select from lot l where l.company_id = $1 and l.sku = w.sku and l.kind = w.kind and l.number = w.number and not l.removed)
            from unnest($2::text[], $3::text[], $4::text[]) as w (sku, kind, number) where exists (select from lot l where l.company_id = $1 and l.sku = w.sku and l.kind = w.kind)
            """, company, lots.Select(lot => lot.Sku).ToArray(), lots.Select(lot => lot.Kind).ToArray(), lots.Select(lot => lot.Number).ToArray());
        return true;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
        {
            known.Tracked.Add((reader.GetString(0), reader.GetString(1)));
            if (reader.GetBoolean(3))
                known.Lots.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }
    }
}
