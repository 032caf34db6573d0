using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace OrderSync.Framework.Connections;

/// <summary>Keys for secrets at rest, from configuration.</summary>
internal sealed class SecretKeys
{
    /// <summary>"id:text" with a text of at least 32 characters; several are separated by commas: the first writes, all read.</summary>
    public string? Key { get; set; }

    public static string? WhyNot(SecretKeys keys)
    {
        if (string.IsNullOrWhiteSpace(keys.Key))
            return "Key is missing: set it to \"id:text\" with any text of at least 32 characters.";
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in keys.Key.Split(',', StringSplitOptions.TrimEntries))
        {
            var (id, text) = Split(part);
            if (id.Length is 0 or > 64 || text.Length < 32)
                return "Key must be \"id:text\" with any text of at least 32 characters; several are separated by commas.";
            if (!ids.Add(id))
                return $"Key names {id} twice.";
        }

        return null;
    }

    public static (string Id, string Text) Split(string part) =>
        part.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (part[..colon], part[(colon + 1)..]) : ("", "");
}

/// <summary>
/// Encrypts secrets with AES-256-GCM. What comes out: length of the key id, key id, nonce, tag, cipher text. The place it belongs to is bound
/// in, so that a value copied to another company's row does not open.
/// </summary>
internal sealed class SecretBox
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly Dictionary<string, byte[]> keys = new(StringComparer.Ordinal);
    private readonly string current;

    public SecretBox(IOptions<SecretKeys> options)
    {
        var parts = options.Value.Key!.Split(',', StringSplitOptions.TrimEntries).Select(SecretKeys.Split).ToList();
        foreach (var (id, text) in parts)
            keys[id] = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        current = parts[0].Id;
    }

    public byte[] Seal(string text, Guid companyId, Guid connectionId)
    {
        var id = Encoding.UTF8.GetBytes(current);
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[1 + id.Length + NonceBytes + TagBytes + plain.Length];
        box[0] = (byte)id.Length;
        id.CopyTo(box, 1);
        var nonce = box.AsSpan(1 + id.Length, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[current], TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(1 + id.Length + NonceBytes + TagBytes), box.AsSpan(1 + id.Length + NonceBytes, TagBytes), Place(companyId, connectionId));
        return box;
    }

    /// <exception cref="CryptographicException">The key is not configured, or the bytes are not what was sealed for this connection.</exception>
    public string Open(ReadOnlySpan<byte> box, Guid companyId, Guid connectionId)
    {
        if (box.Length < 1 || box.Length < 1 + box[0] + NonceBytes + TagBytes)
            throw new CryptographicException("A stored secret is too short to be one.");
        var id = Encoding.UTF8.GetString(box.Slice(1, box[0]));
        if (!keys.TryGetValue(id, out var key))
            throw new CryptographicException($"A stored secret was encrypted with key {id}, which Secrets:Key does not name. Add it behind the current key.");

        var rest = box[(1 + box[0])..];
        var plain = new byte[rest.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(rest[..NonceBytes], rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes), plain, Place(companyId, connectionId));
        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] Place(Guid companyId, Guid connectionId) => [.. companyId.ToByteArray(), .. connectionId.ToByteArray()];
}
