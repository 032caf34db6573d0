using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Framework.Intake;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>
/// Claims due documents, hands them to the connector and notes the outcome. The only place that catches everything: a surprise before a
/// write is tried again later, a surprise during one is ambiguous.
/// </summary>
internal sealed partial class Worker(
    Replica replica, Claims claims, Workbench bench, Notes notes, SecondLook second, WaitingWishes waiting, LongWaits longWaits, Signals signals, IConnector connector,
    ConnectorInfo info, TimeProvider time, ILogger<Worker> log) : BackgroundService
{
    /// <summary>Documents worked on at once by this replica; each account has its own limit beside it.</summary>
    private const int AtOnce = 32;

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongSweep = TimeSpan.FromMinutes(5);

    /// <summary>Longest time for one try; what is under way then is ambiguous.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>What is under way when the service stops may finish this long.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    private static readonly ActivitySource Source = new("OrderSync.Framework");
    private readonly List<Task> running = [];
    private readonly CancellationTokenSource ending = new();
    private int underWay;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var swept = long.MinValue;
        var longSwept = long.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var key = await replica.KeyAsync(stoppingToken);
                if (swept == long.MinValue || time.GetElapsedTime(swept) >= Sweep)
                {
                    swept = time.GetTimestamp();
                    await TakeOverAsync(key, stoppingToken);
                    await waiting.PlanAsync(stoppingToken);
                    Start(await claims.TakeLooksAsync(key, stoppingToken));
                }

                if (longSwept == long.MinValue || time.GetElapsedTime(longSwept) >= LongSweep)
                {
                    longSwept = time.GetTimestamp();
                    if (await longWaits.TellAsync(stoppingToken))
                        signals.Raise();
                }

                var free = AtOnce - Volatile.Read(ref underWay);
                var taken = free > 0 ? await claims.TakeAsync(key, free, stoppingToken) : [];
                Start(taken);
                if (taken.Count == 0)
                    await signals.Work.WaitAsync(Sweep, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException or InvalidOperationException or CryptographicException)
            {
                LogAway(log, trouble.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        ending.CancelAfter(Grace);
        await Task.WhenAll(running);
    }

    public override void Dispose()
    {
        ending.Dispose();
        base.Dispose();
    }

    private void Start(IReadOnlyList<Claim> taken)
    {
        Interlocked.Add(ref underWay, taken.Count);
        running.RemoveAll(task => task.IsCompleted);
        running.AddRange(taken.Select(claim => Task.Run(() => claim.LooksAgain ? LookAgainAsync(claim, ending.Token) : TryAsync(claim, ending.Token), CancellationToken.None)));
    }

    private async Task TakeOverAsync(long key, CancellationToken stop)
    {
        foreach (var other in await claims.OtherHoldersAsync(key, stop))
        {
            if (await replica.TakeOverAsync(other, stop))
                LogTakenOver(log, other);
        }
    }

    private async Task TryAsync(Claim claim, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        Job? job = null;
        Activity? activity = null;
        Outcome outcome;
        try
        {
            job = await bench.LayOutAsync(claim, limit.Token);
            // The stored context of the device's request is the parent: one trace runs from the push to the call.
            activity = Source.StartActivity($"{(claim.Wish == "cancel" ? "cancel" : "push")} {claim.Kind}", ActivityKind.Consumer, job.Payload.TraceParent);
            activity?.SetTag("ordersync.company", claim.CompanyId).SetTag("ordersync.record", claim.RecordId).SetTag("ordersync.try", claim.Tries);
            using var errand = job.Steps.Errand.Begin();
            outcome = await Route.TakeAsync(connector, info, job, limit.Token);
        }
        catch (OutcomeException said)
        {
            outcome = said.Outcome;
        }
        catch (CryptographicException locked)
        {
            outcome = new Outcome.Later($"The connection's secrets cannot be read: {locked.Message}", TimeSpan.FromMinutes(1), WholeAccount: true);
        }
        catch (Exception surprise)
        {
            LogSurprise(log, surprise, claim.CompanyId, claim.Document);
            outcome = job?.Steps.Unsure == true
                ? new Outcome.Ambiguous("It was cut off while it was being written.")
                : new Outcome.Later(limit.IsCancellationRequested ? "It was cut off before it was written." : "Something unexpected happened; it is tried again.");
        }

        activity?.SetTag("ordersync.outcome", outcome.GetType().Name);
        try
        {
            await NoteAsync(claim, outcome, job?.Steps, stop);
        }
        catch (Exception trouble)
        {
            // The service is stopping while PostgreSQL is away: the claim is taken over once our session has ended.
            LogNotNoted(log, trouble, claim.CompanyId, claim.Document);
        }
        finally
        {
            activity?.Dispose();
            Interlocked.Decrement(ref underWay);
            signals.Raise();
        }
    }

    private async Task LookAgainAsync(Claim claim, CancellationToken stop)
    {
        Job? job = null;
        try
        {
            using var deadline = new CancellationTokenSource(Deadline, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
            job = await bench.LayOutAsync(claim, limit.Token);
            using var activity = Source.StartActivity($"look again {claim.Kind}", ActivityKind.Consumer, job.Payload.TraceParent);
            using var errand = job.Steps.Errand.Begin();
            await second.RunAsync(job, limit.Token);
        }
        catch (Exception trouble)
        {
            LogNoLook(log, claim.CompanyId, claim.Document, trouble.Message);
            await PostponeAsync(claim, job, stop);
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
            signals.Raise();
        }
    }

    private async Task PostponeAsync(Claim claim, Job? job, CancellationToken stop)
    {
        try
        {
            await second.PostponeAsync(claim, job?.Steps.Window ?? TimeSpan.Zero, stop);
        }
        catch (Exception trouble)
        {
            // As with an outcome that could not be noted: whoever takes the claim over looks.
            LogNotNoted(log, trouble, claim.CompanyId, claim.Document);
        }
    }

    private async Task NoteAsync(Claim claim, Outcome outcome, LedgerSteps? steps, CancellationToken stop)
    {
        DateTimeOffset due;
        try
        {
            due = await notes.WriteAsync(claim, outcome, steps, stop);
        }
        catch (Exception trouble) when (!stop.IsCancellationRequested)
        {
            // Whatever in it cannot be stored, the document must not stay claimed for ever.
            LogNotNoted(log, trouble, claim.CompanyId, claim.Document);
            due = await notes.WriteAsync(claim, new Outcome.Later("How the last try ended could not be stored."), steps, stop);
        }

        LogNoted(log, claim.CompanyId, claim.Document, claim.Revision, outcome.GetType().Name, claim.Tries);
        if (due > time.GetUtcNow() && due < time.GetUtcNow() + Sweep)
            WakeAt(due);
    }

    private void WakeAt(DateTimeOffset due)
    {
        ITimer? timer = null;
        timer = time.CreateTimer(_ =>
        {
            signals.Work.Set();
            timer?.Dispose();
        }, null, due - time.GetUtcNow(), Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker waits: {Reason}")]
    private static partial void LogAway(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Took over the documents of replica {Key}, whose session has ended")]
    private static partial void LogTakenOver(ILogger log, long key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Document {Document} of company {Company} is looked for once more later: {Reason}")]
    private static partial void LogNoLook(ILogger log, Guid company, string document, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected trouble with document {Document} of company {Company}")]
    private static partial void LogSurprise(ILogger log, Exception trouble, Guid company, string document);

    [LoggerMessage(Level = LogLevel.Information, Message = "Document {Document} revision {Revision} of company {Company}: {Outcome} after {Tries} tries")]
    private static partial void LogNoted(ILogger log, Guid company, string document, int revision, string outcome, int tries);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outcome of document {Document} of company {Company} could not be noted")]
    private static partial void LogNotNoted(ILogger log, Exception trouble, Guid company, string document);
}
