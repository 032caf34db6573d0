namespace OrderSync.Gateway.Office.Flow;

/// <summary>What flows just now: counts and states only.</summary>
/// <param name="Company">Whose.</param>
/// <param name="At">When this was.</param>
/// <param name="Today">When today began, where the newest record was captured.</param>
/// <param name="FirstMinute">The first of the sixty minutes that are drawn; the last is the one under way.</param>
/// <param name="Records">What was stored, by kind.</param>
/// <param name="PerMinute">All that was stored in each of the sixty minutes.</param>
/// <param name="Connections">Each destination, by name.</param>
/// <param name="Attention">What needs a person, by reason, as the list of it counts.</param>
/// <param name="Devices">The devices.</param>
/// <param name="Alerts">What the office is told and nobody has seen.</param>
internal sealed record FlowAnswer(
    Guid Company, DateTimeOffset At, DateTimeOffset Today, DateTimeOffset FirstMinute, IReadOnlyList<FlowKind> Records, IReadOnlyList<long> PerMinute, IReadOnlyList<FlowConnection> Connections,
    IReadOnlyDictionary<string, long> Attention, FlowDevices Devices, long Alerts);

/// <summary>Records of a kind that were stored.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="LastMinute">In the last sixty seconds.</param>
/// <param name="LastHour">In the sixty minutes.</param>
/// <param name="Today">Since today began.</param>
/// <param name="LastAt">When the newest came, whenever that was.</param>
internal sealed record FlowKind(string Kind, long LastMinute, long LastHour, long Today, DateTimeOffset LastAt);

/// <summary>A destination.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Connector">Through which connector.</param>
/// <param name="Kinds">What goes there.</param>
/// <param name="Health">Whether it moves.</param>
/// <param name="LastMinute">Deliveries that were done in the last sixty seconds.</param>
/// <param name="LastHour">In the sixty minutes.</param>
/// <param name="PerMinute">In each of them.</param>
/// <param name="Backlog">What waits, by state: pending (its connector has not acknowledged it), inProgress, waiting (for something it needs).</param>
/// <param name="Attention">What needs a person there: attention, reconnect.</param>
/// <param name="AtLeast">A count stops at 100,000: there are more.</param>
/// <param name="Oldest">What of the backlog has not moved for longest; null when nothing waits.</param>
internal sealed record FlowConnection(
    string Name, string Connector, IReadOnlyList<string> Kinds, Health Health, long LastMinute, long LastHour, IReadOnlyList<long> PerMinute, IReadOnlyDictionary<string, long> Backlog,
    IReadOnlyDictionary<string, long> Attention, bool AtLeast, FlowOldest? Oldest);

/// <summary>A record that waits.</summary>
/// <param name="RecordId">The record.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Number">Its number, once it has one.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Since">Since when.</param>
internal sealed record FlowOldest(Guid RecordId, string Kind, string? Number, string State, DateTimeOffset Since);

/// <summary>Devices that are not revoked.</summary>
/// <param name="Enrolled">How many.</param>
/// <param name="SeenToday">That sent something today.</param>
/// <param name="Silent">That have sent nothing for a week.</param>
internal sealed record FlowDevices(long Enrolled, long SeenToday, long Silent);
