using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;
using OrderSync.Gateway.Sync.Looks;

namespace OrderSync.Gateway.Policies;

/// <summary>What the company has set for the rules.</summary>
internal sealed class PolicyLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        batch.Add("select name, value::text from company_setting where company_id = $1 and name = any($2)", company, Policy.Asked);
        return true;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.Policy.Set(reader.GetString(0), reader.GetString(1));
    }
}
