using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderSync.Device;

/// <summary>What came of one pull.</summary>
internal abstract record Pulled
{
    private Pulled()
    {
    }

    /// <summary>All is here and applied.</summary>
    public sealed record Complete(int Rows, DateTimeOffset? At) : Pulled;

    /// <summary>Something is to be sent before a fresh download.</summary>
    public sealed record DrainFirst : Pulled;

    /// <summary>The server was set back: all that it acknowledged is to be offered again, and then pulled anew.</summary>
    public sealed record OfferAgain(string Epoch) : Pulled;

    /// <summary>What came does not equal what the server has.</summary>
    public sealed record Differs : Pulled;
}

/// <summary>Pulls what has changed, or everything; a download that was cut goes on where its last checkpoint was.</summary>
internal sealed class Download(GatewayCalls gateway, Tokens tokens, Staging staging, Standing standing, DeviceOptions options)
{
    private const string Different = "What was downloaded does not equal what the server has. Nothing of it was applied; everything is downloaded again.";

    // Quiet pulls in a row tell the gateway no more often.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);

    private long _told = options.Clock.GetTimestamp();

    private sealed record Ready([property: JsonPropertyName("ready")] bool? IsReady);

    private sealed record Current([property: JsonPropertyName("current")] bool? IsCurrent);

    /// <summary>Told how many rows a download has brought so far.</summary>
    public event Action? Moved;

    /// <summary>Pulls once.</summary>
    /// <param name="drained">Nothing is left to be sent.</param>
    /// <param name="stop">Ends it; what was checkpointed stays.</param>
    public async Task<Answer<Pulled>> RunAsync(bool drained, CancellationToken stop)
    {
        var before = standing.Readiness.AsOf;
        for (var again = false; ; again = true)
        {
            var answer = await tokens.UseAsync((token, end) => gateway.StreamAsync(token, Path(), (stream, over) => ReadAsync(stream, drained, over), end), stop).ConfigureAwait(false);
            if (answer is not Answer<Pulled>.Given { Value: Pulled.Differs })
                return answer is Answer<Pulled>.Given { Value: Pulled.Complete complete } ? await AcknowledgeAsync(answer, complete.At - before > Quiet, drained, stop).ConfigureAwait(false) : answer;
            staging.StartOver();
            if (again)
                return new Answer<Pulled>.None(Different, Reached: true);
        }
    }

    /// <summary>Whether the server has nothing newer for this device than the cursor; null: no answer.</summary>
    public async Task<bool?> IsCurrentAsync(string cursor, CancellationToken stop) =>
        await tokens.UseAsync((token, end) => gateway.GetAsync<Current>(token, $"v1/sync/status?cursor={Uri.EscapeDataString(cursor)}", end), stop).ConfigureAwait(false)
            is Answer<Current>.Given { Value.IsCurrent: { } current } ? current : null;

    private string Path() => staging.Cursor is { } cursor ? $"v1/sync/pull?cursor={Uri.EscapeDataString(cursor)}" : "v1/sync/pull";

    // Also what brought nothing, after a while: when the device was last in step is seen at the office.
    private async Task<Answer<Pulled>> AcknowledgeAsync(Answer<Pulled> answer, bool afterLong, bool drained, CancellationToken stop)
    {
        if ((standing.Unacknowledged ?? (afterLong || options.Clock.GetElapsedTime(_told) > Quiet ? standing.Cursor : null)) is not { } cursor)
            return answer;
        var heard = await tokens.UseAsync((token, end) => gateway.PostAsync<Ready>(token, "v1/sync/pull/ack", new { cursor, waiting = drained ? 0 : 1 }, end), stop).ConfigureAwait(false);
        if (heard is not Answer<Ready>.Given { Value: var ready })
            return heard.As<Pulled>();
        // A log-in page of something in between may answer 200 as well.
        if (ready.IsReady is null)
            return new Answer<Pulled>.None("The gateway's answer about the download is not complete.", Reached: true);
        // One that it does not know any more is not ready; the next pull finds out why.
        if (ready.IsReady == true)
            standing.Acknowledged(cursor);
        _told = options.Clock.GetTimestamp();
        return answer;
    }

    private async Task<Answer<Pulled>> ReadAsync(Stream stream, bool drained, CancellationToken stop)
    {
        using var lines = new LineStream(stream, options.CallTimeout);
        try
        {
            if (await NextAsync(lines, stop).ConfigureAwait(false) is not FeedLine.Begin begin)
                return new Answer<Pulled>.None("The download has no beginning.", Reached: true);
            if (standing.IsSetBack(begin.Epoch, begin.Reason))
                return Given(new Pulled.OfferAgain(begin.Epoch));
            if (begin is { IsFull: true, Reason: FeedLine.TooOld or FeedLine.NewEpoch } && !drained)
                return Given(new Pulled.DrainFirst());
            if (!staging.Begin(begin))
                return Given(new Pulled.Differs());
            Moved?.Invoke();
            return await RowsAsync(lines, begin, stop).ConfigureAwait(false);
        }
        finally
        {
            // What no checkpoint followed comes again.
            staging.GiveUp();
            Moved?.Invoke();
        }
    }

    private async Task<Answer<Pulled>> RowsAsync(LineStream lines, FeedLine.Begin begin, CancellationToken stop)
    {
        for (var rows = 0; ;)
        {
            switch (await NextAsync(lines, stop).ConfigureAwait(false))
            {
                case FeedLine.Row row:
                    staging.Add(row.Collection, row.Key, row.Body);
                    rows++;
                    break;
                case FeedLine.Checkpoint checkpoint:
                    staging.Checkpoint(checkpoint.Cursor);
                    Moved?.Invoke();
                    break;
                case FeedLine.End end:
                    if (staging.Apply(begin.IsFull, end, begin.ServerTime, options.Clock.GetUtcNow()) is not { } changed)
                        return Given(new Pulled.Differs());
                    standing.Complete(begin.Epoch);
                    return Given(new Pulled.Complete(changed, begin.ServerTime));
                case FeedLine.Trouble trouble:
                    return new Answer<Pulled>.None(trouble.Message, Reached: true, trouble.After);
                case FeedLine.Begin:
                    return new Answer<Pulled>.None("The download begins twice.", Reached: true);
                case null:
                    return new Answer<Pulled>.None(string.Create(CultureInfo.InvariantCulture, $"The line was cut after {rows} rows of the download. It goes on from there by itself."), Reached: false);
                default:
                    break;
            }
        }
    }

    private static async ValueTask<FeedLine?> NextAsync(LineStream lines, CancellationToken stop)
    {
        try
        {
            return await lines.NextAsync(stop).ConfigureAwait(false) is { } line ? FeedLine.Read(line) : null;
        }
        catch (InvalidDataException unreadable)
        {
            throw new JsonException(unreadable.Message, unreadable);
        }
    }

    private static Answer<Pulled>.Given Given(Pulled pulled) => new(pulled, null);
}
