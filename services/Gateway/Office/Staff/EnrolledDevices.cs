using System.Collections.Frozen;
using Npgsql;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Staff;

internal sealed record RevokeRequest(string? Reason);

/// <param name="Class">phone, tablet or register.</param>
internal sealed record ClassRequest(string? Class);

internal sealed record DeviceList(IReadOnlyList<DeviceRow> Devices, Guid? Next);

/// <summary>A company's devices. A revoked one is refused from its next request on, keeps its data, and may be restored when it is found again.</summary>
internal sealed class EnrolledDevices(NpgsqlDataSource database, TimeProvider time)
{
    private const int MostReason = 200;
    private const int MostSearch = 200;

    // Each is an exact condition, so that counting and listing agree.
    private static readonly FrozenDictionary<string, string> States = new Dictionary<string, string>
    {
        ["active"] = "d.revoked_at is null",
        ["revoked"] = "d.revoked_at is not null",
        ["waiting"] = "d.revoked_at is null and d.waiting > 0",
        ["clockWrong"] = "d.revoked_at is null and abs(d.skew_ms) > 600000",
        ["neverPushed"] = "d.revoked_at is null and d.last_push_at is null",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public async Task<IResult> ListAsync(OfficeIdentity office, string? state, string? search, Guid? after, int? limit, CancellationToken stop)
    {
        if (state is not null && !States.ContainsKey(state))
            return Problems.Bad("device.state", $"state is one of {string.Join(", ", States.Keys.Order(StringComparer.Ordinal))}.");
        if (search?.Length > MostSearch || search?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.Bad("search.text", $"search is longer than {MostSearch} characters or contains a NUL character. Give a shorter text.");
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"""
            {DeviceRows.Select} where d.company_id = $1 and ($2::uuid is null or d.device_id > $2) and {(state is null ? "true" : States[state])}
                and ($4::text is null or position(lower($4) in lower(coalesce(d.name, '') || ' ' || d.hardware_id || ' ' || r.name || ' ' || b.code || ' ' || b.name || ' ' || coalesce(d.app, ''))) > 0)
            order by d.device_id limit $3
            """, office.CompanyId, CompanyBatch.Maybe(after), Page.Size(limit), CompanyBatch.Maybe(string.IsNullOrWhiteSpace(search) ? null : search.Trim()));
        var rows = await DeviceRows.ReadAsync(batch, stop);
        return Results.Ok(new DeviceList(rows, rows.Count == Page.Size(limit) ? rows[^1].Id : null));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{DeviceRows.Select} where d.company_id = $1 and d.device_id = $2", office.CompanyId, id);
        return await DeviceRows.ReadAsync(batch, stop) is [var device] ? Results.Ok(device) : Unknown();
    }

    public Task<IResult> RevokeAsync(OfficeIdentity office, Guid id, RevokeRequest request, CancellationToken stop) =>
        string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MostReason
            ? Task.FromResult(Problems.Bad("device.reason", $"Send reason ({MostReason} characters at most), such as \"lost\"."))
            : SetAsync(office, id, "device.revoke", request.Reason, stop);

    public Task<IResult> RestoreAsync(OfficeIdentity office, Guid id, CancellationToken stop) => SetAsync(office, id, "device.restore", null, stop);

    /// <summary>Says what kind of device it is: what is only for another kind leaves it, what is for this one comes.</summary>
    public async Task<IResult> ClassifyAsync(OfficeIdentity office, Guid id, ClassRequest request, CancellationToken stop)
    {
        if (!Scope.Classes.Contains(request.Class))
            return Problems.Bad("device.class", $"Send class: {string.Join(", ", Scope.Classes)}.");
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var look = CompanyBatch.For(connection, office.CompanyId, transaction);
        look.Add($"{DeviceRows.Select} where d.company_id = $1 and d.device_id = $2 for no key update of d", office.CompanyId, id);
        if (await DeviceRows.ReadAsync(look, stop) is not [var device])
            return Unknown();
        if (device.Class == request.Class)
            return Results.Ok(device);

        await using var change = CompanyBatch.For(connection, office.CompanyId, transaction);
        change.Add("update device set class = $3 where company_id = $1 and device_id = $2", office.CompanyId, id, request.Class!);
        AuditLog.Add(change, office, time.GetUtcNow(), "device.class", id.ToString(), new { device.Class }, new { request.Class });
        await change.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return Results.Ok(device with { Class = request.Class! });
    }

    // A repeat changes nothing: the first revocation's time and reason stay.
    private async Task<IResult> SetAsync(OfficeIdentity office, Guid id, string action, string? reason, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var look = CompanyBatch.For(connection, office.CompanyId, transaction);
        look.Add($"{DeviceRows.Select} where d.company_id = $1 and d.device_id = $2 for no key update of d", office.CompanyId, id);
        if (await DeviceRows.ReadAsync(look, stop) is not [var device])
            return Unknown();
        if ((device.RevokedAt is null) == (reason is null))
            return Results.Ok(device);

        await using var change = CompanyBatch.For(connection, office.CompanyId, transaction);
        change.Add("update device set revoked_at = $3, revoked_reason = $4 where company_id = $1 and device_id = $2",
            office.CompanyId, id, CompanyBatch.Maybe(reason is null ? null : (DateTimeOffset?)now), CompanyBatch.Maybe(reason));
        AuditLog.Add(change, office, now, action, id.ToString(), new { device.RevokedAt, device.RevokedReason }, new { RevokedAt = reason is null ? null : (DateTimeOffset?)now, RevokedReason = reason });
        change.Add($"{DeviceRows.Select} where d.company_id = $1 and d.device_id = $2", office.CompanyId, id);
        var after = await DeviceRows.ReadAsync(change, stop);
        await transaction.CommitAsync(stop);
        return Results.Ok(after[0]);
    }

    private static IResult Unknown() => Problems.NotFound("device.unknown", "No device with this id.");
}
