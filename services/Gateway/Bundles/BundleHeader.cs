using System.Buffers.Binary;

namespace OrderSync.Gateway.Bundles;

/// <summary>What stands, readable for anybody, before the encrypted records of a part. docs/protocol.md has it byte for byte.</summary>
/// <param name="Bundle">Whose part it is.</param>
/// <param name="Company">For whom.</param>
/// <param name="Device">Who wrote and signed it.</param>
/// <param name="Part">From 1.</param>
/// <param name="Parts">Of the bundle.</param>
/// <param name="Records">In this part.</param>
/// <param name="ExportedAt">By the device's clock.</param>
/// <param name="Key">The company's key that it is encrypted to.</param>
/// <param name="Length">Bytes of the encrypted records with their tag.</param>
internal sealed record BundleHeader(Guid Bundle, Guid Company, Guid Device, int Part, int Parts, int Records, DateTimeOffset ExportedAt, Guid Key, int Length)
{
    public const int Size = 169;
    public const int Signature = 64;
    public const int Tag = 16;

    /// <summary>Records of one part.</summary>
    public const int MostRecords = 500;

    /// <summary>Parts of one bundle, and of one file.</summary>
    public const int MostParts = 10_000;

    /// <summary>Encrypted bytes of one part.</summary>
    public const int MostBytes = 4 * 1024 * 1024 + 64 * 1024;

    private const long LatestTime = 253_402_300_799_999;

    /// <summary>Where the sender's key for this part and the nonce stand.</summary>
    public static readonly Range Point = 88..153, Nonce = 153..165;

    private static readonly byte[] Magic = "OSB1"u8.ToArray();

    /// <summary>Null for what is no part, or none that may be: nothing that it says is believed until its signature is checked.</summary>
    public static BundleHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var header = new BundleHeader(
            new(bytes[4..20], bigEndian: true), new(bytes[20..36], bigEndian: true), new(bytes[36..52], bigEndian: true), BinaryPrimitives.ReadInt32BigEndian(bytes[52..]), BinaryPrimitives.ReadInt32BigEndian(bytes[56..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[60..]), DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(BinaryPrimitives.ReadInt64BigEndian(bytes[64..]), 0, LatestTime)), new(bytes[72..88], bigEndian: true),
            BinaryPrimitives.ReadInt32BigEndian(bytes[165..]));
        return bytes.StartsWith(Magic) && header is { Parts: >= 1 and <= MostParts, Records: >= 1 and <= MostRecords, Length: > Tag and <= MostBytes } && header.Part >= 1 && header.Part <= header.Parts ? header : null;
    }
}
