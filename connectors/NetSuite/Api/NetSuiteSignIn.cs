using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>Signs in with an assertion that the connection's own key signs. There is no refresh token: an access token that ended is asked for anew.</summary>
internal sealed class NetSuiteSignIn(NetSuiteClient netSuite, TimeProvider time)
{
    // NetSuite takes an hour at most; a clock that is a little wrong on either side must not matter.
    private static readonly TimeSpan Good = TimeSpan.FromMinutes(30);

    /// <summary>A new access token.</summary>
    public async Task<Tokens> SignInAsync(Connection connection, CancellationToken stop)
    {
        var settings = connection.Settings<NetSuiteSettings>();
        // An assertion whose answer was lost harms nobody: one signs in again.
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.TokenUrl).Reading();
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = Assertion(connection, settings, time.GetUtcNow()),
        });
        try
        {
            var reply = await netSuite.AskAsync(request, stop);
            var answer = JsonSerializer.Deserialize<TokenAnswer>(reply.Body, NetSuiteWire.Json);
            return answer switch
            {
                { AccessToken: { Length: > 0 } token } when reply.Good => new Tokens(token, null, TimeSpan.FromSeconds(answer.ExpiresIn ?? 3600), null),
                { Error: { Length: > 0 } error } => throw new OutcomeException(NetSuiteErrors.TokenOutcome(error)),
                _ => throw new OutcomeException(new Outcome.Later($"NetSuite's answer for a token (HTTP {(int)reply.Status}) could not be read.")),
            };
        }
        catch (JsonException)
        {
            throw new OutcomeException(new Outcome.Later("NetSuite's answer for a token could not be read."));
        }
    }

    /// <summary>What says who we are, signed.</summary>
    public static string Assertion(Connection connection, NetSuiteSettings settings, DateTimeOffset now) => SigningKey.Sign(
        connection.Secret(nameof(NetSuiteSettings.PrivateKey)), connection.Secret(nameof(NetSuiteSettings.CertificateId)), new Dictionary<string, object>
        {
            ["iss"] = settings.ClientId, ["scope"] = "rest_webservices", ["aud"] = settings.TokenUrl.ToString(),
            ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = (now + Good).ToUnixTimeSeconds(),
        });
}
