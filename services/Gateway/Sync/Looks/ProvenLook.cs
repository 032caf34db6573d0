using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>Which of the records that come with the proof of an earlier verdict still stand.</summary>
internal sealed class ProvenLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.Proven.Count > 0)
            batch.Add("select record_id from record where company_id = $1 and record_id = any($2)", company, wanted.Proven.ToArray());
        return wanted.Proven.Count > 0;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.ProvenStanding.Add(reader.GetGuid(0));
    }
}
