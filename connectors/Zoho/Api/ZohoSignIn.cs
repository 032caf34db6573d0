using OrderSync.Framework;
using OrderSync.Framework.OAuth;

namespace OrderSync.Zoho;

/// <summary>Zoho's accounts server: the page where a person approves, and tokens. Each data centre has its own.</summary>
internal sealed class ZohoSignIn(ZohoClient zoho)
{
    /// <summary>The page where a person approves. Zoho gives a refresh token only for offline access, and again only with a new consent.</summary>
    public static Uri ApprovalPage(Connection connection, Uri redirect, string state)
    {
        var settings = connection.Settings<ZohoSettings>();
        var query = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = settings.ClientId,
            ["scope"] = string.Join(',', settings.Flavour.Scopes),
            ["redirect_uri"] = redirect.ToString(),
            ["state"] = state,
            ["access_type"] = "offline",
            ["prompt"] = "consent",
        };
        return new Uri($"{settings.Accounts("oauth/v2/auth")}?{string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}");
    }

    /// <summary>Tokens for the code that the page led back with.</summary>
    public async Task<Tokens> ExchangeAsync(Connection connection, Approval approval, CancellationToken stop)
    {
        var settings = connection.Settings<ZohoSettings>();
        // A user of another data centre is led there; secrets go only to the one that the settings name.
        if (approval.Query.GetValueOrDefault("accounts-server") is { Length: > 0 } server
            && (!Uri.TryCreate(server, UriKind.Absolute, out var named) || named.Host != settings.Accounts("").Host))
            throw new OutcomeException(new Outcome.Reconnect(
                $"Your Zoho account is at {server}{(approval.Query.GetValueOrDefault("location") is { Length: > 0 } place ? $" (data centre {place})" : "")}, and the connection says {settings.Accounts("").Host}. "
                + "Set its data centre to yours in Connections and begin again."));
        return await TokensAsync(connection, new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = approval.Code,
            ["redirect_uri"] = approval.Redirect.ToString(),
        }, stop);
    }

    /// <summary>A new access token. The refresh token does not rotate.</summary>
    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) =>
        TokensAsync(connection, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, stop);

    private async Task<Tokens> TokensAsync(Connection connection, Dictionary<string, string> form, CancellationToken stop)
    {
        var settings = connection.Settings<ZohoSettings>();
        form["client_id"] = settings.ClientId;
        form["client_secret"] = connection.Secret(nameof(ZohoSettings.ClientSecret));
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Accounts("oauth/v2/token"));
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            var reply = await zoho.AskAsync(request, stop);
            var answer = ZohoClient.Read<TokenAnswer>(reply, writes: false);
            return answer is { Error: null or "", AccessToken: { Length: > 0 } token }
                ? new Tokens(token, answer.RefreshToken, TimeSpan.FromSeconds(answer.ExpiresIn ?? 3600), answer.ApiDomain)
                : throw new OutcomeException(ZohoErrors.TokenOutcome(answer.Error ?? $"HTTP {(int)reply.Status}"));
        }
        catch (OutcomeException said) when (said.Outcome is Outcome.Ambiguous lost)
        {
            // A token whose answer was lost is simply asked for again.
            throw new OutcomeException(new Outcome.Later(lost.Reason));
        }
    }
}
