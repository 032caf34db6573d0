using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>The token endpoint: an access token for a signed assertion, and no refresh token. rules.md, "Access".</summary>
internal sealed partial class NetSuiteOAuth(NetSuiteAccounts accounts, NetSuiteTokens tokens, Journal journal, TimeProvider clock, ILogger<NetSuiteOAuth> logger)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>POST /services/rest/auth/oauth2/v1/token</summary>
    public ErpAnswer Token(ErpRequest request)
    {
        using var reader = new FormReader(Encoding.UTF8.GetString(request.Body.Span));
        var form = reader.ReadForm();
        if (Field(form, "grant_type") != "client_credentials")
            return Error("unsupported_grant_type");
        if (Field(form, "client_assertion_type") != AssertionType || request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            return Error("invalid_request");
        if (accounts.Find(request.Route["account"]) is not { } account)
            return Error("invalid_grant");
        lock (account.Gate)
        {
            var now = clock.GetUtcNow();
            if (NetSuiteAssertion.Problem(Field(form, "client_assertion"), account.Access, request.BaseUrl + request.Path, now) is { } problem)
            {
                LogRefused(account.Id, problem);
                return Error(account.Settings.AssertionRefusal);
            }

            var seconds = account.Settings.TokenSeconds;
            var token = new NetSuiteToken(NewToken(), account.Id, now.AddSeconds(seconds));
            tokens.Take(token);
            journal.Append(NetSuiteKinds.Token, account.Id, token, NetSuiteJson.Options);
            return NetSuiteAnswer.Of(new JsonObject { ["access_token"] = token.AccessToken, ["expires_in"] = seconds, ["token_type"] = "Bearer" });
        }
    }

    /// <summary>A fault of the token endpoint.</summary>
    public static ErpAnswer Fault(int status) => status is 429 or 500 ? NetSuiteAnswer.Of(new JsonObject { ["error"] = "server_error" }, status) : NetSuiteAnswer.Fault(status);

    // In three parts as a JWT is; what is in it is nobody's business but NetSuite's.
    private static string NewToken() => $"eyJ.{RandomNumberGenerator.GetHexString(48, lowercase: true)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    private static string Field(Dictionary<string, StringValues> form, string name) => form.TryGetValue(name, out var value) ? value.ToString() : "";

    private static ErpAnswer Error(string error) => NetSuiteAnswer.Of(new JsonObject { ["error"] = error }, error == "invalid_client" ? 401 : 400);

    [LoggerMessage(Level = LogLevel.Information, Message = "Account {Account} took no assertion: {Problem}")]
    private partial void LogRefused(string account, string problem);
}
