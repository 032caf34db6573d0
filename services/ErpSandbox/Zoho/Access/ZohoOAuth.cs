using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The accounts server: tokens for codes and for refresh tokens. Errors come with HTTP 200. rules.md, "Access".</summary>
internal sealed class ZohoOAuth(
    ZohoOrganisations organisations, ZohoTokens tokens, ZohoCodes codes, Journal journal, IOptions<SandboxOptions> options, TimeProvider clock)
{
    private const string Denied = "Access Denied";
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>POST /oauth/v2/token</summary>
    public ErpAnswer Token(ErpRequest request)
    {
        using var reader = new FormReader(Encoding.UTF8.GetString(request.Body.Span));
        var form = reader.ReadForm();
        var (client, secret) = (Field(form, "client_id"), Field(form, "client_secret"));
        if (Field(form, "grant_type") is not ("refresh_token" or "authorization_code"))
            return Error("unsupported_grant_type");
        var known = organisations.All.FirstOrDefault(one => client.Length > 0 && Locked(one, it => it.Credentials.ClientId == client && it.Credentials.ClientSecret == secret));
        if (known is null)
            return Error("invalid_client");
        return Field(form, "grant_type") == "refresh_token" ? Refresh(request, known, client, Field(form, "refresh_token"))
            : Exchange(request, form, client);
    }

    /// <summary>POST /oauth/v2/token/revoke?token=</summary>
    public ErpAnswer Revoke(ErpRequest request)
    {
        var token = request.Query["token"].ToString();
        foreach (var organisation in organisations.All.Where(one => Locked(one, it => it.HasRefreshToken(token))))
        {
            lock (organisation.Gate)
                organisation.EndRefreshToken(token);
            tokens.Forget(organisation.Id, token);
            return ZohoAnswer.Plain(new { Status = "success" });
        }

        return Error("invalid_token");
    }

    private ErpAnswer Refresh(ErpRequest request, ZohoOrganisation known, string client, string refresh)
    {
        if (organisations.All.FirstOrDefault(one => Locked(one, it => it.ScopesOf(refresh, client) is not null)) is not { } organisation)
            return Error(known.Settings.RefreshError);
        var now = clock.GetUtcNow();
        if (options.Value.Profile == LimitProfile.Documented && !organisation.Budget.MayRefresh(refresh, now))
            return Error(Denied);

        lock (organisation.Gate)
        {
            if (organisation.ScopesOf(refresh, client) is not { } scopes)
                return Error(known.Settings.RefreshError);
            // What the first refresh token may do is a setting that can change; what people consented to cannot.
            var fixedScopes = organisation.Credentials.RefreshToken == refresh ? null : scopes;
            var next = organisation.Settings.RefreshTokenBurns ? organisation.ReplaceRefreshToken(refresh) : null;
            return Answer(request, organisation, next ?? refresh, next, fixedScopes, now);
        }
    }

    private ErpAnswer Exchange(ErpRequest request, Dictionary<string, StringValues> form, string client)
    {
        var now = clock.GetUtcNow();
        if (codes.Redeem(Field(form, "code"), now) is not { } code || code.ClientId != client || organisations.Find(code.OrganizationId) is not { } organisation)
            return Error("invalid_code");
        if (code.RedirectUri != Field(form, "redirect_uri"))
            return Error("invalid_redirect_uri");
        lock (organisation.Gate)
        {
            if (!code.Offline)
                return Answer(request, organisation, null, null, code.Scopes, now);
            var grant = new ZohoGrant(ZohoCredentials.NewSecret(), client, code.Scopes);
            foreach (var dead in organisation.Grant(grant))
                tokens.Forget(organisation.Id, dead);
            return Answer(request, organisation, grant.RefreshToken, grant.RefreshToken, code.Scopes, now);
        }
    }

    // With the lock of the organisation held.
    private ErpAnswer Answer(ErpRequest request, ZohoOrganisation organisation, string? parent, string? refreshToken, string? scopes, DateTimeOffset now)
    {
        var token = new ZohoAccessToken(ZohoCredentials.NewSecret(), organisation.Id, now + Life, scopes, parent);
        tokens.Take(token, organisation.Settings.LiveAccessTokens);
        journal.Append(ZohoKinds.Token, organisation.Id, token, ZohoJson.Options);
        var answer = new Dictionary<string, object>
        {
            ["access_token"] = token.AccessToken, ["api_domain"] = $"{request.BaseUrl}/zoho", ["token_type"] = "Bearer", ["expires_in"] = (int)Life.TotalSeconds,
        };
        if (refreshToken is not null)
            answer["refresh_token"] = refreshToken;
        return ZohoAnswer.Plain(answer);
    }

    private static string Field(Dictionary<string, StringValues> form, string name) => form.TryGetValue(name, out var value) ? value.ToString() : "";

    private static T Locked<T>(ZohoOrganisation organisation, Func<ZohoOrganisation, T> read)
    {
        lock (organisation.Gate)
            return read(organisation);
    }

    private static ErpAnswer Error(string error) => ZohoAnswer.Plain(new { Error = error });
}
