using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities.Forms;

/// <summary>Forms that were filled in with a version nobody knew: once it is published they are judged by it, and go on or go back to the device.</summary>
internal sealed class HeldResponses(NpgsqlDataSource database, Releases releases, FeedSignal feed)
{
    public async Task LookAgainAsync(Guid company, FormVersion form, CancellationToken stop)
    {
        while (await TurnAsync(company, form, stop) == PushLimits.Chunk)
            continue;
        releases.Look();
    }

    private async Task<int> TurnAsync(Guid company, FormVersion form, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var held = await ReadAsync(connection, transaction, company, form, stop);
        if (held.Count == 0)
            return 0;

        var judged = held.Select(one => (one.Id, Fault: FormResponses.WhyNot(one.Form.Answers, form.Fields))).ToList();
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        // What is right waits for nothing any more: it is released at once.
        batch.Add("""
            update record r set state = case when v.code is null then 'waiting' else 'refused' end, code = v.code, field = v.field, params = v.params::jsonb
            from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as v (id, code, field, params) where r.company_id = $1 and r.record_id = v.id
            """, company, judged.Select(one => one.Id).ToArray(), judged.Select(one => one.Fault?.Code).ToArray(), judged.Select(one => one.Fault?.Field).ToArray(),
            judged.Select(one => one.Fault?.ParamsJson()?.ToJsonString()).ToArray());
        RecordRows.AddLast(batch, company, [.. judged.Select(one => one.Id)], []);
        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(stop);
        feed.Committed(company);
        return held.Count;
    }

    private static async Task<List<(Guid Id, FormBody Form)>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, FormVersion form, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("""
            select r.record_id, c.bytes from record r
            join capture c on c.company_id = r.company_id and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
            where r.company_id = $1 and r.state = 'held' and r.code = $2 and r.params ->> 'form' = $3 and r.params ->> 'version' = $4
            order by r.record_id limit $5 for no key update of r
            """, company, FormResponses.VersionUnknown, form.Name, Figures.Text(form.Version), PushLimits.Chunk);
        var held = new List<(Guid, FormBody)>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            held.Add((reader.GetGuid(0), PushedRecord.BodyOf(reader.GetFieldValue<byte[]>(1)).Deserialize<ActivityBody>(ContractJson.Options)!.Form!));
        return held;
    }
}
