using System.Security.Cryptography;
using Npgsql;
using OrderSync.Gateway.Bundles;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Devices;

/// <summary>What a device sends to enrol.</summary>
/// <param name="Code">One-time code of the office.</param>
/// <param name="HardwareId">Stable id of the hardware.</param>
/// <param name="PublicKey">Base64 SubjectPublicKeyInfo of a P-256 key made on the device.</param>
/// <param name="Name">Name for people, such as "Ada's phone".</param>
internal sealed record EnrolRequest(string? Code, string? HardwareId, string? PublicKey, string? Name)
{
    public const int MostHardwareId = 200;
    public const int MostName = 100;
}

/// <summary>What an enrolled device gets. <c>BundleKey</c>: what it encrypts a bundle to when there is no gateway to send to.</summary>
internal sealed record EnrolAnswer(
    Guid DeviceId, Guid CompanyId, EnrolledRep Rep, string Branch, string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, BundleKey BundleKey);

internal sealed record EnrolledRep(Guid Id, string Name);

/// <summary>
/// Exchanges a one-time code for credentials. The code is bound to the first device key that presents it and may be exchanged again by that
/// key. A wrong code names none, so wrong tries burn no code: they are held up by address.
/// </summary>
internal sealed class EnrolEndpoint(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, AccessTokens tokens, RefreshTokens refreshTokens, BundleKeys bundles, Guesses guesses, TimeProvider time)
{
    private static readonly IResult UnknownCode = Problems.NotFound("enrol.codeUnknown", "This code is not known. Ask the office for a new one.");
    private static readonly IResult ExpiredCode = Problems.Conflict("enrol.codeExpired", "This code has expired. Ask the office for a new one.");
    private static readonly IResult UsedCode = Problems.Conflict("enrol.codeUsed", "This code was used by another device. Ask the office for a new one.");

    public async Task<IResult> HandleAsync(HttpContext http, EnrolRequest request, CancellationToken stop)
    {
        if (request is not { Code.Length: > 0 and <= 40, HardwareId.Length: > 0 and <= EnrolRequest.MostHardwareId, PublicKey.Length: > 0 and <= 400 } || request.Name?.Length > EnrolRequest.MostName)
            return Problems.Bad("enrol.incomplete", $"Send code, hardwareId ({EnrolRequest.MostHardwareId} characters at most) and publicKey; name has {EnrolRequest.MostName} characters at most.");
        if (ReadKey(request.PublicKey) is not { } publicKey)
            return Problems.Bad("enrol.key", "publicKey is the base64 of a P-256 SubjectPublicKeyInfo.");

        var (turn, refusal) = await guesses.TakeCodeTurnAsync(http, stop);
        if (turn is null)
            return refusal!;
        using (turn)
        {
            var codeHash = Secrets.HashOfCode(request.Code);
            var answer = await FindCompanyAsync(codeHash, stop) is { } company ? await ExchangeAsync(company, codeHash, request, publicKey, stop) : UnknownCode;
            if (answer == UnknownCode || answer == ExpiredCode || answer == UsedCode)
                guesses.CodeFailed(http);
            return answer;
        }
    }

    private async Task<IResult> ExchangeAsync(Guid company, byte[] codeHash, EnrolRequest request, byte[] publicKey, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await BindAsync(connection, transaction, company, codeHash, request, publicKey, now, stop) is not { } bound)
            return UnknownCode;
        if (bound.DeviceId is not { } id)
            return ExpiredCode;

