namespace OrderSync.Device;

/// <summary>How the server has one record.</summary>
/// <param name="Id">The record.</param>
/// <param name="State">unknown, refused, waiting, held, stopped, accepted, attention (a destination needs somebody) or inErp.</param>
/// <param name="Rev">The revision that stands there.</param>
/// <param name="Number">Its final number.</param>
/// <param name="Code">Why it does not go on.</param>
public sealed record RecordStanding(Guid Id, string State, int? Rev = null, string? Number = null, string? Code = null)
{
    /// <summary>Nothing of it is stored.</summary>
    public const string Unknown = "unknown";
}

/// <summary>What is on this device against what is stored, record by record.</summary>
/// <param name="Records">All that this device keeps, as the server has it.</param>
/// <param name="NotStored">Still to be sent: no copy is anywhere else. A mended record is here until its new revision is stored.</param>
/// <param name="Lost">Acknowledged once, and the server does not have it any more: it is in the outbox again.</param>
/// <param name="ServerTime">As of when, by the server's clock.</param>
public sealed record QueueCheck(IReadOnlyList<RecordStanding> Records, IReadOnlyList<Guid> NotStored, IReadOnlyList<Guid> Lost, DateTimeOffset ServerTime)
{
    /// <summary>Everything on this device is stored.</summary>
    public bool IsZero => NotStored.Count + Lost.Count == 0;
}

/// <summary>Something of this rep's that needs somebody, as the server has it.</summary>
/// <param name="Id">The record.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Rev">The revision that stands.</param>
/// <param name="Number">Its final number.</param>
/// <param name="Reference">What the device shows for it.</param>
/// <param name="Customer">Its customer's name.</param>
/// <param name="Reason">refused, held, waiting, attention, reconnect or stopped.</param>
/// <param name="Connection">The destination; null where it stands at the gateway.</param>
/// <param name="Code">Why, stable.</param>
/// <param name="Field">Which field the reason speaks of.</param>
/// <param name="Message">Why, in the device's language.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Actions">What may be done from here: retry, stop, reopen.</param>
/// <param name="FirstAt">When it came first.</param>
/// <param name="LastAt">When it was last tried.</param>
public sealed record AttentionItem(
    Guid Id, string Kind, int Rev, string? Number, string? Reference, string? Customer, string Reason, string? Connection, string? Code, string? Field, string? Message, string? Fix,
    IReadOnlyList<string> Actions, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>What became of trying everything again.</summary>
/// <param name="Tried">How many were taken up.</param>
/// <param name="Left">How many still need somebody: the counter of errors.</param>
public sealed record RetryReport(int Tried, long Left);
