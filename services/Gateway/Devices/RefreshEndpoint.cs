using System.Security.Cryptography;
using System.Text;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Devices;

/// <summary>What a device sends for a new access token.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="RefreshToken">Its refresh token.</param>
/// <param name="Signature">Base64 of the device key's ECDSA-SHA256 (64 bytes, r and s) over <c>deviceId.refreshToken</c> in UTF-8, the id in lower case.</param>
internal sealed record RefreshRequest(Guid DeviceId, string? RefreshToken, string? Signature);

internal sealed record RefreshAnswer(string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken);

/// <summary>Exchanges a refresh token, signed by the device key, for a new pair.</summary>
internal sealed class RefreshEndpoint(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, AccessTokens tokens, RefreshTokens refreshTokens)
{
    private static readonly IResult Denied = Problems.Unauthorized(
        "device.denied", "These credentials are not valid any more. The device keeps its data; ask the office for a new code.");

    public async Task<IResult> HandleAsync(RefreshRequest request, CancellationToken stop)
    {
        if (request is not { RefreshToken.Length: > 0 and <= 100, Signature.Length: > 0 and <= 200 })
            return Problems.Bad("refresh.incomplete", "Send deviceId, refreshToken and signature.");

        await using var find = auth.CreateCommand("select company_id from find_device($1)");
        find.Parameters.Add(new NpgsqlParameter { Value = request.DeviceId });
        if (await find.ExecuteScalarAsync(stop) is not Guid company)
            return Denied;

        await using var connection = await database.OpenConnectionAsync(stop);
        if (await FindDeviceAsync(connection, company, request.DeviceId, stop) is not { } found || !Signed(request, found.PublicKey))
            return Denied;

        var hash = Secrets.Hash(request.RefreshToken);
        if (!await refreshTokens.UseAsync(connection, company, request.DeviceId, hash, stop))
            return Denied;

        var refreshToken = await refreshTokens.IssueAsync(connection, found.Device, hash, stop);
        var (accessToken, expiresAt) = tokens.Create(found.Device);
        return Results.Ok(new RefreshAnswer(accessToken, expiresAt, refreshToken));
    }

    private static async Task<(DeviceIdentity Device, byte[] PublicKey)?> FindDeviceAsync(NpgsqlConnection connection, Guid company, Guid id, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select rep_id, branch_id, public_key from device where company_id = $1 and device_id = $2 and revoked_at is null", company, id);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop)
            ? (new DeviceIdentity(company, id, reader.GetGuid(0), reader.GetGuid(1)), reader.GetFieldValue<byte[]>(2))
            : null;
    }

    private static bool Signed(RefreshRequest request, byte[] publicKey)
    {
        var signature = new byte[64];
        if (!Convert.TryFromBase64String(request.Signature!, signature, out var length) || length != 64)
            return false;

        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(Encoding.UTF8.GetBytes($"{request.DeviceId:D}.{request.RefreshToken}"), signature, HashAlgorithmName.SHA256);
    }
}
