using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Devices;

/// <summary>
/// Refresh tokens rotate, 365 days rolling. The token before stays good until its successor is first used, so that a lost answer locks
/// nobody out. Rows of tokens that open nothing any more are removed: a token carries a proof that it was made here for its device, so an old
/// one is told from a guess without its row.
/// </summary>
internal sealed class RefreshTokens(IOptions<TokenSettings> settings, TimeProvider time)
{
    public const int LifetimeDays = 365;

    /// <summary>Of answers that were lost one after the other, so many successors stay good at once.</summary>
    private const int MostUnused = 10;

    private const string Prefix = "ot_";

    /// <summary>Of tokens that do not say when they were made.</summary>
    private const string FormerPrefix = "or_";

    private const int TimeBytes = 8;
    private const int RandomBytes = 24;
    private const int ProofBytes = 16;
    private readonly byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes("refresh token " + settings.Value.Key));

    /// <summary>A new token, in its text.</summary>
    public string Make(Guid device)
    {
        var bytes = new byte[RandomBytes + ProofBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.GetUtcNow().ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(bytes.AsSpan(TimeBytes, RandomBytes - TimeBytes));
        Proof(device, bytes.AsSpan(0, RandomBytes)).CopyTo(bytes.AsSpan(RandomBytes));
        return Prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether a token was made here for this device, however long ago.</summary>
    public bool MadeFor(Guid device, string token) => Open(device, token) is not null;

    /// <summary>When a token was made here for this device; null where it was not, or does not say.</summary>
    public DateTimeOffset? MadeAt(Guid device, string token) => token.StartsWith(Prefix, StringComparison.Ordinal) && Open(device, token) is { } bytes
        ? DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes))
        : null;

    /// <summary>
    /// Adds the row of a token that has none although it is newer than all that have: an older backup of the database was put back. It is then used like any other, and
    /// may come again after a lost answer.
    /// </summary>
    public static void AddLost(NpgsqlBatch batch, DeviceIdentity device, byte[] hash, DateTimeOffset madeAt) =>
        batch.Add("insert into refresh_token (company_id, device_id, hash, issued_at, expires_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
            device.CompanyId, device.DeviceId, hash, madeAt, madeAt.AddDays(LifetimeDays));

    /// <summary>Adds a new token to a transaction. Unused siblings of the same parent stay good: which of several answers arrived, only the device knows.</summary>
    public void AddIssue(NpgsqlBatch batch, DeviceIdentity device, string token, byte[]? parent)
    {
        var now = time.GetUtcNow();
        batch.Add("insert into refresh_token (company_id, device_id, hash, parent, issued_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
            device.CompanyId, device.DeviceId, Secrets.Hash(token), CompanyBatch.Maybe(parent), now, now.AddDays(LifetimeDays));
        batch.Add("""
            delete from refresh_token where company_id = $1 and device_id = $2 and parent is not distinct from $3 and first_used_at is null and revoked_at is null and hash not in
                (select hash from refresh_token where company_id = $1 and device_id = $2 and parent is not distinct from $3 and first_used_at is null and revoked_at is null
                order by issued_at desc, hash limit $4)
            """, device.CompanyId, device.DeviceId, CompanyBatch.Maybe(parent), MostUnused);
    }

    /// <summary>Adds to a transaction that a token is used: with that the one before it and its unused siblings open nothing any more.</summary>
    public void AddUse(NpgsqlBatch batch, DeviceIdentity device, byte[] hash)
    {
        batch.Add("update refresh_token set first_used_at = coalesce(first_used_at, $4) where company_id = $1 and device_id = $2 and hash = $3",
            device.CompanyId, device.DeviceId, hash, time.GetUtcNow());
        batch.Add("delete from refresh_token where company_id = $1 and device_id = $2 and hash <> $3 and parent is distinct from $3", device.CompanyId, device.DeviceId, hash);
    }

    private byte[]? Open(Guid device, string token)
    {
        var bytes = new byte[RandomBytes + ProofBytes];
        return (token.StartsWith(Prefix, StringComparison.Ordinal) || token.StartsWith(FormerPrefix, StringComparison.Ordinal))
            && Base64Url.DecodeFromChars(token.AsSpan(Prefix.Length), bytes, out _, out var read) == OperationStatus.Done && read == bytes.Length
            && CryptographicOperations.FixedTimeEquals(Proof(device, bytes.AsSpan(0, RandomBytes)), bytes.AsSpan(RandomBytes))
            ? bytes
            : null;
    }

    private byte[] Proof(Guid device, ReadOnlySpan<byte> random)
    {
        Span<byte> about = stackalloc byte[16 + RandomBytes];
        device.TryWriteBytes(about);
        random.CopyTo(about[16..]);
        return HMACSHA256.HashData(key, about)[..ProofBytes];
    }
}
