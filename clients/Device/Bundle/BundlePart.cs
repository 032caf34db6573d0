using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace OrderSync.Device;

/// <summary>Writes one part of a bundle: packed, encrypted to the company's key, signed by the device's. docs/protocol.md has it byte for byte.</summary>
internal static class BundlePart
{
    /// <summary>Records of one part.</summary>
    public const int MostRecords = 500;

    /// <summary>Bytes of one part's records before they are packed.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private const int Header = 169, Tag = 16, Point = 88, Nonce = 153, Length = 165;
    private static readonly byte[] Purpose = "ordersync bundle part"u8.ToArray();

    /// <summary>What stands before the encrypted records.</summary>
    public sealed record About(Guid Bundle, Guid Company, Guid Device, int Part, int Parts, DateTimeOffset At);

    public static void Write(Stream to, About about, BundleKey key, IReadOnlyList<DeviceRecord> records, Func<byte[], byte[]> sign)
    {
        var plain = Pack(records);
        var signed = new byte[Header + plain.Length + Tag];
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        WriteHeader(signed, about, records.Count, key, sender.ExportParameters(false).Q, plain.Length + Tag);

        using var company = ECDiffieHellman.Create();
        company.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        var secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, sender.DeriveRawSecretAgreement(company.PublicKey), 32, info: Purpose);
        using (var aes = new AesGcm(secret, Tag))
            aes.Encrypt(signed.AsSpan(Nonce, Length - Nonce), plain, signed.AsSpan(Header, plain.Length), signed.AsSpan(Header + plain.Length), signed.AsSpan(0, Header));
        CryptographicOperations.ZeroMemory(secret);
        to.Write(signed);
        to.Write(sign(signed));
    }

    private static void WriteHeader(Span<byte> header, About about, int records, BundleKey key, ECPoint sender, int length)
    {
        "OSB1"u8.CopyTo(header);
        about.Bundle.TryWriteBytes(header[4..], bigEndian: true, out _);
        about.Company.TryWriteBytes(header[20..], bigEndian: true, out _);
        about.Device.TryWriteBytes(header[36..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(header[52..], about.Part);
        BinaryPrimitives.WriteInt32BigEndian(header[56..], about.Parts);
        BinaryPrimitives.WriteInt32BigEndian(header[60..], records);
        BinaryPrimitives.WriteInt64BigEndian(header[64..], about.At.ToUnixTimeMilliseconds());
        key.Id.TryWriteBytes(header[72..], bigEndian: true, out _);
        header[Point] = 4;
        sender.X!.CopyTo(header[(Point + 1)..]);
        sender.Y!.CopyTo(header[(Point + 33)..]);
        RandomNumberGenerator.Fill(header[Nonce..Length]);
        BinaryPrimitives.WriteInt32BigEndian(header[Length..], length);
    }

    private static byte[] Pack(IReadOnlyList<DeviceRecord> records)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
        using (var one = new MemoryStream())
        {
            var length = new byte[4];
            foreach (var record in records)
            {
                one.SetLength(0);
                PushCall.Write(one, record);
                BinaryPrimitives.WriteInt32BigEndian(length, (int)one.Length);
                stream.Write(length);
                stream.Write(one.GetBuffer().AsSpan(0, (int)one.Length));
            }
        }

        return packed.ToArray();
    }
}
