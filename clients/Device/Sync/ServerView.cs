namespace OrderSync.Device;

/// <summary>How the server has this device and its records, as far as it answers; what follows from an answer is kept.</summary>
internal sealed class ServerView(OwnRecordsCall own, Records records, Standing standing, PullTurn pull)
{
    /// <summary>Compares all that is kept with what is stored. What was acknowledged and is gone there is in the outbox again.</summary>
    public async Task<QueueCheck?> ReconcileAsync(CancellationToken stop)
    {
        var kept = records.All().Where(record => record.State is not (RecordState.Replaced or RecordState.Conflict)).ToList();
        if (await own.ReconcileAsync([.. kept.Select(record => record.Id).Distinct()], stop).ConfigureAwait(false) is not Answer<(List<RecordStanding> Records, DateTimeOffset At)>.Given { Value: var (there, at) })
            return null;
        var stands = there.ToDictionary(record => record.Id);
        var absent = kept.Where(record => stands[record.Id] is var one && (one.State == RecordStanding.Unknown || one.Rev < record.Rev)).ToList();
        var lost = absent.Where(record => record.State is RecordState.Accepted or RecordState.Waiting).ToList();
        records.Queue(lost);
        return new QueueCheck(there, [.. absent.Except(lost).Where(record => record.State == RecordState.Queued).Select(record => record.Id)], [.. lost.Select(record => record.Id)], at);
    }

    public async Task<IReadOnlyList<AttentionItem>?> AttentionAsync(string? reason, CancellationToken stop) =>
        await own.AttentionAsync(reason, stop).ConfigureAwait(false) is Answer<List<AttentionItem>>.Given { Value: var items } ? items : null;

    /// <summary>Tries everything of this device again; says also which records have other verdicts than before.</summary>
    public async Task<(RetryReport Report, List<DeviceRecord> Changed)?> RetryErroredAsync(CancellationToken stop) =>
        await own.RetryErroredAsync(stop).ConfigureAwait(false) is Answer<(RetryReport Report, List<HeardVerdict> Verdicts)>.Given { Value: var (report, verdicts) } ? (report, records.Hear(verdicts, null)) : null;

    public async Task<ServerStatus?> StatusAsync(CancellationToken stop) =>
        await own.StatusAsync(standing.Cursor, stop).ConfigureAwait(false) is Answer<ServerStatus>.Given { Value: { ServerTime.Year: > 1 } status } ? status : null;

    /// <summary>Whether the server has nothing newer for this device.</summary>
    public async Task<bool?> IsCurrentAsync(CancellationToken stop) => standing.Cursor is { } cursor ? await pull.IsCurrentAsync(cursor, stop).ConfigureAwait(false) : false;
}
