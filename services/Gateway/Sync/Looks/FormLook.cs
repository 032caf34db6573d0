using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Activities.Forms;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>The versions of forms that were filled in.</summary>
internal sealed class FormLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.Forms.Count > 0)
            batch.Add("""
                select f.name, f.version, f.fields::text from unnest($2::text[], $3::int[]) as w (name, version)
                join form_version f on f.company_id = $1 and f.name = w.name and f.version = w.version
                """, company, wanted.Forms.Select(form => form.Name).ToArray(), wanted.Forms.Select(form => form.Version).ToArray());
        return wanted.Forms.Count > 0;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.Forms[(reader.GetString(0), reader.GetInt32(1))] = JsonSerializer.Deserialize<List<FormField>>(reader.GetString(2), ContractJson.Options)!;
    }
}
