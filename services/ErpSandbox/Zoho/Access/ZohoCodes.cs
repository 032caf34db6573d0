using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What someone consented to: good once, for a few minutes.</summary>
internal sealed record ZohoCode(string Code, string ClientId, string RedirectUri, string Scopes, string OrganizationId, bool Offline, DateTimeOffset Expires);

/// <summary>The codes that are not exchanged yet. They live too short to be kept over a restart.</summary>
internal sealed class ZohoCodes(IOptions<SandboxOptions> options)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private const int MostInWindow = 10;
    private readonly Lock gate = new();
    private readonly Dictionary<string, ZohoCode> open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<DateTimeOffset>> given = new(StringComparer.Ordinal);

    /// <summary>A new code; false if the app has had too many.</summary>
    public bool TryMake(string client, string redirect, string scopes, string organisation, bool offline, DateTimeOffset now, [NotNullWhen(true)] out ZohoCode? code)
    {
        lock (gate)
        {
            if (!given.TryGetValue(client, out var times))
                given[client] = times = new();
            while (times.TryPeek(out var oldest) && oldest <= now - Window)
                times.Dequeue();
            code = null;
            if (options.Value.Profile == LimitProfile.Documented && times.Count >= MostInWindow)
                return false;
            times.Enqueue(now);
            code = new ZohoCode(ZohoCredentials.NewSecret(), client, redirect, scopes, organisation, offline, now + Life);
            open[code.Code] = code;
            return true;
        }
    }

    /// <summary>Takes a code; null if it is unknown, was taken before, or is over.</summary>
    public ZohoCode? Redeem(string code, DateTimeOffset now)
    {
        lock (gate)
            return open.Remove(code, out var found) && found.Expires > now ? found : null;
    }
}
