using OrderSync.Gateway.Activities.Forms;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Policies;

namespace OrderSync.Gateway.Sync;

/// <summary>What the rules need to know to judge a chunk: read in one round trip before it.</summary>
internal sealed class Known
{
    public bool DeviceGone { get; set; }

    public bool UserDisabled { get; set; }

    /// <summary>Made with a connection, not captured without one.</summary>
    public bool Live { get; init; }

    /// <summary>phone, tablet or register.</summary>
    public string DeviceClass { get; set; } = "";

    /// <summary>What the company has set.</summary>
    public Policy Policy { get; } = new();

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

    /// <summary>Customers with a credit limit or terms; what the chunk itself adds is added here.</summary>
    public Dictionary<Guid, KnownCredit> Credit { get; } = [];

    /// <summary>Records of the chunk that were accepted before: what they come to is in the sums already.</summary>
    public HashSet<Guid> Counted { get; } = [];

    /// <summary>Coupons that were used, with the record that used them first.</summary>
    public Dictionary<string, KnownUse> Coupons { get; } = new(StringComparer.Ordinal);

    /// <summary>Lots and serial numbers that are known, by item.</summary>
    public HashSet<(string Sku, string Kind, string Number)> Lots { get; } = [];

    /// <summary>Items of which any lot, or any serial number, is known.</summary>
    public HashSet<(string Sku, string Kind)> Tracked { get; } = [];

    /// <summary>Steps of the visits in question; those that were judged in this chunk join them.</summary>
    public List<KnownVisitStep> VisitSteps { get; } = [];

    /// <summary>When the rep came and went before the moments in question; likewise.</summary>
    public List<KnownAttendance> Attendance { get; } = [];

    /// <summary>Published forms by name and version.</summary>
    public Dictionary<(string Name, int Version), IReadOnlyList<FormField>> Forms { get; } = [];
}

/// <summary>What is known of a customer's credit.</summary>
/// <param name="Limit">The most they may owe; null = no limit.</param>
/// <param name="Currency">Of limit and balance.</param>
/// <param name="Open">What they owe, with what was accepted since.</param>
/// <param name="Terms">Their payment terms, where an order states some.</param>
internal sealed record KnownCredit(decimal? Limit, string? Currency, decimal Open, string? Terms);

/// <summary>The first use of a coupon.</summary>
internal sealed record KnownUse(Guid Record, string? Reference);

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

    /// <summary>Records that raise what their customer owes.</summary>
    public HashSet<Guid> Raising { get; } = [];

    /// <summary>Whether any of them states payment terms.</summary>
    public bool Terms { get; set; }

    public HashSet<string> Coupons { get; } = new(StringComparer.Ordinal);

    public HashSet<(string Sku, string Kind, string Number)> Lots { get; } = [];

    /// <summary>Whose records they are.</summary>
    public Guid Rep { get; init; }

    public HashSet<Guid> Visits { get; } = [];

    /// <summary>Moments before which the rep may have come or gone.</summary>
    public HashSet<DateTimeOffset> AttendanceBefore { get; } = [];

    public HashSet<(string Name, int Version)> Forms { get; } = [];
}
