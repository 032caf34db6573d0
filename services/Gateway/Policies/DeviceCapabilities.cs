using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Policies;

/// <summary>What can be captured, and whether this device can do it offline.</summary>
internal sealed record CaptureCapability(string Operation, bool Offline);

/// <summary>What a device can do offline and what it needs a connection for.</summary>
/// <param name="Class">phone, tablet or register, as the office has it.</param>
/// <param name="Captures">What it captures; what has happened, sales and receipts, is always taken.</param>
/// <param name="Operations">Everything else, as for all devices.</param>
internal sealed record DeviceCapabilitiesAnswer(string Class, IReadOnlyList<CaptureCapability> Captures, IReadOnlyList<OperationCapability> Operations);

/// <summary>Tells a device what its class can do offline: the same list that what it sends is judged by.</summary>
internal sealed class DeviceCapabilities(NpgsqlDataSource database, Capabilities capabilities)
{
    public async Task<IResult> HandleAsync(HttpContext http, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        DeviceStanding.Add(batch, device);
        batch.Add("select name, value::text from company_setting where company_id = $1 and name = any($2)", device.CompanyId, Policy.Asked);
        await using var reader = await batch.ReadAsync(stop);
        var standing = await DeviceStanding.ReadAsync(reader, stop);
        await reader.NextResultAsync(stop);
        var policy = new Policy();
        while (await reader.ReadAsync(stop))
            policy.Set(reader.GetString(0), reader.GetString(1));
        var needed = policy.NeedsConnectionOf(standing.Class);
        return Results.Ok(new DeviceCapabilitiesAnswer(standing.Class, [.. Policy.Operations.Select(operation => new CaptureCapability(operation, !needed.Contains(operation)))], capabilities.Answer.Operations));
    }
}
