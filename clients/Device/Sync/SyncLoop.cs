namespace OrderSync.Device;

/// <summary>
/// Empties the outbox in the order of capture, chunk by chunk, then pulls what has changed. A lost answer costs nothing: the chunk goes again as it is, and what was stored comes back as a duplicate.
/// One record that the gateway cannot take holds up nobody.
/// </summary>
internal sealed class SyncLoop(
    Records records, PushCall push, PullTurn pull, Standing standing, OwnRecordsCall own, SwitchesCall switches, Func<bool> pullsByItself, SyncStrip strip, DeviceOptions options, Action<DeviceRecord> told) : IDisposable
{
    private const string Later = "The server asks to send the rest later; the app does so by itself.";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Signal _wake = new();
    private readonly Signal _line = new();
    private int _chunk = PushLimits.Chunk;
    private int _inVain;

    private sealed record Step(SyncReport Report, long After, bool IsOver);

    /// <summary>Something is there to be sent.</summary>
    public void Wake() => _wake.Set();

    /// <summary>The line may be back, or the device has enrolled: a pause ends.</summary>
    public void LineIsBack()
    {
        _line.Set();
        _wake.Set();
    }

    /// <summary>Sends again and again, with pauses after what was in vain, until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff(options.FirstPause, options.LongestPause);
        while (true)
        {
            var report = await RunOnceAsync(pullsByItself(), stop).ConfigureAwait(false);
            if (report.Sent + report.Pulled > 0)
                backoff.Reset();
            if (strip.State.Activity == SyncActivity.Barred)
                await _line.WaitAsync(stop).ConfigureAwait(false);
            else if (report.Trouble is null)
                await QuietAsync(stop).ConfigureAwait(false);
            else
                await PauseAsync(backoff.Next(report.After), stop).ConfigureAwait(false);
        }
    }

    /// <summary>Offers each record of the outbox once, and pulls if it is to; ends early when there is no answer.</summary>
    public async Task<SyncReport> RunOnceAsync(bool pulls, CancellationToken stop)
    {
        await _turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            var step = new Step(SyncReport.Empty, 0, IsOver: false);
            // What is taken up again has to stand at the gateway as it stood before it is offered.
            step = await own.TellAsync(stop).ConfigureAwait(false) is { } silence ? End(step, silence) : await SendAsync(step, stop).ConfigureAwait(false);
            // Records first: no switch and no download holds them up.
            if (IsFine(step) && await switches.TellAsync(stop).ConfigureAwait(false) is { } untold)
                step = End(step, untold);
            if (pulls && IsFine(step))
                step = await PullAsync(step, stop).ConfigureAwait(false);
            return step.Report with { Left = strip.State.ToSend };
        }
        finally
        {
            if (strip.State.Activity is SyncActivity.Sending or SyncActivity.Downloading)
                strip.Idle();
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static bool IsFine(Step step) => step.Report.Trouble is null or Later;

    private async Task<Step> SendAsync(Step step, CancellationToken stop)
    {
        while (!step.IsOver)
            step = await StepAsync(step, stop).ConfigureAwait(false);
        return step;
    }

    private async Task<Step> PullAsync(Step step, CancellationToken stop)
    {
        for (var offered = false; ; offered = true)
        {
            strip.Downloading(standing.Readiness);
            var (answer, changed) = await pull.RunAsync(drained: step.Report.Trouble is null, stop).ConfigureAwait(false);
            strip.Count();
            foreach (var record in changed)
                told(record);
            switch (answer)
            {
                case Answer<Pulled>.Given { Value: Pulled.Complete complete }:
                    strip.Idle(step.Report.Trouble);
                    return step with { Report = step.Report with { Pulled = complete.Rows } };
                case Answer<Pulled>.Given { Value: Pulled.OfferAgain again } when !offered:
                    // First into the outbox: a kill in between offers them twice, which costs nothing.
                    records.OfferAgain();
                    standing.Offered(again.Epoch);
                    step = await SendAsync(step with { After = 0, IsOver = false }, stop).ConfigureAwait(false);
                    if (!IsFine(step))
                        return step;
                    break;
                case Answer<Pulled>.Given:
                    strip.Idle(Later);
                    return step with { Report = step.Report with { Trouble = Later } };
                default:
                    return End(step, answer);
            }
        }
    }

    /// <summary>Waits for something to do; after a while there may be changes.</summary>
    private async Task QuietAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var woken = _wake.WaitAsync(over.Token);
        var pause = pullsByItself() ? Task.Delay(options.PullEvery * (0.9 + (Random.Shared.NextDouble() / 5)), options.Clock, over.Token) : woken;
        await Task.WhenAny(woken, pause).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
    }

    private async Task<Step> StepAsync(Step step, CancellationToken stop)
    {
        if (records.Next(step.After, 1, int.MaxValue).Count == 0)
        {
            // What was offered and is there still is wanted later; what was captured meanwhile is the next run's.
            var later = records.Next(0, 1, int.MaxValue) is [var left] && left.Seq <= step.After ? Later : null;
            strip.Idle(later);
            return step with { Report = step.Report with { Trouble = later }, IsOver = true };
        }

        strip.Sending();
        var asked = await push.LimitsAsync(stop).ConfigureAwait(false);
        if (asked is not Answer<PushLimits>.Given { Value: var limits })
            return Fail(step, asked.As<Pushed>());
        var chunk = records.Next(step.After, Math.Min(_chunk, limits.Records), limits.BytesUnpacked - 2);
        var answer = await push.SendAsync(chunk, records.Besides(chunk), Known(() => standing.Cursor), limits, stop).ConfigureAwait(false);
        return answer switch
        {
            Answer<Pushed>.Given { Value: var pushed, ServerTime: var at } => Heard(Settle(step, chunk, pushed.Verdicts, at), pushed.Epoch),
            Answer<Pushed>.Refused { Status: 400 or 413 } refused => Narrow(step, chunk, refused.Code, refused.Message),
            _ => Fail(step, answer),
        };
    }

    // Under another epoch the server was set back to an older backup: it gets again what it had, before anything else is read of it.
    private Step Heard(Step step, string? epoch)
    {
        if (epoch is null || Known(() => standing.IsSetBack(epoch, reason: null) ? epoch : null) is null)
            return step;
        records.OfferAgain();
        standing.Offered(epoch);
        strip.Count();
        return step with { After = 0 };
    }

    // What was pulled may be damaged, and is then downloaded anew: sending does not wait for that.
    private static string? Known(Func<string?> look)
    {
        try
        {
            return look();
        }
        catch (DeviceTrouble)
        {
            return null;
        }
    }

    private Step Settle(Step step, List<DeviceRecord> chunk, IReadOnlyList<(Verdict Verdict, string Received)> verdicts, DateTimeOffset? at)
    {
        (_inVain, _chunk) = (0, Math.Min(PushLimits.Chunk, Math.Max(_chunk, chunk.Count) * 2));
        var settled = records.Apply(chunk, verdicts, at);
        if (at is { } now)
            records.Forget(now.AddDays(-pull.KeepDays));
        strip.Count();
        foreach (var record in settled)
            told(record);
        return step with { Report = step.Report.With(settled), After = chunk[^1].Seq };
    }

    /// <summary>The request as a whole was not taken: smaller ones are, down to the one record that is at fault.</summary>
    private Step Narrow(Step step, List<DeviceRecord> chunk, string code, string message)
    {
        push.ForgetLimits();
        if (chunk.Count > 1)
        {
            _chunk = chunk.Count / 2;
            return step;
        }

        var verdict = new Verdict(chunk[0].Id, chunk[0].Rev, Verdict.Refused, code, Message: message);
        return Settle(step, chunk, [(verdict, System.Text.Json.JsonSerializer.Serialize(verdict, Contracts.ContractJson.Options))], null);
    }

    private Step Fail(Step step, Answer<Pushed> answer)
    {
        // The same again first; on a line that carries little at a time, less and less.
        if (answer is Answer<Pushed>.None && ++_inVain > 1)
            _chunk = Math.Max(1, _chunk / 2);
        return End(step, answer);
    }

    private Step End<T>(Step step, Answer<T> answer)
    {
        switch (answer)
        {
            case Answer<T>.Refused { Status: 401 } barred:
                strip.Barred(barred.Message);
                return step with { Report = step.Report with { Trouble = barred.Message }, IsOver = true };
            case Answer<T>.Refused refused:
                strip.Idle(refused.Message);
                return step with { Report = step.Report with { Trouble = refused.Message }, IsOver = true };
            case Answer<T>.None none:
                if (none.Reached)
                    strip.Idle(none.Why);
                else
                    strip.Offline(none.Why);
                return step with { Report = step.Report with { Trouble = none.Why, After = none.After }, IsOver = true };
            default:
                throw new InvalidOperationException("An answer that was given is no failure.");
        }
    }

    /// <summary>Waits, unless the line may be back: a new record alone does not shorten a pause.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var line = _line.WaitAsync(over.Token);
        await Task.WhenAny(Task.Delay(pause, options.Clock, over.Token), line).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
    }
}
