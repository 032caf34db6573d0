using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.Feed;

/// <summary>
/// Signs what devices keep and show again years later. The first of Feed:Keys signs, all are believed, and Tokens:Key too. Each purpose has keys of its own, so that nothing signed
/// for one passes for another.
/// </summary>
internal sealed class SigningKeys(IOptions<FeedSettings> feed, IOptions<TokenSettings> tokens)
{
    /// <summary>Bytes of a signature: HMAC-SHA256, cut to what nobody guesses.</summary>
    public const int Size = 16;

    [ThreadStatic]
    private static Dictionary<byte[], IncrementalHash>? hashes;

    /// <summary>The keys for one purpose, the one that signs first.</summary>
    public byte[][] For(string purpose) =>
        [.. feed.Value.Keys.Append(tokens.Value.Key).Select(key => SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose} {key}")))];

    /// <summary>Writes the signature of <paramref name="data"/>.</summary>
    public static void Sign(byte[][] keys, ReadOnlySpan<byte> data, Span<byte> signature) => Hash(keys[0], data, signature);

    /// <summary>Whether one of the keys has signed it.</summary>
    public static bool Signed(byte[][] keys, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[Size];
        foreach (var key in keys)
        {
            Hash(key, data, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, signature))
                return true;
        }

        return false;
    }

    private static void Hash(byte[] key, ReadOnlySpan<byte> data, Span<byte> signature)
    {
        // Setting up a key takes longer than signing: each thread does it once.
        hashes ??= [];
        if (!hashes.TryGetValue(key, out var hash))
            hashes[key] = hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.AppendData(data);
        hash.GetHashAndReset(whole);
        whole[..Size].CopyTo(signature);
    }
}
