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

    /// <summary>Issues a token; an unused sibling of the same parent is revoked, so that one pair at most is waiting.</summary>
    public async Task<string> IssueAsync(NpgsqlConnection connection, DeviceIdentity device, byte[]? parent, CancellationToken stop)
    {
        var token = Secrets.NewToken("or_");
        var now = time.GetUtcNow();
        await using var batch = CompanyBatch.For(connection, device.CompanyId);
        batch.Add("""
            update refresh_token set revoked_at = $3
            where company_id = $1 and device_id = $2 and parent is not distinct from $4 and first_used_at is null and revoked_at is null
            """, device.CompanyId, device.DeviceId, now, CompanyBatch.Maybe(parent));
        batch.Add("insert into refresh_token (company_id, device_id, hash, parent, issued_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
            device.CompanyId, device.DeviceId, Secrets.Hash(token), CompanyBatch.Maybe(parent), now, now + Lifetime);
        await batch.ExecuteNonQueryAsync(stop);
        return token;
    }

    /// <summary>Marks a token as used, which ends the one before it; false when it is unknown, expired, revoked or already followed by a used one.</summary>
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
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop);
    }
}
