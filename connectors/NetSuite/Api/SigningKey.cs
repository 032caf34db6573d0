using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrderSync.NetSuite;

/// <summary>The private key of a certificate that NetSuite knows: signs assertions by PS256 where it is RSA, by ES256 where it is EC P-256.</summary>
internal static class SigningKey
{
    private const int P256 = 256;

    /// <summary>Why a text is not such a key; null when it is.</summary>
    public static string? WhyNot(string pem)
    {
        if (pem.Length == 0)
            return "PrivateKey is missing. Enter the private key of the certificate in PEM form.";
        try
        {
            using var key = Read(pem);
            return key is ECDsa { KeySize: not P256 } ? "PrivateKey is an EC key of another curve; ES256 needs P-256." : null;
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            return "PrivateKey must be an RSA or EC private key in PEM form, without a password: it begins with -----BEGIN PRIVATE KEY-----.";
        }
    }

    /// <summary>A signed assertion (JWT) with these claims.</summary>
    public static string Sign(string pem, string keyId, IReadOnlyDictionary<string, object> claims)
    {
        using var key = Read(pem);
        var header = new Dictionary<string, string> { ["typ"] = "JWT", ["alg"] = key is RSA ? "PS256" : "ES256", ["kid"] = keyId };
        var text = $"{Part(header)}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(text);
        var signature = key is RSA rsa
            ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
            // In .NET's usual form, r and s side by side, as JWT wants it.
            : ((ECDsa)key).SignData(bytes, HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    // PKCS#8 does not say in its first line which of the two it is.
    private static AsymmetricAlgorithm Read(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            // A public key is in PEM form too, and cannot sign.
            rsa.ExportParameters(includePrivateParameters: true);
            return rsa;
        }
        catch (Exception other) when (other is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
        }

        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(pem);
            ec.ExportParameters(includePrivateParameters: true);
            return ec;
        }
        catch
        {
            ec.Dispose();
            throw;
        }
    }

    private static string Part<T>(T part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
