using System.Security.Cryptography;
using System.Text;
using Npgsql;
using OrderSync.Gateway.Bundles;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Devices;

/// <summary>What a device sends for a new access token.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="RefreshToken">Its refresh token.</param>
/// <param name="Signature">Base64 of the device key's ECDSA-SHA256 (64 bytes, r and s) over <c>deviceId.refreshToken</c> in UTF-8, the id in lower case.</param>
internal sealed record RefreshRequest(Guid DeviceId, string? RefreshToken, string? Signature);

/// <summary>A new pair. <c>BundleKey</c>: as at enrolment, the newest.</summary>
internal sealed record RefreshAnswer(string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, BundleKey BundleKey);

/// <summary>
/// Exchanges a refresh token, signed by the device key, for a new pair. Only who holds the device key is told what is wrong with a token;
/// anybody else learns nothing, and the office learns of them.
/// </summary>
internal sealed class RefreshEndpoint(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, AccessTokens tokens, RefreshTokens refreshTokens, BundleKeys bundles, Guesses guesses, [FromKeyedServices(WaitingRoom.Refreshes)] WaitingRoom room,
    TimeProvider time) : IDisposable
{
    private static readonly IResult Denied = Problems.Unauthorized(
        "device.denied", "These credentials are not valid any more. The device keeps its data; ask the office for a new code.");

    private static readonly IResult Expired = Problems.Unauthorized(
        "refresh.expired", $"This device has not been online for {RefreshTokens.LifetimeDays} days. It keeps its data, and all of it will be taken; ask the office for a new code.");

    private static readonly IResult Reused = Problems.Unauthorized(
        "refresh.reused", "Newer credentials of this device are in use already, perhaps since it was restored from a backup. It keeps its data; ask the office for a new code.");

    private static readonly IResult Stolen = Problems.Unauthorized(
        "refresh.revoked", "Somebody else presented these credentials, so they are not valid any more. The device keeps its data; ask the office for a new code.");

    private const int FindsAtOnce = 8;
    private readonly SemaphoreSlim finds = new(FindsAtOnce);

    public async Task<IResult> HandleAsync(HttpContext http, RefreshRequest request, CancellationToken stop)
    {
        if (request is not { RefreshToken.Length: > 0 and <= 100 })
            return Problems.Bad("refresh.incomplete", "Send deviceId, refreshToken and signature.");
        var hash = Secrets.Hash(request.RefreshToken);
        if (guesses.Refuse(http, hash) is { } refusal)
            return refusal;

        var answer = await FindCompanyAsync(request.DeviceId, stop) is { } company ? await ExchangeAsync(company, request, hash, stop) : Denied;
        if (answer == Denied)
            guesses.Failed(http);
        return answer;
    }

    public void Dispose() => finds.Dispose();

    private async Task<IResult> ExchangeAsync(Guid company, RefreshRequest request, byte[] hash, CancellationToken stop)
    {
        // After an outage all devices come here first, before they push.
        using var place = await room.EnterAsync(company, stop);
        if (place is null)
            return WaitingRoom.Full();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await ReadAsync(connection, transaction, company, request.DeviceId, hash, stop) is not { } found)
            return Denied;

        var (answer, alert, dies) = Judge(request, found);
        var key = answer is null ? await bundles.CurrentAsync(connection, transaction, company, stop) : null;
        await using var batch = CompanyBatch.For(connection, company, transaction);
        if (alert is not null)
            Alerts.Raise(batch, company, alert, time.GetUtcNow());
        if (dies)
            batch.Add("update refresh_token set revoked_at = $3 where company_id = $1 and hash = $2", company, hash, time.GetUtcNow());
        if (answer is null)
        {
            var token = refreshTokens.Make(request.DeviceId);
            if (found.Token is null)
                RefreshTokens.AddLost(batch, found.Device, hash, refreshTokens.MadeAt(request.DeviceId, request.RefreshToken!)!.Value);
            refreshTokens.AddUse(batch, found.Device, hash);
            refreshTokens.AddIssue(batch, found.Device, token, hash);
            var (accessToken, expiresAt) = tokens.Create(found.Device);
            guesses.Succeeded(hash);
            guesses.Succeeded(Secrets.Hash(token));
            answer = Results.Ok(new RefreshAnswer(accessToken, expiresAt, token, key!));
        }

        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return answer;
    }

    /// <summary>The whole table: what is answered (null: a new pair), what the office is told, whether the token itself dies.</summary>
    private (IResult? Answer, Alert? Alert, bool Dies) Judge(RefreshRequest request, Found found)
    {
        var token = found.Token;
        if (token is not null && token.Device != request.DeviceId)
            return (Denied, Theft(token.Device, found), false);
        if (!Signed(request, found.PublicKey))
        {
            // One in use stays: without the device key it opens nothing, and whoever read it could else lock the device out.
            return token is not null || refreshTokens.MadeFor(request.DeviceId, request.RefreshToken!)
                ? (Denied, Theft(request.DeviceId, found), token is { Used: true })
                : (Denied, null, false);
        }

        if (found.Revoked)
            return (DeviceStanding.Refusal, null, false);
        return token switch
        {
            null when refreshTokens.MadeAt(request.DeviceId, request.RefreshToken!) is { } made && made > found.Newest =>
                (made.AddDays(RefreshTokens.LifetimeDays) <= time.GetUtcNow() ? Expired : null, null, false),
            null => refreshTokens.MadeFor(request.DeviceId, request.RefreshToken!) ? (Reused, Reuse(request.DeviceId, found), false) : (Denied, null, false),
            { Followed: true } => (Reused, Reuse(request.DeviceId, found), false),
            { Revoked: true } => (Stolen, null, false),
            { ExpiresAt: var end } when end <= time.GetUtcNow() => (Expired, null, false),
            _ => (null, null, false),
        };
    }

    private static Alert Theft(Guid owner, Found found) => About("token.theft", owner, found);

    private static Alert Reuse(Guid owner, Found found) => About("token.reused", owner, found);

    private static Alert About(string kind, Guid owner, Found found) => new(
        kind, owner.ToString(), owner, new Dictionary<string, string> { ["device"] = found.Name ?? owner.ToString(), ["rep"] = found.Rep });

    // Before this nobody knows whose turn it would be. The office signs in through the same pool.
    private async Task<Guid?> FindCompanyAsync(Guid device, CancellationToken stop)
    {
        await finds.WaitAsync(stop);
        try
        {
            return await LookUpAsync(device, stop);
        }
        finally
        {
            finds.Release();
        }
    }

    private async Task<Guid?> LookUpAsync(Guid device, CancellationToken stop)
    {
        await using var find = auth.CreateCommand("select company_id from find_device($1)");
        find.Parameters.Add(new NpgsqlParameter { Value = device });
        return await find.ExecuteScalarAsync(stop) as Guid?;
    }

    // The device's row is locked: two refreshes of one device go one after the other.
    private static async Task<Found?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid id, byte[] hash, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("""
            select d.rep_id, d.branch_id, d.public_key, d.revoked_at is not null,
                (select max(t.issued_at) from refresh_token t where t.company_id = d.company_id and t.device_id = d.device_id)
            from device d where d.company_id = $1 and d.device_id = $2 for no key update
            """, company, id);
        // The names are those of the token's owner where it has one: the alert speaks of that device.
        batch.Add("""
            select o.name, r.name, t.device_id, t.first_used_at is not null, t.revoked_at is not null, t.expires_at,
                exists (select from refresh_token n where n.company_id = t.company_id and n.device_id = t.device_id and n.parent = t.hash and n.first_used_at is not null)
            from (select $1::uuid as company_id) c
            left join refresh_token t on t.company_id = c.company_id and t.hash = $3
            join device o on o.company_id = c.company_id and o.device_id = coalesce(t.device_id, $2)
            join rep r on r.company_id = o.company_id and r.rep_id = o.rep_id
            """, company, id, hash);
        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return null;

        var device = new DeviceIdentity(company, id, reader.GetGuid(0), reader.GetGuid(1));
        var (publicKey, revoked, newest) = (reader.GetFieldValue<byte[]>(2), reader.GetBoolean(3), reader.IsDBNull(4) ? DateTimeOffset.MinValue : reader.GetFieldValue<DateTimeOffset>(4));
        await reader.NextResultAsync(stop);
        await reader.ReadAsync(stop);
        var token = reader.IsDBNull(2) ? null : new Known(reader.GetGuid(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetBoolean(6));
        return new Found(device, publicKey, revoked, newest, reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetString(1), token);
    }

    private static bool Signed(RefreshRequest request, byte[] publicKey)
    {
        var signature = new byte[64];
        if (request.Signature is null || !Convert.TryFromBase64String(request.Signature, signature, out var length) || length != 64)
            return false;

        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(Encoding.UTF8.GetBytes($"{request.DeviceId:D}.{request.RefreshToken}"), signature, HashAlgorithmName.SHA256);
    }

    private sealed record Found(DeviceIdentity Device, byte[] PublicKey, bool Revoked, DateTimeOffset Newest, string? Name, string Rep, Known? Token);

    /// <summary>A token that has a row.</summary>
    /// <param name="Device">Whose it is.</param>
    /// <param name="Used">It was presented before, so it is not the newest.</param>
    /// <param name="Revoked">It was presented without the device's signature.</param>
    /// <param name="ExpiresAt">Its end, if it is not used before.</param>
    /// <param name="Followed">Its successor was used.</param>
    private sealed record Known(Guid Device, bool Used, bool Revoked, DateTimeOffset ExpiresAt, bool Followed);
}
