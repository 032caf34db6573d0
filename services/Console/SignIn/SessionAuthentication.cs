using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using OrderSync.Console.Gateway;

namespace OrderSync.Console.SignIn;

/// <summary>Asks the gateway, for each page, who the cookie's session is: one that was ended is gone with the next click.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, GatewayClient gateway)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme_ = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionCookie.Read(Context) is null || Context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return AuthenticateResult.NoResult();
        try
        {
            var session = await gateway.GetAsync<Session>("/v1/office/me", Context.RequestAborted);
            Context.Features.Set(session);
            var identity = new ClaimsIdentity([new Claim("sub", session.Id.ToString()), new Claim("role", session.Role)], Scheme_);
            return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme_));
        }
        catch (GatewayProblem no) when (no.Status is HttpStatusCode.Unauthorized)
        {
            SessionCookie.Delete(Context);
            return AuthenticateResult.Fail("The session is over.");
        }
    }

    // Back to where they wanted to go; only paths of this console, see SignIn.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var back = HttpMethods.IsGet(Request.Method) ? $"{Request.Path}{Request.QueryString}" : "/";
        Response.Redirect(back == "/" ? "/sign-in" : $"/sign-in?back={Uri.EscapeDataString(back)}");
        return Task.CompletedTask;
    }
}
