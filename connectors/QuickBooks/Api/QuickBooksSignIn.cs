using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrderSync.Framework;
using OrderSync.Framework.OAuth;

namespace OrderSync.QuickBooks;

/// <summary>Intuit's accounts server: the page where a person approves, and tokens. The refresh token's value changes about once a day, and the one before is dead.</summary>
internal sealed class QuickBooksSignIn(QuickBooksClient quickBooks)
{
    /// <summary>The page where a person approves and chooses the company.</summary>
    public static Uri ApprovalPage(Connection connection, Uri redirect, string state)
    {
        var settings = connection.Settings<QuickBooksSettings>();
        var query = new Dictionary<string, string>
        {
            ["client_id"] = settings.ClientId, ["response_type"] = "code", ["scope"] = "com.intuit.quickbooks.accounting", ["redirect_uri"] = redirect.ToString(), ["state"] = state,
        };
        return new Uri($"{settings.ApprovalUrl}?{string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}");
    }

    /// <summary>Tokens for the code that the page led back with.</summary>
    public async Task<Tokens> ExchangeAsync(Connection connection, Approval approval, CancellationToken stop)
    {
        var settings = connection.Settings<QuickBooksSettings>();
        if (approval.Query.GetValueOrDefault("realmId") is { } realm && realm != settings.RealmId)
            throw new OutcomeException(new Outcome.Reconnect(
                $"You chose the company {realm} in QuickBooks, and the connection is for {settings.RealmId}. Choose that company, or enter {realm} as RealmId in Connections, and begin again."));
        return await TokensAsync(connection, new() { ["grant_type"] = "authorization_code", ["code"] = approval.Code, ["redirect_uri"] = approval.Redirect.ToString() }, stop);
    }

    /// <summary>A new access token, and the refresh token that is good from now on.</summary>
    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) =>
        TokensAsync(connection, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, stop);

    private async Task<Tokens> TokensAsync(Connection connection, Dictionary<string, string> form, CancellationToken stop)
    {
        var settings = connection.Settings<QuickBooksSettings>();
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.TokenUrl);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.ClientId}:{connection.Secret(nameof(QuickBooksSettings.ClientSecret))}")));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            var reply = await quickBooks.AskAsync(request, stop);
            var answer = JsonSerializer.Deserialize<TokenAnswer>(reply.Body, QuickBooksWire.Json);
            return answer switch
            {
                { AccessToken: { Length: > 0 } token } when reply.Good => new Tokens(token, answer.RefreshToken, TimeSpan.FromSeconds(answer.ExpiresIn ?? 3600), null),
                { Error: { Length: > 0 } error } => throw new OutcomeException(QuickBooksErrors.TokenOutcome(error)),
                _ => throw new OutcomeException(new Outcome.Later($"Intuit's answer for a token (HTTP {(int)reply.Status}) could not be read.")),
            };
        }
        catch (JsonException)
        {
            throw new OutcomeException(new Outcome.Later("Intuit's answer for a token could not be read."));
        }
        catch (OutcomeException said) when (said.Outcome is Outcome.Ambiguous lost)
        {
            // A token whose answer was lost is asked for again; where the old one is dead by then the framework asks for a new approval.
            throw new OutcomeException(new Outcome.Later(lost.Reason));
        }
    }
}
