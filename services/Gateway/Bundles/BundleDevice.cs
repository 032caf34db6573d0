using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Bundles;

/// <summary>The device that wrote a bundle, as the office has it now.</summary>
/// <param name="Identity">As whose its records are taken.</param>
/// <param name="PublicKey">What its signature is checked with.</param>
/// <param name="Name">For people.</param>
/// <param name="IsRevoked">Lost or taken out of service: its records wait for the office.</param>
internal sealed record BundleDevice(DeviceIdentity Identity, byte[] PublicKey, string Name, bool IsRevoked)
{
    public static async Task<BundleDevice?> FindAsync(NpgsqlDataSource database, Guid company, Guid device, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select rep_id, branch_id, public_key, coalesce(name, hardware_id), revoked_at is not null from device where company_id = $1 and device_id = $2", company, device);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop)
            ? new BundleDevice(new DeviceIdentity(company, device, reader.GetGuid(0), reader.GetGuid(1)), reader.GetFieldValue<byte[]>(2), reader.GetString(3), reader.GetBoolean(4))
            : null;
    }
}
