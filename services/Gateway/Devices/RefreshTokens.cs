using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Devices;

/// <summary>
/// Refresh tokens rotate, 365 days rolling. The token before stays good until its successor is first used, so that a lost answer locks
/// nobody out.
/// </summary>
internal sealed class RefreshTokens(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Issues a token. Unused siblings of the same parent stay good: which of several answers arrived, only the device knows.</summary>
    public async Task<string> IssueAsync(NpgsqlConnection connection, DeviceIdentity device, byte[]? parent, CancellationToken stop)
    {
        var token = Secrets.NewToken("or_");
        var now = time.GetUtcNow();
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        batch.Add("insert into refresh_token (company_id, device_id, hash, parent, issued_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
            device.CompanyId, device.DeviceId, Secrets.Hash(token), CompanyBatch.Maybe(parent), now, now + Lifetime);
        await batch.ExecuteNonQueryAsync(stop);
        return token;
    }

    /// <summary>Marks a token as used, which ends the one before it and its unused siblings; false when it is unknown, expired, revoked or already followed by a used one.</summary>
    public async Task<bool> UseAsync(NpgsqlConnection connection, Guid company, Guid device, byte[] hash, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            update refresh_token t set first_used_at = coalesce(first_used_at, $4)
            where company_id = $1 and device_id = $2 and hash = $3 and revoked_at is null and expires_at > $4
                and not exists (select from refresh_token child where child.company_id = t.company_id and child.device_id = t.device_id
                    and child.parent = t.hash and child.first_used_at is not null)
            returning 1
            """, company, device, hash, now);
        batch.Add("""
            update refresh_token sibling set revoked_at = $4 from refresh_token t
            where t.company_id = $1 and t.device_id = $2 and t.hash = $3 and t.first_used_at is not null and t.revoked_at is null
                and sibling.company_id = $1 and sibling.device_id = $2 and sibling.parent is not distinct from t.parent and sibling.hash <> t.hash
                and sibling.first_used_at is null and sibling.revoked_at is null
            """, company, device, hash, now);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop);
    }
}
