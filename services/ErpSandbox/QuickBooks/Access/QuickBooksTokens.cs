namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>An access token and the company it opens.</summary>
internal sealed record QuickBooksToken(string AccessToken, string Realm, DateTimeOffset Expires);

/// <summary>What someone consented to: good once, for a few minutes.</summary>
internal sealed record QuickBooksCode(string Code, string ClientId, string RedirectUri, string Realm, DateTimeOffset Expires);

/// <summary>The live access tokens of all companies, and codes that are not exchanged yet.</summary>
internal sealed class QuickBooksTokens
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, QuickBooksToken> live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QuickBooksCode> codes = new(StringComparer.Ordinal);

    /// <summary>The token if it is alive.</summary>
    public QuickBooksToken? Find(string token, DateTimeOffset now)
    {
        lock (gate)
            return live.TryGetValue(token, out var found) && found.Expires > now ? found : null;
    }

    public void Take(QuickBooksToken token)
    {
        lock (gate)
            live[token.AccessToken] = token;
    }

    /// <summary>Ends the access tokens of a company.</summary>
    public void Forget(string realm)
    {
        lock (gate)
        {
            foreach (var token in live.Values.Where(one => one.Realm == realm).ToList())
                live.Remove(token.AccessToken);
        }
    }

    public void Take(QuickBooksCode code)
    {
        lock (gate)
            codes[code.Code] = code;
    }

    /// <summary>Takes a code; null if it is unknown, was taken before, or is over.</summary>
    public QuickBooksCode? Redeem(string code, DateTimeOffset now)
    {
        lock (gate)
            return codes.Remove(code, out var found) && found.Expires > now ? found : null;
    }
}
