using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrderSync.Gateway.Devices;

/// <summary>Settings of device tokens, section Tokens.</summary>
internal sealed class TokenSettings
{
    /// <summary>Any secret text of at least 32 characters; signs access tokens.</summary>
    public string Key { get; init; } = "";

    public string? WhyNot() => Key.Length < 32 ? "Key is missing or shorter than 32 characters." : null;
}

/// <summary>The device behind a request, as its access token says; whether it may still push is asked of its row.</summary>
internal sealed record DeviceIdentity(Guid CompanyId, Guid DeviceId, Guid RepId, Guid BranchId);

/// <summary>Signed access tokens of 15 minutes.</summary>
internal sealed class AccessTokens(IOptions<TokenSettings> settings, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const string Issuer = "ordersync";
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };
    private readonly SymmetricSecurityKey key = new(SHA256.HashData(Encoding.UTF8.GetBytes(settings.Value.Key)));

    public (string Token, DateTimeOffset ExpiresAt) Create(DeviceIdentity device)
    {
        var now = time.GetUtcNow();
        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Subject = new ClaimsIdentity(
            [
                new Claim("sub", device.DeviceId.ToString()),
                new Claim("company", device.CompanyId.ToString()),
                new Claim("rep", device.RepId.ToString()),
                new Claim("branch", device.BranchId.ToString()),
            ]),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
        return (token, now + Lifetime);
    }

    /// <summary>The device, or null with the reason: "expired" or "invalid".</summary>
    public async Task<(DeviceIdentity? Device, string? WhyNot)> ReadAsync(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            LifetimeValidator = (from, until, _, _) => from <= time.GetUtcNow().UtcDateTime.AddMinutes(1) && until > time.GetUtcNow().UtcDateTime,
        });
        if (!result.IsValid)
            return (null, result.Exception is SecurityTokenInvalidLifetimeException ? "expired" : "invalid");

        return Id("sub") is { } device && Id("company") is { } company && Id("rep") is { } rep && Id("branch") is { } branch
            ? (new DeviceIdentity(company, device, rep, branch), null)
            : (null, "invalid");

        Guid? Id(string claim) => result.Claims.TryGetValue(claim, out var value) && Guid.TryParse(value as string, out var id) ? id : null;
    }
}
