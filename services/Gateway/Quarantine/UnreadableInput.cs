using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Quarantine;

/// <summary>
/// Keeps input that has no id to be stored under: its bytes by their hash, once, under a quota for each device and day. What goes beyond the quota is counted.
/// </summary>
internal sealed class UnreadableInput(NpgsqlDataSource database, IOptions<QuarantineSettings> settings)
{
    /// <summary>Keeps the records that have no id; false when the device was revoked, then nothing is kept.</summary>
    public async Task<bool> KeepAsync(Push push, IReadOnlyList<PushedRecord> records, CancellationToken stop)
    {
        // In the order of their hashes, so that two pushes with the same input never dead-lock.
        var rows = records.DistinctBy(record => Convert.ToHexString(record.Sha256)).OrderBy(record => Convert.ToHexString(record.Sha256), StringComparer.Ordinal).ToList();
        var company = push.Device.CompanyId;
        var day = DateOnly.FromDateTime(push.ReceivedAt.UtcDateTime);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select revoked_at is null from device where company_id = $1 and device_id = $2", company, push.Device.DeviceId);
        // Its row is locked by this: two pushes of one device count one after the other.
        batch.Add("""
            insert into unreadable_day (company_id, device_id, day) select company_id, device_id, $3 from device where company_id = $1 and device_id = $2 and revoked_at is null
            on conflict (company_id, device_id, day) do update set kept = unreadable_day.kept
            """, company, push.Device.DeviceId, day);
        batch.Add("""
            with came as (select * from unnest($4::bytea[], $5::bytea[]) with ordinality as c (sha256, bytes, ord)),
            again as (
                update unreadable u set times = u.times + 1, last_at = $6 from came c where u.company_id = $1 and u.sha256 = c.sha256 returning u.sha256),
            fresh as (
                select c.*, count(*) over (order by c.ord) as place, sum(length(c.bytes)) over (order by c.ord) as running from came c
                where not exists (select from unreadable u where u.company_id = $1 and u.sha256 = c.sha256)),
            kept as (
                insert into unreadable (company_id, sha256, bytes, device_id, first_at, last_at)
                select $1, f.sha256, f.bytes, $2, $6, $6 from fresh f join unreadable_day d on d.company_id = $1 and d.device_id = $2 and d.day = $3
                where d.kept + f.place <= $7 and d.bytes + f.running <= $8
                on conflict (company_id, sha256) do update set times = unreadable.times + 1, last_at = excluded.last_at
                returning length(bytes) as bytes)
            update unreadable_day d set kept = d.kept + k.rows, bytes = d.bytes + k.bytes, dropped = d.dropped + (select count(*) from fresh) - k.rows
            from (select count(*) as rows, coalesce(sum(bytes), 0) as bytes from kept) k
            where d.company_id = $1 and d.device_id = $2 and d.day = $3
            """,
            company, push.Device.DeviceId, day, rows.Select(record => record.Sha256).ToArray(), rows.Select(record => record.Bytes.ToArray()).ToArray(), push.ReceivedAt,
            settings.Value.RowsADay, settings.Value.BytesADay);
        await using var reader = await batch.ReadAsync(stop);
        var kept = await reader.ReadAsync(stop) && reader.GetBoolean(0);
        await reader.EndAsync(stop);
        return kept;
    }
}
