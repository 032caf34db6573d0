using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Devices;

/// <summary>
/// What a device may know of itself. Where <c>UserDisabled</c>, its rep is switched off: what it sends is stored and waits. <c>Switches</c>: as they were last set, on the device or
/// by the office.
/// </summary>
internal sealed record DeviceSelf(
    Guid DeviceId, Guid CompanyId, string? Name, EnrolledRep Rep, string Branch, bool UserDisabled, DateTimeOffset EnrolledAt, DateTimeOffset? LastPushAt, DateTimeOffset Time,
    IReadOnlyList<DeviceSwitch> Switches);

/// <summary>Tells a device how the office has it: after a rename, another branch, a rep switched off.</summary>
internal sealed class SelfEndpoint(NpgsqlDataSource database, TimeProvider time)
{
    public async Task<IResult> HandleAsync(HttpContext http, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        batch.Add($"""
            select d.name, r.rep_id, r.name, b.code, d.enrolled_at, d.last_push_at, r.disabled, {DeviceSwitches.Column} from device d
            join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id join branch b on b.company_id = d.company_id and b.branch_id = d.branch_id
            where d.company_id = $1 and d.device_id = $2
            """, device.CompanyId, device.DeviceId);
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return Results.Ok(new DeviceSelf(
            device.DeviceId, device.CompanyId, reader.IsDBNull(0) ? null : reader.GetString(0), new EnrolledRep(reader.GetGuid(1), reader.GetString(2)), reader.GetString(3),
            reader.GetBoolean(6), reader.GetFieldValue<DateTimeOffset>(4), reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5), time.GetUtcNow(), DeviceSwitches.Read(reader.IsDBNull(7) ? null : reader.GetString(7))));
    }
}
