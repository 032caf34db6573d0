using Npgsql;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Quarantine;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Sums;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// The one way records come in, whatever brought them: read, looked up, judged, stored, a verdict for each. An array, a stream and a bundle go through here, so the same bytes get
/// the same verdicts.
/// </summary>
internal sealed partial class PushPath(
    Rules rules, PushStore store, Offers offers, Proofs proofs, Epochs epochs, UnreadableInput unreadable, RelaySignal relay, FeedSignal feed, Releases releases, SumSignal sums, ILogger<PushPath> logger)
{
    /// <summary>Takes records as they were sent; <paramref name="before"/> of the same request came before them.</summary>
    public Task<Taken> TakeAsync(Push push, IReadOnlyList<ReadOnlyMemory<byte>> pieces, int before, CancellationToken stop)
    {
        var (records, forged) = offers.Read(push.Device.CompanyId, pieces);
        return TakeAsync(push, records, forged, before, stop);
    }

    private async Task<Taken> TakeAsync(Push push, List<PushedRecord> records, int forged, int before, CancellationToken stop)
    {
        var taken = new Taken(push, records, before);
        try
        {
            rules.Read(records);
            // One round even without records: it asks whether the device may still push.
            foreach (var wave in Waves.Of(records).DefaultIfEmpty([]))
            {
                var known = await LookAsync(push, wave, stop);
                if (known.DeviceGone && !push.Approved)
                {
                    taken.DeviceGone = true;
                    return taken;
                }

                taken.Epoch = known.Epoch.Id;
                if (wave.Count == 0)
                    continue;

                await StoreAsync(push, wave, known, taken, stop);
                taken.Committed = true;
            }

            if (forged > 0)
                await offers.TellAsync(push, forged, stop);

            taken.DeviceGone = !await KeepUnreadableAsync(push, taken, stop);
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble, push.Device.DeviceId);
            taken.Busy = true;
        }

        return taken;
    }

    // What a device brings may prove that the database was set back: then nothing is stored before the new epoch has begun.
    private async Task<Known> LookAsync(Push push, IReadOnlyList<PushedRecord> records, CancellationToken stop)
    {
        var known = await rules.LookAsync(push, records, stop);
        if (known.DeviceGone || known.Epoch.Fork is null)
            return known;
        await epochs.BeginAsync(push.Device.CompanyId, known.Epoch, stop);
        return await rules.LookAsync(push, records, stop);
    }

    // What has no id is answered by its line.
    private async Task<bool> KeepUnreadableAsync(Push push, Taken taken, CancellationToken stop)
    {
        var nameless = taken.Records.Where(record => record.Id is null).ToList();
        if (nameless.Count == 0)
            return true;
        if (!await unreadable.KeepAsync(push, nameless, stop))
            return false;

        foreach (var record in nameless)
            taken.Tell(record, new Verdict(null, record.Rev, "refused", record.Fault?.Code, record.Fault?.Field), record.Fault);
        return true;
    }

    private async Task StoreAsync(Push push, IReadOnlyList<PushedRecord> wave, Known known, Taken taken, CancellationToken stop)
    {
        var (chunk, answers) = await store.TakeAsync(push, wave, known, stop);
        foreach (var (judged, verdict, fault) in answers)
        {
            taken.Tell(judged.Record, verdict with { Proof = proofs.Of(push.Device.CompanyId, judged.Record, verdict, known.Epoch.Id, push.ReceivedAt) }, fault);
            GatewayMeter.Verdict(rules.Knows(judged.Record.Kind) ? judged.Record.Kind : "other", verdict.Outcome, verdict.Code);
        }

        relay.Wake();
        feed.Committed(push.Device.CompanyId);
        releases.Stored(push.Device.CompanyId, chunk);
        sums.Wake();
    }

    [LoggerMessage(LogLevel.Warning, "A push of device {Device} could not be finished; it will be sent again.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble, Guid device);
}
