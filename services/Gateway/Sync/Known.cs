using OrderSync.Gateway.Feed;

namespace OrderSync.Gateway.Sync;

/// <summary>What the rules need to know to judge a chunk: read in one round trip before it.</summary>
internal sealed class Known
{
    public bool DeviceGone { get; set; }

    public bool UserDisabled { get; set; }

    public required EpochLook Epoch { get; set; }

    public Dictionary<string, KnownItem> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Customers by gateway id.</summary>
    public HashSet<Guid> Customers { get; } = [];

    /// <summary>Customers that were merged, with the one that stayed.</summary>
    public Dictionary<Guid, Guid> Survivors { get; } = [];

    /// <summary>Those of them that the office loaded: a device may name them, not change them.</summary>
    public HashSet<Guid> OfficeCustomers { get; } = [];

    public Dictionary<string, Guid> CustomersByNumber { get; } = new(StringComparer.Ordinal);

    /// <summary>By the office's code, else by the code of a captured customer.</summary>
    public Dictionary<string, Guid> CustomersByCode { get; } = new(StringComparer.Ordinal);

    /// <summary>Price lists that lines name, by the key devices know them by.</summary>
    public Dictionary<string, KnownPriceList> PriceLists { get; } = new(StringComparer.Ordinal);

    /// <summary>Awaited records that stand.</summary>
    public Dictionary<Guid, KnownRecord> Records { get; } = [];

    /// <summary>Records with the proof of an earlier verdict that still stand.</summary>
    public HashSet<Guid> ProvenStanding { get; } = [];
}

internal sealed record KnownItem(bool Active, decimal? MinimumQuantity, decimal? QuantityStep, bool NeedsConnection = false);

internal sealed record KnownPriceList(long Version, string Name);

internal sealed record KnownRecord(string State, string? Reference);

/// <summary>What a chunk asks to know.</summary>
internal sealed class Wanted
{
    public HashSet<string> Skus { get; } = new(StringComparer.Ordinal);

    public HashSet<Guid> Customers { get; } = [];

    public HashSet<string> CustomerNumbers { get; } = new(StringComparer.Ordinal);

    public HashSet<string> CustomerCodes { get; } = new(StringComparer.Ordinal);

    public HashSet<string> PriceLists { get; } = new(StringComparer.Ordinal);

    /// <summary>Records and customers that must be there first.</summary>
    public HashSet<Guid> Awaited { get; } = [];

    /// <summary>Records that come with the proof of an earlier verdict.</summary>
    public HashSet<Guid> Proven { get; } = [];
}
