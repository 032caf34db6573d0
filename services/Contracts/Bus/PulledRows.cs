namespace OrderSync.Contracts.Bus;

/// <summary>
/// Rows of one collection as a destination holds them: levels with versions, each sent again until the gateway acknowledged that version. A message
/// without rows only asks whether the connection is the collection's source.
/// </summary>
/// <param name="Connector">Name of the connector, which is the queue the acknowledgement goes to.</param>
/// <param name="CompanyId">Whose rows.</param>
/// <param name="ConnectionId">Where they come from.</param>
/// <param name="Collection">Which collection: see <see cref="Catalogue.CollectionNames"/>.</param>
/// <param name="Complete">Whether the connector has read the whole collection and, but for these rows, the gateway has acknowledged all of it.</param>
/// <param name="LedgerEpoch">The epoch of the connector's ledger: an operator raises it after the ledger was restored from a backup. A row of a higher epoch counts, whatever its version.</param>
/// <param name="Rows">At most 100, at most 256 KB of bodies.</param>
public sealed record PulledRows(
    string Connector, Guid CompanyId, Guid ConnectionId, string Collection, bool Complete, long LedgerEpoch, IReadOnlyList<PulledRow> Rows);

/// <summary>One row as the destination holds it.</summary>
/// <param name="Key">Its id there.</param>
/// <param name="Version">Rises with each change of the row; the gateway keeps the highest.</param>
/// <param name="Import">The look at the destination that found it so; an older one never overwrites a newer.</param>
/// <param name="Deleted">It is not there any more.</param>
/// <param name="Body">Its content as JSON text; null when it is deleted.</param>
/// <param name="RecordId">The captured record it was made from, where the connector has made it.</param>
/// <param name="At">When it was seen so first.</param>
public sealed record PulledRow(string Key, long Version, long Import, bool Deleted, string? Body, Guid? RecordId, DateTimeOffset At);

/// <summary>The gateway's answer: what it holds need not be sent again.</summary>
/// <param name="CompanyId">Whose rows.</param>
/// <param name="ConnectionId">Where they come from.</param>
/// <param name="Collection">Which collection.</param>
/// <param name="IsSource">Whether the connection is the collection's source. If not, its rows are not applied and need not be sent.</param>
/// <param name="SourceVersion">Rises with each change of the source. Under a higher one than known the source sends all its rows again.</param>
/// <param name="Epoch">The gateway's epoch: see <see cref="ReportAcknowledged.Epoch"/>.</param>
/// <param name="Rows">One for each row received.</param>
public sealed record PulledRowsAcknowledged(
    Guid CompanyId, Guid ConnectionId, string Collection, bool IsSource, long SourceVersion, long Epoch, IReadOnlyList<PulledRowAcknowledged> Rows);

/// <summary>One acknowledged row.</summary>
/// <param name="Key">Its id at the destination.</param>
/// <param name="Version">Version the gateway now holds. Higher than the sender's own: the sender was restored from a backup, and raises its own above this.</param>
/// <param name="Import">The look it was found by.</param>
public sealed record PulledRowAcknowledged(string Key, long Version, long Import);
