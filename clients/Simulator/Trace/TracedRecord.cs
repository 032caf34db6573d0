namespace OrderSync.Simulator.Trace;

/// <summary>A record as the office API shows it, as far as a trace tells of it.</summary>
internal sealed record TracedRecord(
    Guid Id, string Kind, int Rev, string State, string? Code, string? Message, string? Number, string? Reference, string? Currency, decimal? Total, string Rep, Guid DeviceId,
    string? TraceId, IReadOnlyList<TracedDelivery>? Deliveries, IReadOnlyList<TracedEntry>? Timeline, IReadOnlyList<TracedAwaited>? Awaits);

/// <summary>A destination of a revision.</summary>
internal sealed record TracedDelivery(
    string Connection, int Rev, string State, string? ExternalId, string? ExternalNumber, decimal? ExternalTotal, string? Code, string? Reason, string? Fix, int Attempts);

/// <summary>One thing that happened.</summary>
internal sealed record TracedEntry(
    DateTimeOffset At, string What, string Message, int? Rev, string? Connection, string? State, string? Code, string? Reason, int? Attempts);

/// <summary>Something it waits for.</summary>
internal sealed record TracedAwaited(Guid Id, string? Kind, string? Name, string? State);

/// <summary>A page of a search.</summary>
internal sealed record FoundRecords(IReadOnlyList<FoundRecord>? Records);

/// <summary>One record of a search.</summary>
internal sealed record FoundRecord(Guid Id, string Kind, string? Number, string? Reference, string State, string? Customer, DateTimeOffset ReceivedAt);
