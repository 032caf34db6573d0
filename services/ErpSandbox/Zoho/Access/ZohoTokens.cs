using System.Security.Cryptography;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What an OAuth app needs to act for an organisation. The refresh token does not rotate and ends only when revoked.</summary>
internal sealed record ZohoCredentials(string ClientId, string ClientSecret, string RefreshToken)
{
    public static readonly ZohoCredentials None = new("", "", "");

    public static string NewSecret() => $"1000.{RandomNumberGenerator.GetHexString(32, lowercase: true)}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
}

/// <summary>An access token and the organisation it opens.</summary>
internal sealed record ZohoAccessToken(string AccessToken, string OrganizationId, DateTimeOffset Expires);

/// <summary>The live access tokens of all organisations.</summary>
internal sealed class ZohoTokens
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ZohoAccessToken> live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> byOrganisation = new(StringComparer.Ordinal);

    /// <summary>The organisation a token opens; null if it is unknown, dropped or over.</summary>
    public string? OrganisationOf(string token, DateTimeOffset now)
    {
        lock (gate)
            return live.TryGetValue(token, out var found) && found.Expires > now ? found.OrganizationId : null;
    }

    /// <summary>Adds a token; with <paramref name="most"/> the oldest beyond that number are dropped.</summary>
    public void Take(ZohoAccessToken token, int most = int.MaxValue)
    {
        lock (gate)
        {
            if (!byOrganisation.TryGetValue(token.OrganizationId, out var tokens))
                byOrganisation[token.OrganizationId] = tokens = [];
            tokens.Add(token.AccessToken);
            live[token.AccessToken] = token;
            while (tokens.Count > most)
            {
                live.Remove(tokens[0]);
                tokens.RemoveAt(0);
            }
        }
    }

    /// <summary>Ends all access tokens of an organisation.</summary>
    public void Forget(string organisation)
    {
        lock (gate)
        {
            if (!byOrganisation.Remove(organisation, out var tokens))
                return;
            foreach (var token in tokens)
                live.Remove(token);
        }
    }
}
