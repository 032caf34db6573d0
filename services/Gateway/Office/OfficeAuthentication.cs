using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Office;

/// <summary>Who calls the office API.</summary>
internal sealed record OfficeIdentity(Guid CompanyId, Guid KeyId, string Role)
{
    /// <summary>Reads it from the request; the authentication has put it there.</summary>
    public static ValueTask<OfficeIdentity?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<OfficeIdentity>());
}

/// <summary>Office API keys: <c>Authorization: Bearer os_…</c>. Only their hashes are kept.</summary>
internal sealed class OfficeAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, Guesses guesses)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "office";

    private IResult? tooMany;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal) || header.Length > 300)
            return AuthenticateResult.NoResult();

        var hash = Secrets.Hash(header["Bearer ".Length..].Trim());
        tooMany = guesses.Refuse(Context, hash);
        if (tooMany is not null)
            return AuthenticateResult.Fail("too many failed tries");

        await using var command = auth.CreateCommand("select company_id, key_id, role from find_api_key($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = hash });
        await using var reader = await command.ExecuteReaderAsync(Context.RequestAborted);
        if (!await reader.ReadAsync(Context.RequestAborted))
        {
            guesses.Failed(Context);
            return AuthenticateResult.Fail("unknown key");
        }

        guesses.Succeeded(hash);
        var office = new OfficeIdentity(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2));
        Context.Features.Set(office);
        var identity = new ClaimsIdentity([new Claim("sub", office.KeyId.ToString()), new Claim("role", office.Role)], Scheme_);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme_));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        (tooMany ?? Problems.Unauthorized("key.invalid", "This request needs an office API key: Authorization: Bearer os_…")).ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Of(StatusCodes.Status403Forbidden, "role.insufficient", "The role of this key may not do this. Ask an owner of the company for a key that may.").ExecuteAsync(Context);
}
