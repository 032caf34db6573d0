using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace OrderSync.Gateway.Devices;

/// <summary>Reads a device's access token; 401 says whether it expired, so that the device knows to refresh.</summary>
internal sealed class DeviceAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "device";

    private string? whyNot;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
            return AuthenticateResult.NoResult();

        (var device, whyNot) = await tokens.ReadAsync(header["Bearer ".Length..].Trim());
        if (device is null)
            return AuthenticateResult.Fail($"The token is {whyNot}.");

        Context.Features.Set(device);
        var identity = new ClaimsIdentity([new Claim("sub", device.DeviceId.ToString())], Scheme_);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme_));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => (whyNot == "expired"
        ? Problems.Unauthorized("token.expired", "The access token has expired. Refresh it at /v1/devices/token and send the request again; nothing was stored.")
        : Problems.Unauthorized("token.invalid", "This request needs the access token of an enrolled device.")).ExecuteAsync(Context);
}
