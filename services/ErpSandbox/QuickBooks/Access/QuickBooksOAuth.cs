using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>The token endpoint: tokens for codes and for refresh tokens, whose value changes. rules.md, "Access".</summary>
internal sealed class QuickBooksOAuth(QuickBooksCompanies companies, QuickBooksTokens tokens, Journal journal, TimeProvider clock)
{
    private const int RefreshSeconds = 8_726_400;
    private const int FiveYears = 157_680_000;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>A secret of a form that nobody guesses.</summary>
    public static string NewSecret(string kind) => $"{kind}-{RandomNumberGenerator.GetHexString(40, lowercase: true)}";

    /// <summary>POST /oauth2/v1/tokens/bearer</summary>
    public ErpAnswer Token(ErpRequest request)
    {
        using var reader = new FormReader(Encoding.UTF8.GetString(request.Body.Span));
        var form = reader.ReadForm();
        if (Client(request) is not { } client)
            return Error(401, "invalid_client");
        return Field(form, "grant_type") switch
        {
            "refresh_token" => Refresh(request, client, Field(form, "refresh_token")),
            "authorization_code" => Exchange(request, client, Field(form, "code"), Field(form, "redirect_uri")),
            _ => Error(400, "unsupported_grant_type"),
        };
    }

    /// <summary>POST /v2/oauth2/tokens/revoke</summary>
    public ErpAnswer Revoke(ErpRequest request)
    {
        var token = JsonNode.Parse(request.Body.Span).Text("token") ?? "";
        if (Client(request) is not { } client)
            return Error(401, "invalid_client");
        foreach (var company in companies.All)
        {
            lock (company.Gate)
            {
                if (company.Credentials.ClientId != client || company.Credentials.RefreshToken != token)
                    continue;
                company.Put(company.Credentials with { RefreshToken = "", Previous = null });
            }

            tokens.Forget(company.Id);
            return QuickBooksAnswer.Write(200, []);
        }

        return Error(400, "invalid_request");
    }

    private ErpAnswer Refresh(ErpRequest request, string client, string token)
    {
        foreach (var company in companies.All)
        {
            lock (company.Gate)
            {
                var held = company.Credentials;
                var newest = token.Length > 0 && held.RefreshToken == token;
                if (held.ClientId != client || !(newest || (company.Settings.PreviousRefreshTokenLives && token.Length > 0 && held.Previous == token)))
                    continue;
                var now = clock.GetUtcNow();
                var rotates = company.Settings.RefreshTokenRotates == "always" || (company.Settings.RefreshTokenRotates == "daily" && now - held.Given >= Day);
                if (newest && rotates)
                    company.Put(held = held with { RefreshToken = NewSecret("RT"), Previous = token, Given = now });
                return Answer(request, company, held.RefreshToken, now);
            }
        }

        return Error(400, "invalid_grant");
    }

    private ErpAnswer Exchange(ErpRequest request, string client, string code, string redirect)
    {
        var now = clock.GetUtcNow();
        if (tokens.Redeem(code, now) is not { } found || found.ClientId != client || found.RedirectUri != redirect || companies.Find(found.Realm) is not { } company)
            return Error(400, "invalid_grant");
        lock (company.Gate)
        {
            company.Put(company.Credentials with { ClientId = client, RefreshToken = NewSecret("RT"), Previous = null, Given = now });
            return Answer(request, company, company.Credentials.RefreshToken, now);
        }
    }

    // With the lock of the company held.
    private ErpAnswer Answer(ErpRequest request, QuickBooksCompany company, string refreshToken, DateTimeOffset now)
    {
        var token = new QuickBooksToken(NewSecret("AT"), company.Id, now + Life);
        tokens.Take(token);
        journal.Append(QuickBooksKinds.Token, company.Id, token, QuickBooksJson.Options);
        var answer = new JsonObject
        {
            ["token_type"] = "bearer", ["access_token"] = token.AccessToken, ["expires_in"] = (int)Life.TotalSeconds,
            ["refresh_token"] = refreshToken, ["x_refresh_token_expires_in"] = RefreshSeconds,
        };
        if (request.Header("x-include-refresh-token-hard-expires-in") == "true")
            answer["x_refresh_token_hard_expires_in"] = FiveYears;
        return QuickBooksAnswer.Write(200, answer);
    }

    // The app that the Basic header names, if it is one of ours.
    private string? Client(ErpRequest request)
    {
        if (request.Authorization is not { } header || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var pair = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).Split(':', 2);
        foreach (var company in companies.All)
        {
            lock (company.Gate)
            {
                if (pair.Length == 2 && company.Credentials.ClientId == pair[0] && company.Credentials.ClientSecret == pair[1])
                    return pair[0];
            }
        }

        return null;
    }

    private static string Field(Dictionary<string, StringValues> form, string name) => form.TryGetValue(name, out var value) ? value.ToString() : "";

    private static ErpAnswer Error(int status, string error) => QuickBooksAnswer.Write(status, new JsonObject { ["error"] = error });
}
