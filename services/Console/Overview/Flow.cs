namespace OrderSync.Console.Overview;

/// <summary>What flows just now, as the gateway says it: <c>GET /v1/office/flow</c>.</summary>
public sealed record Flow(
    Guid Company, DateTimeOffset At, DateTimeOffset Today, DateTimeOffset FirstMinute, IReadOnlyList<FlowKind> Records, IReadOnlyList<long> PerMinute, IReadOnlyList<FlowConnection> Connections,
    IReadOnlyDictionary<string, long> Attention, FlowDevices Devices, long Alerts)
{
    /// <summary>Where it is asked for.</summary>
    public const string Path = "/v1/office/flow";

    /// <summary>What a person in the office can do something about; what was refused is the device's.</summary>
    public long NeedsPerson => Attention.Where(one => one.Key != "refused").Sum(one => one.Value);

    /// <summary>What devices were refused.</summary>
    public long Refused => Attention.GetValueOrDefault("refused");

    /// <summary>Of all kinds.</summary>
    public long StoredLastMinute => Records.Sum(kind => kind.LastMinute);

    /// <summary>Nothing flows before both ends are there.</summary>
    public bool IsSetUp => Connections.Count > 0 && Devices.Enrolled > 0;
}

/// <summary>Records of a kind that were stored.</summary>
public sealed record FlowKind(string Kind, long LastMinute, long LastHour, long Today, DateTimeOffset LastAt);

/// <summary>A destination: what went there, what waits, and whether it moves.</summary>
public sealed record FlowConnection(
    string Name, string Connector, IReadOnlyList<string> Kinds, FlowHealth Health, long LastMinute, long LastHour, IReadOnlyList<long> PerMinute, IReadOnlyDictionary<string, long> Backlog,
    IReadOnlyDictionary<string, long> Attention, bool AtLeast, FlowOldest? Oldest)
{
    /// <summary>Its whole backlog.</summary>
    public long Waiting => Backlog.Values.Sum();

    /// <summary>What a person must look at there.</summary>
    public long NeedsPerson => Attention.Values.Sum();

    /// <summary>The number of what waits, as people read it.</summary>
    public string WaitingText => FlowWords.Count(Waiting) + (AtLeast ? "+" : "");
}

/// <summary>Whether a destination moves, and why not.</summary>
public sealed record FlowHealth(string State, string? Reason, DateTimeOffset? Since, DateTimeOffset? Until);

/// <summary>What has waited longest.</summary>
public sealed record FlowOldest(Guid RecordId, string Kind, string? Number, string State, DateTimeOffset Since);

/// <summary>Devices that are not revoked.</summary>
public sealed record FlowDevices(long Enrolled, long SeenToday, long Silent);
