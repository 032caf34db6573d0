using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>How the records stand that others need first. A customer that is not there may stand refused: then the record that names it says so.</summary>
internal sealed class AwaitedLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted is { Awaited.Count: 0, Customers.Count: 0 })
            return false;
        batch.Add("""
            select r.record_id, r.state, r.reference from unnest($2::uuid[]) as w (id) join record r on r.company_id = $1 and r.record_id = w.id
            where not exists (select from customer c where c.company_id = $1 and c.customer_id = w.id)
            """, company, wanted.Awaited.Union(wanted.Customers).ToArray());
        return true;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.Records[reader.GetGuid(0)] = new(reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2));
    }
}
