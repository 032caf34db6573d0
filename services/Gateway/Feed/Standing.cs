using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>How a device and its company's feed stand: all that "nothing has changed" needs, by one statement of look-ups.</summary>
/// <param name="Epoch">The feed's.</param>
/// <param name="Head">Its newest position.</param>
/// <param name="HeadTag">The transaction there; none while the feed is empty, or once its last row was trimmed.</param>
/// <param name="Trimmed">The highest position whose row is no longer kept.</param>
/// <param name="TagThere">The transaction at the position that was asked about.</param>
/// <param name="Keys">The device's scope keys.</param>
/// <param name="Ready">Whether the device acknowledged a whole download of this epoch.</param>
internal sealed record Standing(Guid Epoch, long Head, Guid? HeadTag, long Trimmed, Guid? TagThere, string[] Keys, bool Ready)
{
    private const string Statement = """
        select f.epoch, f.pos, (select l.tx from feed l where l.company_id = $1 and l.pos = f.pos), f.trimmed, (select l.tx from feed l where l.company_id = $1 and l.pos = $3),
            array['device:' || d.device_id, 'rep:' || d.rep_id, 'branch:' || b.code, 'class:' || d.class] || array(select 'territory:' || t from unnest(r.territories) t),
            d.ready_at is not null and d.ready_epoch = f.epoch
        from device d
        join rep r on r.company_id = $1 and r.rep_id = d.rep_id
        join branch b on b.company_id = $1 and b.branch_id = d.branch_id
        join company_feed f on f.company_id = $1
        where d.company_id = $1 and d.device_id = $2 and d.revoked_at is null
        """;

    /// <summary>Known for ever by this number; see feed_scope.</summary>
    public long Scope { get; } = HashOf(Keys);

    /// <summary>Adds the question to a batch.</summary>
    public static void Add(NpgsqlBatch batch, DeviceIdentity device, long position) => batch.Add(Statement, device.CompanyId, device.DeviceId, position);

    /// <summary>Reads the answer where the reader stands at it; null = the device is gone.</summary>
    public static async Task<Standing?> ReadAsync(NpgsqlDataReader reader, CancellationToken stop) => await reader.ReadAsync(stop)
        ? new(reader.GetGuid(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetGuid(4),
            reader.GetFieldValue<string[]>(5), reader.GetBoolean(6))
        : null;

    private static long HashOf(string[] keys) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', keys.Distinct().Order(StringComparer.Ordinal)))));
}
