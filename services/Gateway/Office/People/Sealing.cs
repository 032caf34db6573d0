using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.Office.People;

/// <summary>
/// Second factors at rest, under a key made from Tokens:Key: whoever reads the database alone can make no code. Each is bound to its person, so that it opens
/// nothing in another's row. With another Tokens:Key no code is right any more, and owners reset their people.
/// </summary>
internal sealed class Sealing(IOptions<TokenSettings> tokens)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(tokens.Value.Key), 32, info: "second factors"u8.ToArray());

    public byte[] Seal(string text, Person person)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), Place(person));
        return box;
    }

    /// <summary>The text; null if it was sealed under another key or for another person.</summary>
    public string? Open(ReadOnlySpan<byte> box, Person person)
    {
        if (box.Length < NonceBytes + TagBytes)
            return null;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), plain, Place(person));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(plain);
    }

    /// <summary>What is kept of a recovery code, however it was typed.</summary>
    public byte[] HashOf(string recoveryCode, Person person)
    {
        var typed = recoveryCode.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        byte[] bound = [.. Place(person), .. Encoding.UTF8.GetBytes(typed)];
        return HMACSHA256.HashData(key, bound);
    }

    private static byte[] Place(Person person) => [.. person.CompanyId.ToByteArray(), .. person.Id.ToByteArray()];
}
