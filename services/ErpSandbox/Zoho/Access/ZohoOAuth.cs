using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The accounts server: access tokens for refresh tokens. Errors come with HTTP 200. rules.md, "Access".</summary>
internal sealed class ZohoOAuth(
    ZohoOrganisations organisations, ZohoTokens tokens, Journal journal, IOptions<SandboxOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    /// <summary>POST /oauth/v2/token with grant_type=refresh_token.</summary>
    public ErpAnswer Token(ErpRequest request)
    {
        using var reader = new FormReader(Encoding.UTF8.GetString(request.Body.Span));
        var form = reader.ReadForm();
        string Field(string name) => form.TryGetValue(name, out var value) ? value.ToString() : "";
        if (Field("grant_type") != "refresh_token")
            return Error("unsupported_grant_type");

        var (client, secret, refresh) = (Field("client_id"), Field("client_secret"), Field("refresh_token"));
        var known = organisations.All.Where(one => Locked(one).ClientId == client && Locked(one).ClientSecret == secret).ToList();
        if (client.Length == 0 || known.Count == 0)
            return Error("invalid_client");
        if (refresh.Length == 0 || known.Find(one => Locked(one).RefreshToken == refresh) is not { } organisation)
            return Error(known[0].Settings.RefreshError);

        var now = clock.GetUtcNow();
        if (options.Value.Profile == LimitProfile.Documented && !organisation.Budget.MayRefresh(now))
            return Error("Access Denied");

        var token = new ZohoAccessToken(ZohoCredentials.NewSecret(), organisation.Id, now + Life);
        lock (organisation.Gate)
        {
            tokens.Take(token, organisation.Settings.LiveAccessTokens);
            journal.Append(ZohoKinds.Token, organisation.Id, token, ZohoJson.Options);
        }

        return ZohoAnswer.Plain(new
        {
            token.AccessToken,
            ApiDomain = $"{request.BaseUrl}/zoho",
            TokenType = "Bearer",
            ExpiresIn = (int)Life.TotalSeconds,
        });
    }

    /// <summary>POST /oauth/v2/token/revoke?token=</summary>
    public ErpAnswer Revoke(ErpRequest request)
    {
        var token = request.Query["token"].ToString();
        foreach (var organisation in organisations.All)
        {
            lock (organisation.Gate)
            {
                if (token.Length > 0 && organisation.Credentials.RefreshToken == token)
                    organisation.Put(organisation.Credentials with { RefreshToken = "" });
                else
                    continue;
            }

            tokens.Forget(organisation.Id);
            return ZohoAnswer.Plain(new { Status = "success" });
        }

        return Error("invalid_token");
    }

    private static ZohoCredentials Locked(ZohoOrganisation organisation)
    {
        lock (organisation.Gate)
            return organisation.Credentials;
    }

    private static ErpAnswer Error(string error) => ZohoAnswer.Plain(new { Error = error });
}
