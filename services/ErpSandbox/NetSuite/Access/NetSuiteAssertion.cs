using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Checks an assertion that is signed with a certificate: form, names, times, signature. rules.md, "Access".</summary>
internal static class NetSuiteAssertion
{
    private const string Scope = "rest_webservices";
    private const long MostSeconds = 3600;
    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new(StringComparer.Ordinal)
    {
        ["256"] = HashAlgorithmName.SHA256, ["384"] = HashAlgorithmName.SHA384, ["512"] = HashAlgorithmName.SHA512,
    };

    /// <summary>What is wrong with it, if anything.</summary>
    public static string? Problem(string assertion, NetSuiteAccess access, string audience, DateTimeOffset now)
    {
        if (assertion.Split('.') is not [var head, var body, var signature])
            return "it has not three parts";
        try
        {
            var (header, payload) = (Json(head), Json(body));
            if (access.Certificates.FirstOrDefault(one => one.Id == header.Text("kid")) is not { } certificate)
                return "no certificate has the id in kid";
            return (header.Text("typ") == "JWT" ? null : "typ is not JWT")
                ?? (Signed(certificate, header.Text("alg") ?? "", $"{head}.{body}", Base64Url.DecodeFromChars(signature), now) ? null : "the signature is not that of the certificate")
                ?? Claims(payload, access, audience, now.ToUnixTimeSeconds());
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            return "a part cannot be read";
        }
    }

    private static string? Claims(JsonObject payload, NetSuiteAccess access, string audience, long now)
    {
        if (payload.Text("iss") != access.ClientId)
            return "iss is no client of this account";
        if (!Scopes(payload["scope"]).Contains(Scope))
            return $"scope has no {Scope}";
        if (payload.Text("aud") != audience)
            return $"aud is not {audience}";
        if (Seconds(payload, "iat") is not { } issued || Seconds(payload, "exp") is not { } expires)
            return "iat or exp is missing";
        return expires > issued + MostSeconds ? "exp is more than 60 minutes after iat"
            : expires <= now ? "it has expired"
            : issued > now ? "it is of the future"
            : null;
    }

    private static bool Signed(NetSuiteCertificate held, string algorithm, string text, byte[] signature, DateTimeOffset now)
    {
        if (algorithm.Length != 5 || !Hashes.TryGetValue(algorithm[2..], out var hash))
            return false;
        using var certificate = X509Certificate2.CreateFromPem(held.Pem);
        if (now < certificate.NotBefore || now > certificate.NotAfter)
            return false;
        var data = Encoding.ASCII.GetBytes(text);
        using var rsa = certificate.GetRSAPublicKey();
        using var curve = certificate.GetECDsaPublicKey();
        return algorithm[..2] switch
        {
            "PS" => rsa?.VerifyData(data, signature, hash, RSASignaturePadding.Pss) == true,
            "ES" => curve is not null && curve.KeySize == (algorithm == "ES512" ? 521 : int.Parse(algorithm[2..], CultureInfo.InvariantCulture)) && curve.VerifyData(data, signature, hash),
            _ => false,
        };
    }

    private static IEnumerable<string?> Scopes(JsonNode? scope) => scope switch
    {
        JsonArray many => many.Select(one => one?.ToString()),
        JsonValue one => one.ToString().Split([',', ' '], StringSplitOptions.RemoveEmptyEntries),
        _ => [],
    };

    private static long? Seconds(JsonObject payload, string name) => payload.Figure(name) is { } seconds ? (long)seconds : null;

    private static JsonObject Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part)) as JsonObject ?? throw new JsonException("The part is no object.");
}
