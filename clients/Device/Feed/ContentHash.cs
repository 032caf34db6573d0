using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrderSync.Device;

/// <summary>What proves a collection equal to the server's, whatever the order of its rows: XOR over them of the first 8 bytes of SHA-256(key, line feed, row as sent).</summary>
internal struct ContentHash
{
    private ulong _sum;

    public long Count { get; private set; }

    /// <summary>16 hex digits.</summary>
    public readonly string Text => _sum.ToString("x16", CultureInfo.InvariantCulture);

    public void Add(string key, ReadOnlySpan<byte> row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(key));
        hash.AppendData("\n"u8);
        hash.AppendData(row);
        Span<byte> whole = stackalloc byte[32];
        hash.GetHashAndReset(whole);
        _sum ^= BinaryPrimitives.ReadUInt64BigEndian(whole);
        Count++;
    }
}
