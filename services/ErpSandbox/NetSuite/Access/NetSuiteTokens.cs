namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>An access token and the account it opens.</summary>
internal sealed record NetSuiteToken(string AccessToken, string Account, DateTimeOffset Expires);

/// <summary>The live access tokens of all accounts.</summary>
internal sealed class NetSuiteTokens
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, NetSuiteToken> live = new(StringComparer.Ordinal);

    /// <summary>The token if it is alive.</summary>
    public NetSuiteToken? Find(string token, DateTimeOffset now)
    {
        lock (gate)
            return live.TryGetValue(token, out var found) && found.Expires > now ? found : null;
    }

    public void Take(NetSuiteToken token)
    {
        lock (gate)
            live[token.AccessToken] = token;
    }

    /// <summary>Ends the access tokens of an account.</summary>
    public void Forget(string account)
    {
        lock (gate)
        {
            foreach (var token in live.Values.Where(one => one.Account == account).ToList())
                live.Remove(token.AccessToken);
        }
    }
}
