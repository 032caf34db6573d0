using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.People;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Office;

/// <summary>Who calls the office API: a key, or a person who has signed in.</summary>
/// <param name="CompanyId">Whose office.</param>
/// <param name="ActorId">The key's id or the person's; the database's view actor names either.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Role">What it may do.</param>
/// <param name="SessionId">The person's session; null for a key.</param>
internal sealed record OfficeIdentity(Guid CompanyId, Guid ActorId, string Name, string Role, Guid? SessionId = null)
{
    /// <summary>Reads it from the request; the authentication has put it there.</summary>
    public static ValueTask<OfficeIdentity?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<OfficeIdentity>());
}

/// <summary>
/// API keys <c>Authorization: Bearer os_…</c> and sessions of people <c>Bearer oss_…</c>. Only their hashes are kept, and each request asks for the row: a
/// revoked key, a disabled person, an ended session and another role count at once.
/// </summary>
internal sealed class OfficeAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, Guesses guesses, Sessions sessions, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "office";

    private IResult? whyNot;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal) || header.Length > 300)
            return AuthenticateResult.NoResult();

        var hash = Secrets.Hash(header["Bearer ".Length..].Trim());
        whyNot = guesses.Refuse(Context, hash);
        if (whyNot is not null)
            return AuthenticateResult.Fail("too many failed tries");

        if (await FindAsync(hash) is not { } knock)
        {
            guesses.Failed(Context);
            return AuthenticateResult.Fail("unknown key");
        }

        guesses.Succeeded(hash);
        if (!knock.Open)
        {
            whyNot = Problems.Unauthorized("session.ended", "This session has ended. Sign in again.");
            return AuthenticateResult.Fail("ended session");
        }

        Context.Features.Set(knock.Who);
        Claim[] claims = [new("sub", knock.Who.ActorId.ToString()), new("role", knock.Who.Role), .. knock.Who.SessionId is null ? [] : new Claim[] { new(Roles.PersonClaim, "") }];
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme_)), Scheme_));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        (whyNot ?? Problems.Unauthorized("key.invalid", "This request needs an office API key or a session: Authorization: Bearer os_…")).ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.Of(StatusCodes.Status403Forbidden, "role.insufficient", "Your role may not do this. Ask an owner of the company to do it, or for a role that may.").ExecuteAsync(Context);

    private async Task<(OfficeIdentity Who, bool Open)?> FindAsync(byte[] hash)
    {
        var stop = Context.RequestAborted;
        OfficeIdentity who;
        DateTimeOffset seen;
        await using (var command = auth.CreateCommand("select company_id, actor_id, name, role, session_id, last_seen_at, expires_at, ended from find_actor($1)"))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = hash });
            await using var reader = await command.ExecuteReaderAsync(stop);
            if (!await reader.ReadAsync(stop))
                return null;
            who = new OfficeIdentity(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetGuid(4));
            if (who.SessionId is null)
                return (who, true);
            seen = reader.GetFieldValue<DateTimeOffset>(5);
            if (reader.GetBoolean(7) || !Sessions.IsLive(seen, reader.GetFieldValue<DateTimeOffset>(6), time.GetUtcNow()))
                return (who, false);
        }

        await sessions.SeenAsync(who, seen, stop);
        return (who, true);
    }
}
