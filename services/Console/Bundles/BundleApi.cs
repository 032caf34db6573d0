namespace OrderSync.Console.Bundles;

// What the gateway tells of bundles, as far as the pages read it.

internal sealed record BundleList(IReadOnlyList<BundleRow> Bundles);

internal sealed record BundleRow(
    Guid Id, Guid DeviceId, string Device, string Rep, string State, int Parts, int Imported, int Records, int Stored, int Refused, int Held, int Rejected, DateTimeOffset ExportedAt, DateTimeOffset LastAt, string? BroughtBy)
{
    /// <summary>State for a badge, and its word.</summary>
    public (string State, string Word) Standing => State switch
    {
        "done" => ("done", "Imported"),
        "held" => ("held", "Waits for you"),
        "incomplete" => ("paused", "Parts are missing"),
        _ => ("pending", "Being imported"),
    };

    public bool Moves => State == "importing";
}

internal sealed record BundleRecordList(IReadOnlyList<BundleRecord> Records, int? NextPart, int? NextLine);

internal sealed record BundleRecord(
    int Part, int Line, Guid? RecordId, int Rev, string Kind, BundleAbout About, string State, string? Outcome, string? Stands, string? Code, string? Message, string? Number, string? DecidedBy, DateTimeOffset? DecidedAt)
{
    /// <summary>How a form names it.</summary>
    public string Place => $"{Part}-{Line}";

    public string Title => About.Name ?? About.Reference ?? Number ?? "without a name";

    /// <summary>What became of it, for a badge and in words.</summary>
    public (string State, string Word) Standing => (State, Outcome, Stands) switch
    {
        ("held", _, _) => ("held", "Waits for you"),
        ("rejected", _, _) => ("stopped", "Rejected"),
        (_, "accepted", "held") or (_, "duplicate", "held") => ("held", "Stored, needs attention"),
        (_, "accepted", _) => ("accepted", "Stored now"),
        (_, "duplicate", _) => ("accepted", "Was stored before"),
        (_, "waiting", _) => ("waiting", "Stored, waits"),
        (_, "refused", _) => ("refused", "Refused"),
        (_, "conflict", _) => ("refused", "Differs from what stands"),
        _ => ("pending", "Bring the file again"),
    };
}

internal sealed record BundleAbout(DateTimeOffset? CapturedAt, string? Reference, string? Name, decimal? Total, string? Currency);

internal sealed record BundleDecided(int Records);

internal sealed record BundleImport(IReadOnlyList<BundlePart> Parts);

internal sealed record BundlePart(int Place, string State, Guid? Bundle, int Records, int Held, string? Message);
