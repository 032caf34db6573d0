using System.Text.Json;
using Npgsql;
using OrderSync.Contracts;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Devices;

/// <summary>Setup switches as somebody sets them; one that is absent stays as it is.</summary>
/// <param name="IncrementalSync">Whether the app brings what has changed whenever it opens.</param>
/// <param name="OfflineMode">Whether the app works without a connection.</param>
internal sealed record SwitchesRequest(bool? IncrementalSync, bool? OfflineMode);

/// <summary>A setup switch of a device.</summary>
/// <param name="Name">incrementalSync or offlineMode.</param>
/// <param name="On">Absent while nobody has set it: the app has it as it was installed.</param>
/// <param name="ChangedAt">When it was last changed.</param>
/// <param name="ChangedBy">Who changed it.</param>
internal sealed record DeviceSwitch(string Name, bool? On, DateTimeOffset? ChangedAt, string? ChangedBy);

internal sealed record SwitchList(IReadOnlyList<DeviceSwitch> Switches);

/// <summary>The setup switches of devices, with who changed each last: the person on the device, or the office. The device learns of the office's word with its own data.</summary>
internal sealed class DeviceSwitches(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Of a device d: its switches, for <see cref="Read"/>.</summary>
    public const string Column = """
        (select jsonb_agg(jsonb_build_object('name', s.name, 'on', s.is_on, 'changedAt', s.changed_at, 'changedBy', s.changed_by))::text
            from device_switch s where s.company_id = d.company_id and s.device_id = d.device_id)
        """;

    private static readonly string[] Names = ["incrementalSync", "offlineMode"];

    // The same again is no change: who set it first stays.
    private const string Set = """
        insert into device_switch (company_id, device_id, name, is_on, changed_at, changed_by)
        select $1, d.device_id, w.name, w.is_on, $3, coalesce($6, r.name || ', on the device') from unnest($4::text[], $5::boolean[]) as w (name, is_on)
        join device d on d.company_id = $1 and d.device_id = $2 join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id
        on conflict (company_id, device_id, name) do update set is_on = excluded.is_on, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        where device_switch.is_on <> excluded.is_on
        """;

    private const string Select = $"select d.device_id, {Column} from device d where d.company_id = $1 and d.device_id = $2";

    public async Task<IResult> SetAsync(HttpContext http, SwitchesRequest request, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        return WhyNot(request) ?? Results.Ok(new SwitchList((await SetAsync(device.CompanyId, device.DeviceId, request, null, stop))!));
    }

    public async Task<IResult> SetAsync(OfficeIdentity office, Guid device, SwitchesRequest request, CancellationToken stop)
    {
        if (WhyNot(request) is { } wrong)
            return wrong;
        return await SetAsync(office.CompanyId, device, request, office, stop) is { } switches ? Results.Ok(new SwitchList(switches)) : Problems.NotFound("device.unknown", "No device with this id.");
    }

    /// <summary>Both switches, from <see cref="Column"/>.</summary>
    public static IReadOnlyList<DeviceSwitch> Read(string? column)
    {
        var set = column is null ? [] : JsonSerializer.Deserialize<List<DeviceSwitch>>(column, ContractJson.Options)!;
        return [.. Names.Select(name => set.Find(one => one.Name == name) ?? new DeviceSwitch(name, null, null, null))];
    }

    private async Task<IReadOnlyList<DeviceSwitch>?> SetAsync(Guid company, Guid device, SwitchesRequest request, OfficeIdentity? office, CancellationToken stop)
    {
        (string Name, bool? On)[] wanted = [(Names[0], request.IncrementalSync), (Names[1], request.OfflineMode)];
        var set = wanted.Where(one => one.On is not null).ToList();
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var look = CompanyBatch.For(connection, company, transaction);
        look.Add($"{Select} for no key update", company, device);
        if (await ReadAsync(look, stop) is not { } before)
            return null;

        await using var batch = CompanyBatch.For(connection, company, transaction);
        var who = office?.Name;
        batch.Add(Set, company, device, now, set.Select(one => one.Name).ToArray(), set.Select(one => one.On!.Value).ToArray(), CompanyBatch.Maybe(who));
        if (office is not null)
            AuditLog.Add(batch, office, now, "device.switches", device.ToString(), before.ToDictionary(one => one.Name, one => one.On), request);
        batch.Add(Select, company, device);
        var after = await ReadAsync(batch, stop);
        await transaction.CommitAsync(stop);
        return after;
    }

    private static async Task<IReadOnlyList<DeviceSwitch>?> ReadAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? Read(reader.IsDBNull(1) ? null : reader.GetString(1)) : null;
    }

    private static IResult? WhyNot(SwitchesRequest request) => request is { IncrementalSync: null, OfflineMode: null }
        ? Problems.Bad("device.switches", "Send incrementalSync, offlineMode or both, each true or false.")
        : null;
}
