using System.Security.Cryptography;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What an OAuth app needs to act for an organisation, made with the organisation: its first refresh token.</summary>
internal sealed record ZohoCredentials(string ClientId, string ClientSecret, string RefreshToken)
{
    public static readonly ZohoCredentials None = new("", "", "");

    public static string NewSecret() => $"1000.{RandomNumberGenerator.GetHexString(32, lowercase: true)}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
}

/// <summary>A refresh token that someone of the organisation gave an app by consenting, and what for.</summary>
internal sealed record ZohoGrant(string RefreshToken, string ClientId, string Scopes);

/// <summary>An access token, the organisation whose user it acts for, and the refresh token it came from.</summary>
internal sealed record ZohoAccessToken(string AccessToken, string OrganizationId, DateTimeOffset Expires, string? Scopes = null, string? RefreshToken = null);

/// <summary>The live access tokens of all organisations.</summary>
internal sealed class ZohoTokens
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ZohoAccessToken> live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ZohoAccessToken>> byOrganisation = new(StringComparer.Ordinal);

    /// <summary>The token if it is alive; null if it is unknown, dropped or over.</summary>
    public ZohoAccessToken? Find(string token, DateTimeOffset now)
    {
        lock (gate)
            return live.TryGetValue(token, out var found) && found.Expires > now ? found : null;
    }

    /// <summary>Adds a token; with <paramref name="most"/> the oldest of the same refresh token beyond that number are dropped.</summary>
    public void Take(ZohoAccessToken token, int most = int.MaxValue)
    {
        lock (gate)
        {
            if (!byOrganisation.TryGetValue(token.OrganizationId, out var tokens))
                byOrganisation[token.OrganizationId] = tokens = [];
            tokens.Add(token);
            live[token.AccessToken] = token;
            var own = tokens.Where(one => one.RefreshToken == token.RefreshToken).ToList();
            foreach (var oldest in own.Take(own.Count - most))
            {
                live.Remove(oldest.AccessToken);
                tokens.Remove(oldest);
            }
        }
    }

    /// <summary>Ends the access tokens of an organisation, or of one of its refresh tokens.</summary>
    public void Forget(string organisation, string? refreshToken = null)
    {
        lock (gate)
        {
            if (!byOrganisation.TryGetValue(organisation, out var tokens))
                return;
            foreach (var token in tokens.Where(one => refreshToken is null || one.RefreshToken == refreshToken).ToList())
            {
                live.Remove(token.AccessToken);
                tokens.Remove(token);
            }
        }
    }
}
