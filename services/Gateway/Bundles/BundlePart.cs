using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Bundles;

/// <summary>One part of a bundle: its header, its encrypted records and the device's signature over both.</summary>
internal sealed class BundlePart(BundleHeader header, byte[] bytes)
{
    private static readonly byte[] Purpose = "ordersync bundle part"u8.ToArray();

    public BundleHeader Header { get; } = header;

    /// <summary>As it came.</summary>
    public byte[] Bytes { get; } = bytes;

    private ReadOnlySpan<byte> Encrypted => Bytes.AsSpan(BundleHeader.Size, Header.Length);

    /// <summary>Whether the device has written exactly these bytes.</summary>
    public bool IsSignedBy(byte[] publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(Bytes.AsSpan(..^BundleHeader.Signature), Bytes.AsSpan(^BundleHeader.Signature..), HashAlgorithmName.SHA256);
    }

    /// <summary>The records in the bytes the device keeps them in; null if they cannot be decrypted, unpacked or told apart within the limits of a push.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Open(ECDiffieHellman pair)
    {
        try
        {
            return Cut(Unpack(Decrypt(pair)));
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or InvalidDataException)
        {
            return null;
        }
    }

    private byte[] Decrypt(ECDiffieHellman pair)
    {
        var point = Bytes.AsSpan(BundleHeader.Point);
        if (point[0] != 4)
            throw new CryptographicException("The sender's key is no uncompressed point.");
        using var theirs = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() } });
        var secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, pair.DeriveRawSecretAgreement(theirs.PublicKey), 32, info: Purpose);
        using var aes = new AesGcm(secret, BundleHeader.Tag);
        var plain = new byte[Encrypted.Length - BundleHeader.Tag];
        aes.Decrypt(Bytes.AsSpan(BundleHeader.Nonce), Encrypted[..^BundleHeader.Tag], Encrypted[^BundleHeader.Tag..], plain, Bytes.AsSpan(..BundleHeader.Size));
        return plain;
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var stream = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (stream.Read(piece) is > 0 and var read)
        {
            if (unpacked.Length + read > PushLimits.BytesUnpacked)
                throw new InvalidDataException("It unpacks to too much.");
            unpacked.Write(piece, 0, read);
        }

        return unpacked.ToArray();
    }

    // Each record behind its length: whatever is in it cannot be taken for its end.
    private List<ReadOnlyMemory<byte>> Cut(byte[] plain)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < plain.Length;)
        {
            var length = plain.Length - at >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(at)) : uint.MaxValue;
            if (length > plain.Length - at - 4)
                throw new InvalidDataException("A record ends behind its part.");
            records.Add(plain.AsMemory(at + 4, (int)length));
            at += 4 + (int)length;
        }

        return records.Count == Header.Records ? records : throw new InvalidDataException("It has another number of records than it says.");
    }
}
