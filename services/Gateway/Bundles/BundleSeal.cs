using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.Bundles;

/// <summary>
/// Private keys at rest, AES-256-GCM: length of the sealing key's id, that id, nonce, tag, cipher text. Company and key are bound in, so that none opens anything in another's row.
/// </summary>
internal sealed class BundleSeal
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>The id of the key that is made where none is set.</summary>
    private const string Usual = "tokens";

    private readonly Dictionary<string, byte[]> keys = new(StringComparer.Ordinal);
    private readonly string current;

    public BundleSeal(IOptions<BundleSettings> settings, IOptions<TokenSettings> tokens)
    {
        keys[Usual] = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(tokens.Value.Key), 32, info: "bundle keys"u8.ToArray());
        foreach (var (id, text) in settings.Value.Parts)
            keys[id] = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        current = settings.Value.Parts.Select(part => part.Id).FirstOrDefault(Usual);
    }

    public byte[] Seal(ReadOnlySpan<byte> plain, Guid company, Guid key)
    {
        var id = Encoding.UTF8.GetBytes(current);
        var box = new byte[1 + id.Length + NonceBytes + TagBytes + plain.Length];
        box[0] = (byte)id.Length;
        id.CopyTo(box, 1);
        var nonce = box.AsSpan(1 + id.Length, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[current], TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(1 + id.Length + NonceBytes + TagBytes), box.AsSpan(1 + id.Length + NonceBytes, TagBytes), Place(company, key));
        return box;
    }

    /// <summary>What was sealed; null if its key is no longer configured, or it was sealed for another place.</summary>
    public byte[]? Open(ReadOnlySpan<byte> box, Guid company, Guid key)
    {
        if (box.Length < 1 || box.Length < 1 + box[0] + NonceBytes + TagBytes || !keys.TryGetValue(Encoding.UTF8.GetString(box.Slice(1, box[0])), out var secret))
            return null;
        var rest = box[(1 + box[0])..];
        var plain = new byte[rest.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(secret, TagBytes);
        try
        {
            aes.Decrypt(rest[..NonceBytes], rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes), plain, Place(company, key));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return plain;
    }

    private static byte[] Place(Guid company, Guid key) => [.. company.ToByteArray(), .. key.ToByteArray()];
}
