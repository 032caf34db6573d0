namespace OrderSync.Device;

/// <summary>What one run over the outbox came to.</summary>
/// <param name="Sent">Records that were answered with a verdict.</param>
/// <param name="Accepted">Stored now.</param>
/// <param name="Duplicates">Stored before.</param>
/// <param name="Waiting">Stored, and they go on by themselves.</param>
/// <param name="Refused">Refused.</param>
/// <param name="Conflicts">Of other content than what stands.</param>
/// <param name="Left">Still to be sent.</param>
/// <param name="Trouble">Why some are left.</param>
/// <param name="After">When the server wants them, if it said so.</param>
/// <param name="Pulled">Rows that have changed on the device.</param>
public sealed record SyncReport(int Sent, int Accepted, int Duplicates, int Waiting, int Refused, int Conflicts, int Left, string? Trouble = null, TimeSpan? After = null, int Pulled = 0)
{
    internal static SyncReport Empty { get; } = new(0, 0, 0, 0, 0, 0, 0);

    internal SyncReport With(IEnumerable<DeviceRecord> settled) => settled.Aggregate(this with { Left = 0 }, (report, record) => (report with { Sent = report.Sent + 1 }).Count(record.Verdict!.Outcome));

    private SyncReport Count(string outcome) => outcome switch
    {
        Verdict.Accepted => this with { Accepted = Accepted + 1 },
        Verdict.Duplicate => this with { Duplicates = Duplicates + 1 },
        Verdict.Waiting => this with { Waiting = Waiting + 1 },
        Verdict.Refused => this with { Refused = Refused + 1 },
        _ => this with { Conflicts = Conflicts + 1 },
    };
}
