using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Staff;

internal sealed record RevokeRequest(string? Reason);

/// <summary>
/// A device as the office sees it. <c>SkewSeconds</c>: how far its clock was behind ours at its last push. <c>Flags</c>, what to look at:
/// revoked, userDisabled, clockWrong, sameHardware, neverPushed.
/// </summary>
internal sealed record DeviceRow(
    Guid Id, string? Name, string HardwareId, Guid RepId, string Rep, string Branch, DateTimeOffset EnrolledAt, DateTimeOffset? LastPushAt, double? SkewSeconds,
    DateTimeOffset? RevokedAt, string? RevokedReason, IReadOnlyList<string> Flags);

internal sealed record DeviceList(IReadOnlyList<DeviceRow> Devices, Guid? Next);

/// <summary>A company's devices. A revoked one is refused from its next request on, keeps its data, and may be restored when it is found again.</summary>
internal sealed class EnrolledDevices(NpgsqlDataSource database, TimeProvider time)
{
    private const int MostReason = 200;

    // A document's date is corrected beyond this.
    private static readonly TimeSpan SkewToMention = TimeSpan.FromMinutes(10);

    private const string Select = """
        select d.device_id, d.name, d.hardware_id, r.rep_id, r.name, b.code, d.enrolled_at, d.last_push_at, d.skew_ms, d.revoked_at, d.revoked_reason, r.disabled,
            exists (select from device o where o.company_id = d.company_id and o.hardware_id = d.hardware_id and o.device_id <> d.device_id)
        from device d join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id join branch b on b.company_id = d.company_id and b.branch_id = d.branch_id
        """;

    public async Task<IResult> ListAsync(OfficeIdentity office, Guid? after, int? limit, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} where d.company_id = $1 and ($2::uuid is null or d.device_id > $2) order by d.device_id limit $3", office.CompanyId, CompanyBatch.Maybe(after), Page.Size(limit));
        var rows = await ReadAsync(batch, stop);
        return Results.Ok(new DeviceList(rows, rows.Count == Page.Size(limit) ? rows[^1].Id : null));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} where d.company_id = $1 and d.device_id = $2", office.CompanyId, id);
        return await ReadAsync(batch, stop) is [var device] ? Results.Ok(device) : Unknown();
    }

    public Task<IResult> RevokeAsync(OfficeIdentity office, Guid id, RevokeRequest request, CancellationToken stop) =>
        string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MostReason
            ? Task.FromResult(Problems.Bad("device.reason", $"Send reason ({MostReason} characters at most), such as \"lost\"."))
            : SetAsync(office, id, "device.revoke", request.Reason, stop);

    public Task<IResult> RestoreAsync(OfficeIdentity office, Guid id, CancellationToken stop) => SetAsync(office, id, "device.restore", null, stop);

    // A repeat changes nothing: the first revocation's time and reason stay.
    private async Task<IResult> SetAsync(OfficeIdentity office, Guid id, string action, string? reason, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var look = CompanyBatch.For(connection, office.CompanyId, transaction);
        look.Add($"{Select} where d.company_id = $1 and d.device_id = $2 for no key update of d", office.CompanyId, id);
        if (await ReadAsync(look, stop) is not [var device])
            return Unknown();
        if ((device.RevokedAt is null) == (reason is null))
            return Results.Ok(device);

        await using var change = CompanyBatch.For(connection, office.CompanyId, transaction);
        change.Add("update device set revoked_at = $3, revoked_reason = $4 where company_id = $1 and device_id = $2",
            office.CompanyId, id, CompanyBatch.Maybe(reason is null ? null : (DateTimeOffset?)now), CompanyBatch.Maybe(reason));
        AuditLog.Add(change, office, now, action, id.ToString(), new { device.RevokedAt, device.RevokedReason }, new { RevokedAt = reason is null ? null : (DateTimeOffset?)now, RevokedReason = reason });
        change.Add($"{Select} where d.company_id = $1 and d.device_id = $2", office.CompanyId, id);
        var after = await ReadAsync(change, stop);
        await transaction.CommitAsync(stop);
        return Results.Ok(after[0]);
    }

    private static IResult Unknown() => Problems.NotFound("device.unknown", "No device with this id.");

    private static async Task<List<DeviceRow>> ReadAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var rows = new List<DeviceRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var skew = reader.IsDBNull(8) ? (double?)null : reader.GetInt64(8) / 1000.0;
            DateTimeOffset? lastPush = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7);
            DateTimeOffset? revoked = reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9);
            string?[] flags =
            [
                revoked is null ? null : "revoked", reader.GetBoolean(11) ? "userDisabled" : null, Math.Abs(skew ?? 0) > SkewToMention.TotalSeconds ? "clockWrong" : null,
                reader.GetBoolean(12) ? "sameHardware" : null, lastPush is null ? "neverPushed" : null,
            ];
            rows.Add(new(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), reader.GetGuid(3), reader.GetString(4), reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(6), lastPush, skew, revoked, reader.IsDBNull(10) ? null : reader.GetString(10), [.. flags.OfType<string>()]));
        }

        return rows;
    }
}
