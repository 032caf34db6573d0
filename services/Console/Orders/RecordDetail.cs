using System.Text.Json;

namespace OrderSync.Console.Orders;

/// <summary>A record of a list, as the office API gives it.</summary>
public sealed record FoundRecord(
    Guid Id, string Kind, string? Number, string? Reference, string State, string? Code, string? Message, Guid? CustomerId, string? Customer, string Rep, string Branch, Guid DeviceId,
    string? Currency, decimal? Total, DateOnly DocumentDate, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt, IReadOnlyDictionary<string, string> Destinations)
{
    /// <summary>What people call it.</summary>
    public string Name => Number ?? Reference ?? Id.ToString("D")[..8];
}

/// <summary>A page of records, whichever kind was asked for.</summary>
internal sealed record RecordPage(IReadOnlyList<FoundRecord> Records, string? Next);

/// <summary>One record with all that happened to it, as the office API gives it.</summary>
public sealed record RecordDetail(
    Guid Id, string Kind, int Rev, string State, string? Code, string? Field, string? Message, string? Number, string? Reference, string? Currency, decimal? Total, DateTimeOffset CapturedAt,
    DateOnly DocumentDate, DateTimeOffset ReceivedAt, string Rep, Guid DeviceId, string? TraceId, JsonElement? Captured, IReadOnlyList<CaptureRow> Captures, IReadOnlyList<Delivery> Deliveries,
    IReadOnlyList<TimelineEntry> Timeline, Guid? CustomerId, string? Customer, string? Branch, IReadOnlyList<LineRow> Lines, IReadOnlyList<Awaited> Awaits, IReadOnlyList<PaidBy> Receipts,
    IReadOnlyList<Allocation> Allocations, Converted? Source = null, Converted? Became = null, bool MayAccept = false)
{
    /// <summary>What people call it.</summary>
    public string Name => Number ?? Reference ?? Id.ToString("D")[..8];

    /// <summary>The capture that counts.</summary>
    public CaptureRow? Newest => Captures.Where(capture => capture.Rev == Rev).MaxBy(capture => capture.ReceivedAt);
}

/// <summary>Bytes as a device sent them.</summary>
public sealed record CaptureRow(int Rev, string Sha256, string Outcome, DateTimeOffset ReceivedAt, int Bytes);

/// <summary>A record at a destination.</summary>
public sealed record Delivery(
    string Connection, string Connector, int Rev, string State, string? ExternalId, string? ExternalNumber, decimal? ExternalTotal, string? Code, string? Reason, string? Fix, int Attempts,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Whether it is mail rather than an ERP.</summary>
    public bool IsMail => Connector == "email";
}

/// <summary>One thing that happened.</summary>
public sealed record TimelineEntry(
    DateTimeOffset At, string What, string Message, int? Rev, string? Connection, string? State, string? Code, string? Reason, int? Attempts);

/// <summary>A line with what it comes to.</summary>
public sealed record LineRow(int No, string Sku, decimal Quantity, decimal UnitPrice, decimal TaxRate, decimal Amount);

/// <summary>What a record waits for.</summary>
public sealed record Awaited(Guid Id, string? Kind, string? State, string? Name, string? Code);

/// <summary>A receipt that pays an order.</summary>
public sealed record PaidBy(Guid Id, string? Number, string? Reference, string State, string? Currency, decimal Amount, DateTimeOffset ReceivedAt);

/// <summary>The quote an order was made from, or the order a quote became.</summary>
public sealed record Converted(Guid Id, string Kind, string? Number, string? Reference)
{
    /// <summary>What people call it.</summary>
    public string Name => Number ?? Reference ?? Id.ToString("D")[..8];
}

/// <summary>What a receipt pays.</summary>
public sealed record Allocation(Guid? Order, string? Number, string? Document, decimal Amount);

/// <summary>A call a connector made.</summary>
public sealed record Call(
    DateTimeOffset At, Guid ConnectionId, string? Connection, string? TraceId, string Method, string Target, int? Status, int Milliseconds, string Outcome, string? Request, string? Response);

/// <summary>The calls made for a record; Away names connectors that did not answer.</summary>
public sealed record CallList(IReadOnlyList<Call> Calls, IReadOnlyList<string> Away);
