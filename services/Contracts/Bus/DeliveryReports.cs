namespace OrderSync.Contracts.Bus;

/// <summary>Where a record stands at a destination.</summary>
public enum DeliveryState
{
    /// <summary>Stored at the gateway, the connector has not answered yet.</summary>
    Pending,

    /// <summary>In the connector's ledger, work goes on or a time is being waited for.</summary>
    InProgress,

    /// <summary>Waits for another record, such as its customer.</summary>
    Waiting,

    /// <summary>The document is there, read back and equal.</summary>
    Done,

    /// <summary>A person must act: Code, Reason and Fix say why and how.</summary>
    Attention,

    /// <summary>The connection needs new credentials; nothing is lost and all goes on after it.</summary>
    Reconnect,

    /// <summary>Stopped by a person.</summary>
    Stopped,
}

/// <summary>Reports of a connector: rows with versions, each sent again until the gateway acknowledged that version.</summary>
/// <param name="Connector">Name of the connector, which is the queue the acknowledgement goes to.</param>
/// <param name="Reports">At most 100.</param>
public sealed record DeliveryReports(string Connector, IReadOnlyList<DeliveryReport> Reports);

/// <summary>What a connector knows of one record at one destination.</summary>
/// <param name="CompanyId">Whose record it is.</param>
/// <param name="ConnectionId">The destination.</param>
/// <param name="RecordId">The record.</param>
/// <param name="Version">Rises with each change; the gateway keeps the highest.</param>
/// <param name="KnownVersion">Highest <see cref="DeliverRecord.Version"/> the ledger holds: acknowledges the gateway's message.</param>
/// <param name="Revision">Revision the report speaks of.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ExternalId">The document's id at the destination.</param>
/// <param name="ExternalNumber">The document's number at the destination.</param>
/// <param name="ExternalTotal">Total the destination reached, read back; null where it has none.</param>
/// <param name="Code">Stable code of the reason, such as "item.unmapped".</param>
/// <param name="Reason">What happened, in plain words.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Attempts">Attempts so far.</param>
/// <param name="At">When the connector noted it.</param>
/// <param name="LedgerEpoch">The epoch of the connector's ledger: an operator raises it after the ledger was restored from a backup. The gateway
/// then tells it all deliveries of the connection again.</param>
public sealed record DeliveryReport(
    Guid CompanyId,
    Guid ConnectionId,
    Guid RecordId,
    long Version,
    long KnownVersion,
    int Revision,
    DeliveryState State,
    string? ExternalId,
    string? ExternalNumber,
    decimal? ExternalTotal,
    string? Code,
    string? Reason,
    string? Fix,
    int Attempts,
    DateTimeOffset At,
    long LedgerEpoch = 0);

/// <summary>The gateway's answer: what it holds need not be sent again.</summary>
/// <param name="Reports">One for each report received, with the version the gateway now holds.</param>
public sealed record ReportsAcknowledged(IReadOnlyList<ReportAcknowledged> Reports);

/// <summary>One acknowledged report.</summary>
/// <param name="CompanyId">Whose record it is.</param>
/// <param name="ConnectionId">The destination.</param>
/// <param name="RecordId">The record.</param>
/// <param name="Version">Version the gateway holds; 0 = it does not know the record yet: the report is kept and comes again. Higher than the reporter's
/// own: the reporter was restored from a backup, raises its version above this and reports again.</param>
/// <param name="Epoch">The gateway's epoch: an operator raises it after the gateway was restored from a backup. What was acknowledged under a
/// lower one is reported again.</param>
public sealed record ReportAcknowledged(Guid CompanyId, Guid ConnectionId, Guid RecordId, long Version, long Epoch = 0);
