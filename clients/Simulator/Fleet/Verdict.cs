namespace OrderSync.Simulator.Fleet;

/// <summary>The gateway's answer to one record.</summary>
internal sealed record Verdict(Guid Id, int Rev, string Outcome, string? Code, string? Field, string? Message, string? Number, string? State)
{
    public const string Accepted = "accepted";
    public const string Duplicate = "duplicate";
    public const string Waiting = "waiting";
    public const string Conflict = "conflict";
    public const string Refused = "refused";
    public const string RetryLater = "retryLater";
}

/// <summary>The gateway's answer to one request. Without <c>End</c> it is not complete, and the fate of the records is unknown.</summary>
internal sealed record PushAnswer(IReadOnlyList<Verdict>? Verdicts, int Received, bool End);
