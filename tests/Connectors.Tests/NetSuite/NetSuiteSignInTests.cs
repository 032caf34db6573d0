using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderSync.Framework;
using OrderSync.NetSuite;

namespace OrderSync.Connectors.Tests.NetSuite;

public sealed class NetSuiteSignInTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void F103_An_EC_key_signs_by_ES256()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var (header, _, signed, signature) = Parts(key.ExportPkcs8PrivateKeyPem());

        Assert.Equal(("JWT", "ES256", "certificate-7"), ((string)header["typ"]!, (string)header["alg"]!, (string)header["kid"]!));
        Assert.Equal(64, signature.Length);
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void F103_An_RSA_key_signs_by_PS256_in_either_form_of_PEM(bool pkcs8)
    {
        using var key = RSA.Create(2048);

        var (header, _, signed, signature) = Parts(pkcs8 ? key.ExportPkcs8PrivateKeyPem() : key.ExportRSAPrivateKeyPem());

        Assert.Equal("PS256", (string)header["alg"]!);
        Assert.True(key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    [Fact]
    public void F103_An_assertion_says_who_we_are_to_whom_and_for_less_than_an_hour()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var (_, claims, _, _) = Parts(key.ExportPkcs8PrivateKeyPem());

        Assert.Equal(
            ("client-1", "rest_webservices", "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token", Now.ToUnixTimeSeconds()),
            ((string)claims["iss"]!, (string)claims["scope"]!, (string)claims["aud"]!, (long)claims["iat"]!));
        Assert.InRange((long)claims["exp"]! - (long)claims["iat"]!, 60, 3600);
    }

    [Fact]
    public void F103_What_is_no_private_key_is_told_before_it_is_stored()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);

        Assert.Null(SigningKey.WhyNot(p256.ExportPkcs8PrivateKeyPem()));
        Assert.Null(SigningKey.WhyNot(p256.ExportECPrivateKeyPem()));
        Assert.Contains("P-256", SigningKey.WhyNot(p384.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        foreach (var none in new[] { "", "secret", p256.ExportSubjectPublicKeyInfoPem(), rsa.ExportSubjectPublicKeyInfoPem(), rsa.ExportEncryptedPkcs8PrivateKeyPem("password", new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)) })
            Assert.StartsWith("PrivateKey", SigningKey.WhyNot(none), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1234567", "1234567", "netsuite:cloud:1234567")]
    [InlineData("1234567_SB1", "1234567-sb1", "netsuite:cloud:1234567_SB1")]
    [InlineData("1234567-sb1", "1234567-sb1", "netsuite:cloud:1234567_SB1")]
    public void F103_An_account_has_one_name_however_it_is_written_so_that_its_connections_share_its_limits(string entered, string host, string account)
    {
        var settings = new NetSuiteSettings { AccountId = entered, Subsidiary = "3" };

        Assert.Equal((host, account), (settings.TokenUrl.Host.Split('.')[0], settings.Account));
    }

    private static (JsonObject Header, JsonObject Claims, byte[] Signed, byte[] Signature) Parts(string pem)
    {
        var settings = new NetSuiteSettings { AccountId = "1234567_SB1", ClientId = "client-1" };
        var connection = new Connection(Guid.Empty, Guid.Empty, settings.Account, settings, new Dictionary<string, string>
        {
            [nameof(NetSuiteSettings.PrivateKey)] = pem, [nameof(NetSuiteSettings.CertificateId)] = "certificate-7",
        });
        var parts = NetSuiteSignIn.Assertion(connection, settings, Now).Split('.');
        return (Read(parts[0]), Read(parts[1]), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]));

        static JsonObject Read(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
    }
}
