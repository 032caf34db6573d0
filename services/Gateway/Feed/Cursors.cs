using System.Buffers.Text;
using System.Text;

namespace OrderSync.Gateway.Feed;

/// <summary>Writes cursors as signed, opaque texts for URLs, and reads them. What cannot be read is simply none: the device downloads anew.</summary>
internal sealed class Cursors(SigningKeys signing)
{
    private const byte Version = 1;
    private const int MostText = 2_048;
    private readonly byte[][] keys = signing.For("cursor");

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

        Span<byte> signature = stackalloc byte[SigningKeys.Size];
        SigningKeys.Sign(keys, bytes.ToArray(), signature);
        writer.Write(signature);
        return Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <summary>The cursor; null for any text that this gateway's keys did not sign.</summary>
    public Cursor? Read(string text)
    {
        if (text.Length > MostText || !Base64Url.IsValid(text))
            return null;
        var all = Base64Url.DecodeFromChars(text);
        if (all.Length <= SigningKeys.Size || all[0] != Version)
            return null;
        var body = all[..^SigningKeys.Size];
        if (!SigningKeys.Signed(keys, body, all.AsSpan(body.Length)))
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
}
