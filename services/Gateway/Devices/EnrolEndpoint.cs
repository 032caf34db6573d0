using System.Security.Cryptography;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Devices;

/// <summary>What a device sends to enrol.</summary>
/// <param name="Code">One-time code of the office.</param>
/// <param name="HardwareId">Stable id of the hardware.</param>
/// <param name="PublicKey">Base64 SubjectPublicKeyInfo of a P-256 key made on the device.</param>
/// <param name="Name">Name for people, such as "Ada's phone".</param>
internal sealed record EnrolRequest(string? Code, string? HardwareId, string? PublicKey, string? Name);

/// <summary>What an enrolled device gets.</summary>
internal sealed record EnrolAnswer(
    Guid DeviceId, Guid CompanyId, EnrolledRep Rep, string Branch, string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken);

internal sealed record EnrolledRep(Guid Id, string Name);

/// <summary>Exchanges a one-time code for credentials. The code is bound to the first device key that presents it and may be exchanged again by that key.</summary>
internal sealed class EnrolEndpoint(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, AccessTokens tokens, RefreshTokens refreshTokens, TimeProvider time)
{
    public async Task<IResult> HandleAsync(EnrolRequest request, CancellationToken stop)
    {
        if (request is not { Code.Length: > 0 and <= 40, HardwareId.Length: > 0 and <= 200, PublicKey.Length: > 0 and <= 400 } || request.Name?.Length > 100)
            return Problems.Bad("enrol.incomplete", "Send code, hardwareId (200 characters at most) and publicKey.");
        if (ReadKey(request.PublicKey) is not { } publicKey)
            return Problems.Bad("enrol.key", "publicKey is the base64 of a P-256 SubjectPublicKeyInfo.");

        var codeHash = Secrets.HashOfCode(request.Code);
        if (await FindCompanyAsync(codeHash, stop) is not { } company)
            return Problems.NotFound("enrol.codeUnknown", "This code is not known. Ask the office for a new one.");

        await using var connection = await database.OpenConnectionAsync(stop);
        var newId = Guid.CreateVersion7();
        await using var batch = CompanyBatch.For(connection, company);
        // The same hardware with the same key stays the same device, whichever code it comes with.
        batch.Add("""
            insert into device (company_id, device_id, hardware_id, name, public_key, rep_id, branch_id)
            select company_id, $2, $3, $4, $5, rep_id, branch_id from enrolment_code where company_id = $6 and hash = $1
                and expires_at > $7 and device_id is null
            on conflict (company_id, hardware_id, sha256(public_key)) do update set name = excluded.name, rep_id = excluded.rep_id, branch_id = excluded.branch_id
            """, codeHash, newId, request.HardwareId, CompanyBatch.Maybe(request.Name), publicKey, company, time.GetUtcNow());
        batch.Add("""
            update enrolment_code c set device_id = d.device_id from device d
            where c.company_id = $4 and c.hash = $1 and c.device_id is null and c.expires_at > $5
                and d.company_id = c.company_id and d.hardware_id = $2 and sha256(d.public_key) = sha256($3)
            """, codeHash, request.HardwareId, publicKey, company, time.GetUtcNow());
        batch.Add("""
            select d.device_id, d.public_key, d.revoked_at, c.expires_at, r.rep_id, r.name, b.branch_id, b.code
            from enrolment_code c
            left join device d on d.company_id = c.company_id and d.device_id = c.device_id
            join rep r on r.company_id = c.company_id and r.rep_id = coalesce(d.rep_id, c.rep_id)
            join branch b on b.company_id = c.company_id and b.branch_id = coalesce(d.branch_id, c.branch_id)
            where c.company_id = $2 and c.hash = $1
            """, codeHash, company);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return Problems.NotFound("enrol.codeUnknown", "This code is not known. Ask the office for a new one.");
        if (await reader.IsDBNullAsync(0, stop))
            return Problems.Conflict("enrol.codeExpired", "This code has expired. Ask the office for a new one.");
        if (!reader.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(publicKey))
            return Problems.Conflict("enrol.codeUsed", "This code was used by another device. Ask the office for a new one.");
        if (!await reader.IsDBNullAsync(2, stop))
            return Problems.Unauthorized("device.revoked", "This device was revoked by the office. It keeps its data; ask the office.");

        var device = new DeviceIdentity(company, reader.GetGuid(0), reader.GetGuid(4), reader.GetGuid(6));
        var rep = new EnrolledRep(device.RepId, reader.GetString(5));
        var branch = reader.GetString(7);
        await reader.DisposeAsync();

        var refreshToken = await refreshTokens.IssueAsync(connection, device, parent: null, stop);
        var (accessToken, expiresAt) = tokens.Create(device);
        return Results.Created($"/v1/devices/{device.DeviceId}", new EnrolAnswer(device.DeviceId, company, rep, branch, accessToken, expiresAt, refreshToken));
    }

    private async Task<Guid?> FindCompanyAsync(byte[] codeHash, CancellationToken stop)
    {
        await using var command = auth.CreateCommand("select company_id from find_enrolment_code($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = codeHash });
        return await command.ExecuteScalarAsync(stop) as Guid?;
    }

    private static byte[]? ReadKey(string base64)
    {
        var bytes = new byte[400];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return null;

        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(bytes.AsSpan(0, length), out var read);
            return read == length && key.KeySize == 256 ? bytes[..length] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
