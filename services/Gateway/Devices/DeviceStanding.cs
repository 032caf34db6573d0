using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Devices;

/// <summary>How a device stands, read from its row with each request: an access token alone says only how it stood when it was made.</summary>
/// <param name="Gone">Revoked, or not there at all.</param>
/// <param name="UserDisabled">The office has switched its rep off: records are stored and wait.</param>
/// <param name="Class">phone, tablet or register.</param>
internal sealed record DeviceStanding(bool Gone, bool UserDisabled, string Class)
{
    public const string Code = "device.revoked";

    /// <summary>The one answer to a device that is gone.</summary>
    public static readonly IResult Refusal = Problems.Unauthorized(Code, "This device was revoked by the office. Nothing was taken; it keeps its data. Ask the office.");

    /// <summary>Adds the question to a batch that is sent anyway.</summary>
    public static void Add(NpgsqlBatch batch, DeviceIdentity device) => batch.Add("""
        select d.revoked_at is not null, r.disabled, d.class from device d join rep r on r.company_id = d.company_id and r.rep_id = d.rep_id
        where d.company_id = $1 and d.device_id = $2
        """, device.CompanyId, device.DeviceId);

    /// <summary>Reads the answer where the reader stands at it.</summary>
    public static async Task<DeviceStanding> ReadAsync(NpgsqlDataReader reader, CancellationToken stop) =>
        await reader.ReadAsync(stop) ? new DeviceStanding(reader.GetBoolean(0), reader.GetBoolean(1), reader.GetString(2)) : new DeviceStanding(Gone: true, UserDisabled: false, Class: "");
}

/// <summary>Marks an endpoint that asks how its device stands together with what else it reads; all others are asked for before they run.</summary>
internal sealed class AsksForStandingItself;

/// <summary>Asks for each request of a device how it stands, before its endpoint runs.</summary>
internal static class UseDeviceStandingExtensions
{
    public static void UseDeviceStanding(this WebApplication app)
    {
        var database = app.Services.GetRequiredService<NpgsqlDataSource>();
        app.Use(async (http, next) =>
        {
            if (http.Features.Get<DeviceIdentity>() is { } device && http.GetEndpoint()?.Metadata.GetMetadata<AsksForStandingItself>() is null
                && (await LookAsync(database, device, http.RequestAborted)).Gone)
                await DeviceStanding.Refusal.ExecuteAsync(http);
            else
                await next(http);
        });
    }

    private static async Task<DeviceStanding> LookAsync(NpgsqlDataSource database, DeviceIdentity device, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        DeviceStanding.Add(batch, device);
        await using var reader = await batch.ReadAsync(stop);
        return await DeviceStanding.ReadAsync(reader, stop);
    }
}
