using OrderSync.Gateway.Activities.Forms;
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

    /// <summary>Steps of the visits in question; those that were judged in this chunk join them.</summary>
    public List<KnownVisitStep> VisitSteps { get; } = [];

    /// <summary>When the rep came and went before the moments in question; likewise.</summary>
    public List<KnownAttendance> Attendance { get; } = [];

    /// <summary>Published forms by name and version.</summary>
    public Dictionary<(string Name, int Version), IReadOnlyList<FormField>> Forms { get; } = [];
}

internal sealed record KnownItem(bool Active, decimal? MinimumQuantity, decimal? QuantityStep, bool NeedsConnection = false);

internal sealed record KnownPriceList(long Version, string Name);

internal sealed record KnownRecord(string State, string? Reference);

internal sealed record KnownVisitStep(Guid Visit, Guid Record, string Step, DateTimeOffset At);

internal sealed record KnownAttendance(Guid Record, string Direction, DateTimeOffset At);

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

    /// <summary>Whose records they are.</summary>
    public Guid Rep { get; init; }

    public HashSet<Guid> Visits { get; } = [];

    /// <summary>Moments before which the rep may have come or gone.</summary>
    public HashSet<DateTimeOffset> AttendanceBefore { get; } = [];

    public HashSet<(string Name, int Version)> Forms { get; } = [];
}
