using System.Globalization;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Quarantine;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Traffic;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// <c>POST /v1/sync/push</c>: takes what a device captured, one verdict a record. A chunk is one transaction; what was committed is answered,
/// whatever happens to the rest.
/// </summary>
internal sealed partial class PushEndpoint(
    Rules rules, PushStore store, Offers offers, Proofs proofs, Epochs epochs, Cursors cursors, UnreadableInput unreadable, WaitingRoom room, RelaySignal relay, FeedSignal feed, Releases releases,
    TimeProvider time, ILogger<PushEndpoint> logger)
{
    private const int MostApp = 80;
    private static readonly TimeSpan SkewBelieved = TimeSpan.FromDays(100 * 366);

    public async Task<IResult> HandleAsync(HttpContext http, CancellationToken stop)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        using var luggage = room.Check(device.CompanyId, PushBody.Expected(http.Request));
        if (luggage is null)
            return WaitingRoom.Full();
        var (body, problem) = await PushBody.ReadAsync(http.Request, luggage, stop);
        if (problem is null)
        {
            // Waiting here holds neither a pooled connection nor what a body is made into, which is many times as large: one company's burst leaves the others theirs.
            using var place = await room.EnterAsync(device.CompanyId, stop);
            if (place is null)
                return WaitingRoom.Full();
            (var pieces, problem) = PushBody.Cut(body);
            if (problem is null)
            {
                var (records, forged) = offers.Read(device.CompanyId, pieces);
                return await TakeAsync(http, device, records, forged, stop);
            }
        }

        return problem == BodyProblem.NoRoom ? WaitingRoom.Full() : Problems.Of(problem.Status, problem.Code, problem.Detail);
    }

    private async Task<IResult> TakeAsync(HttpContext http, DeviceIdentity device, List<PushedRecord> records, int forged, CancellationToken stop)
    {
        var push = new Push(device, time.GetUtcNow(), SkewOf(http.Request), Sentences.LanguageOf(http.Request), System.Diagnostics.Activity.Current?.Id, AppOf(http.Request), WaitingOf(http.Request), MarkOf(http.Request, device));
        var verdicts = new Verdict?[records.Count];
        var committed = false;
        Guid? epoch = null;
        var began = time.GetTimestamp();
        try
        {
            rules.Read(records);
            // One round even without records: it asks whether the device may still push.
            foreach (var wave in Waves.Of(records).DefaultIfEmpty([]))
            {
                var known = await LookAsync(push, wave, stop);
                if (known.DeviceGone)
                    return committed ? Answer(push, records, verdicts, epoch) : DeviceStanding.Refusal;
                epoch = known.Epoch.Id;
                if (wave.Count == 0)
                    continue;

                await StoreAsync(push, rules.Judge(wave, known), verdicts, known.Epoch.Id, stop);
                committed = true;
            }

            if (forged > 0)
                await offers.TellAsync(push, forged, stop);

            if (!await KeepUnreadableAsync(push, records, verdicts, stop) && !committed)
                return DeviceStanding.Refusal;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble, device.DeviceId);
            if (!committed)
                return Problems.Busy("server.busy", "The server's database does not answer. Nothing was judged; send the same records again.", 5);
        }

        GatewayMeter.Pushed(time.GetElapsedTime(began));
        return Answer(push, records, verdicts, epoch);
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

    // What has no verdict yet was not stored.
    private static IResult Answer(Push push, List<PushedRecord> records, Verdict?[] verdicts, Guid? epoch)
    {
        for (var i = 0; i < verdicts.Length; i++)
            verdicts[i] ??= Say(push, new Verdict(records[i].Id, records[i].Rev, "retryLater", "server.busy", Line: records[i].Id is null ? i + 1 : null), null);
        return Results.Ok(new PushAnswer(verdicts!, records.Count, End: true, epoch));
    }

    // What has no id is answered by its line.
    private async Task<bool> KeepUnreadableAsync(Push push, IReadOnlyList<PushedRecord> records, Verdict?[] verdicts, CancellationToken stop)
    {
        var nameless = records.Where(record => record.Id is null).ToList();
        if (nameless.Count == 0)
            return true;
        if (!await unreadable.KeepAsync(push, nameless, stop))
            return false;

        foreach (var record in nameless)
            verdicts[record.Index] = Say(push, new Verdict(null, record.Rev, "refused", record.Fault?.Code, record.Fault?.Field, Line: record.Index + 1), record.Fault);
        return true;
    }

    private async Task StoreAsync(Push push, IReadOnlyList<Judged> chunk, Verdict?[] verdicts, Guid epoch, CancellationToken stop)
    {
        foreach (var (judged, verdict, fault) in await store.StoreAsync(push, chunk, stop))
        {
            verdicts[judged.Record.Index] = Say(push, verdict with { Proof = proofs.Of(push.Device.CompanyId, judged.Record, verdict, epoch, push.ReceivedAt) }, fault);
            GatewayMeter.Verdict(rules.Knows(judged.Record.Kind) ? judged.Record.Kind : "other", verdict.Outcome, verdict.Code);
        }

        relay.Wake();
        feed.Committed(push.Device.CompanyId);
        releases.Stored(push.Device.CompanyId, chunk);
    }

    private static Verdict Say(Push push, Verdict verdict, Fault? fault) =>
        verdict.Code is null ? verdict : verdict with { Message = Sentences.Of(verdict.Code, push.Language, fault?.Params) };

    // A clock that is centuries wrong says nothing a date could be corrected by.
    private TimeSpan SkewOf(HttpRequest request) =>
        DateTimeOffset.TryParse(request.Headers["OrderSync-Sent-At"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sentAt)
            && (time.GetUtcNow() - sentAt).Duration() < SkewBelieved
            ? time.GetUtcNow() - sentAt
            : TimeSpan.Zero;

    private static string? AppOf(HttpRequest request) => Texts.Fit(request.Headers["OrderSync-App"].ToString().Trim(), MostApp) is { Length: > 0 } app ? app : null;

    // One that cannot be read, or of another company, proves nothing.
    private FeedMark? MarkOf(HttpRequest request, DeviceIdentity device) =>
        request.Headers["OrderSync-Cursor"].ToString() is { Length: > 0 } text && cursors.Read(text) is { } cursor && cursor.Company == device.CompanyId ? FeedMark.Of(cursor) : null;

    private static int? WaitingOf(HttpRequest request) =>
        int.TryParse(request.Headers["OrderSync-Waiting"], NumberStyles.None, CultureInfo.InvariantCulture, out var waiting) ? waiting : null;

    [LoggerMessage(LogLevel.Warning, "A push of device {Device} could not be finished; it will be sent again.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble, Guid device);
}

/// <summary>What holds for a whole push.</summary>
/// <param name="Device">Who sends.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Skew">Received minus sent: how far the device's clock is behind ours.</param>
/// <param name="Language">For sentences.</param>
/// <param name="TraceParent">Stored with the records, so that one trace runs to the ERP.</param>
/// <param name="App">Name and version of the app, as it says.</param>
/// <param name="Waiting">Records the device still has to send after these, as it says.</param>
/// <param name="Mark">Where the device is in the feed, by the cursor it sent along.</param>
/// <param name="FromCopy">The device is not here: what it sent before is judged again from the bytes that were kept.</param>
internal sealed record Push(
    DeviceIdentity Device, DateTimeOffset ReceivedAt, TimeSpan Skew, string Language, string? TraceParent, string? App = null, int? Waiting = null, FeedMark? Mark = null, bool FromCopy = false);
