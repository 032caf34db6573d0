using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Targets;

/// <summary>The ERPs that <c>replay --into</c> knows.</summary>
internal static class ReplayTargets
{
    private static readonly Dictionary<string, Func<Surroundings, Patience, IReplayTarget>> Known = new(StringComparer.Ordinal)
    {
        ["zoho"] = (where, patience) => new ZohoTarget(where.Sandbox, patience),
        ["quickbooks"] = (where, patience) => new QuickBooksTarget(where.Sandbox, patience),
        ["netsuite"] = (where, patience) => new NetSuiteTarget(where.Sandbox, patience),
        ["tryton"] = (where, patience) => new TrytonTarget(where.AddressOf("tryton-server"), where.Parameter("tryton-server-password"), patience),
    };

    /// <summary>Their names.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>The one of this name.</summary>
    public static IReplayTarget Of(string name, Surroundings where, Patience patience) => Known[name](where, patience);
}
