using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>The steps that visits have had so far.</summary>
internal sealed class VisitLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.Visits.Count > 0)
            batch.Add("""
                select a.visit_id, a.record_id, a.step, a.captured_at from activity a join record r on r.company_id = $1 and r.record_id = a.record_id and r.rev = a.rev
                where a.company_id = $1 and a.visit_id = any($2) and a.type = 'visit' and a.step is not null and r.state <> 'refused'
                """, company, wanted.Visits.ToArray());
        return wanted.Visits.Count > 0;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.VisitSteps.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
    }
}
