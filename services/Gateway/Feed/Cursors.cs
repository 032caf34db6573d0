using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.Feed;

/// <summary>Writes cursors as signed, opaque texts for URLs, and reads them. What cannot be read is simply none: the device downloads anew.</summary>
internal sealed class Cursors
{
    private const byte Version = 1;
    private const int SignatureBytes = 16;
    private const int MostText = 2_048;
    private readonly byte[][] keys;

    public Cursors(IOptions<FeedSettings> feed, IOptions<TokenSettings> tokens)
    {
        var fallback = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(tokens.Value.Key), 32, info: "cursors"u8.ToArray());
        keys = [.. feed.Value.Keys.Select(key => SHA256.HashData(Encoding.UTF8.GetBytes(key))), fallback];
    }

    public string Write(Cursor cursor)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(cursor.Company.ToByteArray());
        writer.Write(cursor.Device.ToByteArray());
        writer.Write(cursor.Epoch.ToByteArray());
        writer.Write7BitEncodedInt64(cursor.Position);
        writer.Write(cursor.Tag.ToByteArray());
        writer.Write(cursor.Scope);
        writer.Write(cursor.Shapes);
        writer.Write((byte)((byte)cursor.Phase | (cursor.IsFull ? 0x80 : 0)));
        if (cursor.Phase != Phase.Whole)
        {
            writer.Write(cursor.Former);
            writer.Write(cursor.FormerShapes);
            writer.Write(cursor.Collection);
            writer.Write(cursor.Key);
        }

        writer.Write(Sign(keys[0], bytes.ToArray()));
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <summary>The cursor; null for any text that this gateway's keys did not sign.</summary>
    public Cursor? Read(string text)
    {
        if (text.Length > MostText || !Base64Url.IsValid(text))
            return null;
        var all = Base64Url.DecodeFromChars(text);
        if (all.Length <= SignatureBytes || all[0] != Version)
            return null;
        var (body, signature) = (all.AsSpan(0, all.Length - SignatureBytes).ToArray(), all.AsSpan(all.Length - SignatureBytes).ToArray());
        if (!keys.Any(key => CryptographicOperations.FixedTimeEquals(Sign(key, body), signature)))
            return null;

        using var reader = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
        reader.ReadByte();
        var cursor = new Cursor(Id(), Id(), Id(), reader.Read7BitEncodedInt64(), Id(), reader.ReadInt64(), reader.ReadString());
        var phase = reader.ReadByte();
        cursor = cursor with { Phase = (Phase)(phase & 0x7f), IsFull = (phase & 0x80) != 0 };
        return cursor.Phase == Phase.Whole
            ? cursor
            : cursor with { Former = reader.ReadInt64(), FormerShapes = reader.ReadString(), Collection = reader.ReadString(), Key = reader.ReadString() };

        Guid Id() => new(reader.ReadBytes(16));
    }

    private static byte[] Sign(byte[] key, byte[] body) => HMACSHA256.HashData(key, body)[..SignatureBytes];
}
