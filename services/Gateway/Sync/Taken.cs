namespace OrderSync.Gateway.Sync;

/// <summary>What became of records that came together.</summary>
internal sealed class Taken(Push push, IReadOnlyList<PushedRecord> records, int before)
{
    private readonly (Verdict Verdict, Fault? Fault)?[] told = new (Verdict, Fault?)?[records.Count];

    public IReadOnlyList<PushedRecord> Records { get; } = records;

    /// <summary>Whether anything was stored.</summary>
    public bool Committed { get; set; }

    /// <summary>The device is revoked; nothing more was taken.</summary>
    public bool DeviceGone { get; set; }

    /// <summary>The database did not answer; what has no verdict was not stored.</summary>
    public bool Busy { get; set; }

    /// <summary>Under which the gateway speaks; null while it has not looked.</summary>
    public Guid? Epoch { get; set; }

    /// <summary>One for each record, in their order.</summary>
    public IEnumerable<Verdict> Verdicts => Records.Select(record => Of(record).Verdict);

    /// <summary>A record's verdict with its sentence, and what that was made of. What has none yet was not stored.</summary>
    public (Verdict Verdict, Fault? Fault) Of(PushedRecord record) =>
        told[record.Index] ?? (Said(record, new Verdict(record.Id, record.Rev, "retryLater", "server.busy"), null), null);

    public void Tell(PushedRecord record, Verdict verdict, Fault? fault) => told[record.Index] = (Said(record, verdict, fault), fault);

    private Verdict Said(PushedRecord record, Verdict verdict, Fault? fault) => verdict with
    {
        Line = verdict.Id is null ? before + record.Index + 1 : null,
        Message = verdict.Code is null ? null : Sentences.Of(verdict.Code, push.Language, fault?.Params),
    };
}