        var key = await bundles.CurrentAsync(connection, transaction, company, stop);
        await using var batch = CompanyBatch.For(connection, company, transaction);
        var about = new Dictionary<string, string> { ["device"] = bound.Name ?? id.ToString(), ["rep"] = bound.Rep.Name, ["name"] = request.Name ?? "?" };
        IResult answer;
        if (!bound.SameKey)
        {
            Alerts.Raise(batch, company, new Alert("enrol.codeOtherKey", id.ToString(), id, about), now);
            answer = UsedCode;
        }
        else if (bound.Revoked)
        {
            answer = DeviceStanding.Refusal;
        }
        else
        {
            var device = new DeviceIdentity(company, id, bound.Rep.Id, bound.BranchId);
            if (bound.NewOnOldHardware)
                Alerts.Raise(batch, company, new Alert("device.sameHardwareOtherKey", id.ToString(), id, about), now);
            var refreshToken = refreshTokens.Make(id);
            refreshTokens.AddIssue(batch, device, refreshToken, parent: null);
            guesses.Succeeded(Secrets.Hash(refreshToken));
            var (accessToken, expiresAt) = tokens.Create(device);
            answer = Results.Created($"/v1/devices/{id}", new EnrolAnswer(id, company, bound.Rep, bound.Branch, accessToken, expiresAt, refreshToken, key));
        }

        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return answer;
    }

    private static async Task<Bound?> BindAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, byte[] codeHash, EnrolRequest request, byte[] publicKey, DateTimeOffset now, CancellationToken stop)
    {
        var newId = Guid.CreateVersion7(now);
        await using var batch = CompanyBatch.For(connection, company, transaction);
        // The same hardware with the same key stays the same device, whichever code it comes with. The code's row is locked: of two keys that
        // present it at once the second finds it bound and leaves no device behind.
        batch.Add("""
            insert into device (company_id, device_id, hardware_id, name, public_key, rep_id, branch_id, class)
            select c.company_id, $2, $3, $4, $5, c.rep_id, c.branch_id, coalesce(c.class, 'phone') from enrolment_code c where c.company_id = $6 and c.hash = $1
                and c.expires_at > $7 and c.device_id is null for update
            on conflict (company_id, hardware_id, sha256(public_key)) do update set name = excluded.name, rep_id = excluded.rep_id, branch_id = excluded.branch_id,
                class = coalesce((select c.class from enrolment_code c where c.company_id = $6 and c.hash = $1), device.class)
                where device.revoked_at is null
            """, codeHash, newId, request.HardwareId!, CompanyBatch.Maybe(request.Name), publicKey, company, now);
        batch.Add("""
            update enrolment_code c set device_id = d.device_id from device d
            where c.company_id = $4 and c.hash = $1 and c.device_id is null and c.expires_at > $5
                and d.company_id = c.company_id and d.hardware_id = $2 and sha256(d.public_key) = sha256($3)
            """, codeHash, request.HardwareId!, publicKey, company, now);
        batch.Add("""
            select d.device_id, d.name, d.public_key = $3, d.revoked_at is not null, r.rep_id, r.name, b.branch_id, b.code,
                d.device_id = $4 and exists (select from device o where o.company_id = d.company_id and o.hardware_id = d.hardware_id and o.device_id <> d.device_id)
            from enrolment_code c
            left join device d on d.company_id = c.company_id and d.device_id = c.device_id
            join rep r on r.company_id = c.company_id and r.rep_id = coalesce(d.rep_id, c.rep_id)
            join branch b on b.company_id = c.company_id and b.branch_id = coalesce(d.branch_id, c.branch_id)
            where c.company_id = $2 and c.hash = $1
            """, codeHash, company, publicKey, newId);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;
        return reader.IsDBNull(0)
            ? new Bound(null, null, false, false, new EnrolledRep(reader.GetGuid(4), reader.GetString(5)), reader.GetGuid(6), reader.GetString(7), false)
            : new Bound(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3),
                new EnrolledRep(reader.GetGuid(4), reader.GetString(5)), reader.GetGuid(6), reader.GetString(7), reader.GetBoolean(8));
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

    /// <summary>The device a code is bound to, after this request.</summary>
    /// <param name="DeviceId">Null when the code expired before any device used it.</param>
    /// <param name="Name">The device's name.</param>
    /// <param name="SameKey">Whether it is the key of this request.</param>
    /// <param name="Revoked">Whether the office revoked it.</param>
    /// <param name="Rep">Whose it is.</param>
    /// <param name="BranchId">Where.</param>
    /// <param name="Branch">The branch's code.</param>
    /// <param name="NewOnOldHardware">Made by this request, on hardware that had another key.</param>
    private sealed record Bound(Guid? DeviceId, string? Name, bool SameKey, bool Revoked, EnrolledRep Rep, Guid BranchId, string Branch, bool NewOnOldHardware);
}
