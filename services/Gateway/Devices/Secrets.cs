using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OrderSync.Gateway.Devices;

/// <summary>Random secrets and what is kept of them: their SHA-256, never the text.</summary>
internal static class Secrets
{
    // No 0/O, 1/I/L: codes are read from one screen and typed into another.
    private const string CodeLetters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

    /// <summary>256 random bits as text.</summary>
    public static string NewToken(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A code of 12 letters in three groups: 59 bits, valid for a day.</summary>
    public static string NewCode()
    {
        var letters = RandomNumberGenerator.GetString(CodeLetters, 12);
        return $"{letters[..4]}-{letters[4..8]}-{letters[8..]}";
    }

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The hash of a code however it was typed: with or without dashes, in any case.</summary>
    public static byte[] HashOfCode(string code) =>
        Hash(code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant());
}
