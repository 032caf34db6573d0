using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync.Looks;

/// <summary>For each moment that is asked for, whether the rep had last come or gone before it.</summary>
internal sealed class AttendanceLook : ILook
{
    public bool Add(NpgsqlBatch batch, Guid company, Wanted wanted)
    {
        if (wanted.AttendanceBefore.Count > 0)
            batch.Add("""
                select distinct b.record_id, b.step, b.captured_at from unnest($3::timestamptz[]) as w (at) cross join lateral (
                    select a.record_id, a.step, a.captured_at from activity a
                    where a.company_id = $1 and a.rep_id = $2 and a.type = 'attendance' and a.captured_at < w.at order by a.captured_at desc limit 1) b
                """, company, wanted.Rep, wanted.AttendanceBefore.ToArray());
        return wanted.AttendanceBefore.Count > 0;
    }

    public async Task ReadAsync(NpgsqlDataReader reader, Known known, CancellationToken stop)
    {
        while (await reader.ReadAsync(stop))
            known.Attendance.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)));
    }
}
