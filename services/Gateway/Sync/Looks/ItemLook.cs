using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>The items that lines name.</summary>
internal sealed class ItemLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.Skus.Count > 0)
            batch.Add("select sku, active, minimum_quantity, quantity_step, needs_connection or has_modifiers from item where company_id = $1 and sku = any($2)", company, wanted.Skus.ToArray());
        return wanted.Skus.Count > 0;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.Items[reader.GetString(0)] = new(reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetDecimal(2), reader.IsDBNull(3) ? null : reader.GetDecimal(3), reader.GetBoolean(4));
    }
}
