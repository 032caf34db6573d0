using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>Uploads, makes and removes certificates of an account, as an administrator does in NetSuite.</summary>
internal static class NetSuiteCertificates
{
    /// <summary>Takes a certificate in; NetSuite shows an id for it.</summary>
    public static NetSuiteCertificate Add(NetSuiteAccount account, string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        var held = new NetSuiteCertificate(Convert.ToBase64String(SHA256.HashData(certificate.RawData))[..32].Replace('+', '-').Replace('/', '_'), certificate.ExportCertificatePem());
        if (account.Access.Certificates.All(one => one.Id != held.Id))
            account.Put(account.Access with { Certificates = [.. account.Access.Certificates, held] });
        return held;
    }

    /// <summary>Takes one away, or all of them, as a refresh of a sandbox does.</summary>
    public static void Remove(NetSuiteAccount account, string? id) =>
        account.Put(account.Access with { Certificates = id is null ? [] : [.. account.Access.Certificates.Where(one => one.Id != id)] });

    /// <summary>Makes a key and its certificate; null for an algorithm that is none.</summary>
    public static (string Certificate, string PrivateKey)? Make(string algorithm, DateTimeOffset now)
    {
        switch (algorithm)
        {
            case "PS256" or "PS384" or "PS512":
                using (var rsa = RSA.Create(3072))
                {
                    using var certificate = new CertificateRequest("CN=OrderSync", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pss).CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
                    return (certificate.ExportCertificatePem(), rsa.ExportPkcs8PrivateKeyPem());
                }

            case "ES256" or "ES384" or "ES512":
                using (var curve = ECDsa.Create(algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP521))
                {
                    using var certificate = new CertificateRequest("CN=OrderSync", curve, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddYears(2));
                    return (certificate.ExportCertificatePem(), curve.ExportPkcs8PrivateKeyPem());
                }

            default:
                return null;
        }
    }
}
