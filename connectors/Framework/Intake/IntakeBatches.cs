using OrderSync.Contracts.Bus;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Intake;

/// <summary>
/// Gathers messages while others are being written, and writes at most a hundred in one transaction: nobody waits for company, and whoever comes
/// during a write goes with the next. If a transaction fails for what is in it, its messages are written one by one, so that a bad one fails alone.
/// </summary>
internal sealed class IntakeBatches(RecordIntake intake)
{
    private const int Most = 100;
    private readonly Lock gate = new();
    private readonly Queue<Waiting> waiting = new();
    private bool writing;

    /// <summary>Returns when the message is on disk; throws what went wrong with this one.</summary>
    public Task TakeAsync(DeliverRecord record, CancellationToken stop)
    {
        var mine = new Waiting(record);
        lock (gate)
        {
            waiting.Enqueue(mine);
            if (!writing)
            {
                writing = true;
                _ = Task.Run(WriteAsync, CancellationToken.None);
            }
        }

        return mine.Written.Task.WaitAsync(stop);
    }

    private async Task WriteAsync()
    {
        while (Next() is { Count: > 0 } some)
        {
            try
            {
                await intake.TakeAsync([.. some.Select(one => one.Record)], CancellationToken.None);
                some.ForEach(one => one.Written.TrySetResult());
            }
            catch (Exception trouble) when (some.Count == 1 || LedgerDatabase.Passes(trouble))
            {
                // All of them meet it, such as a database that is away.
                some.ForEach(one => one.Written.TrySetException(trouble));
            }
            catch (Exception)
            {
                await OneByOneAsync(some);
            }
        }
    }

    private async Task OneByOneAsync(List<Waiting> some)
    {
        foreach (var one in some)
        {
            try
            {
                await intake.TakeAsync(one.Record, CancellationToken.None);
                one.Written.TrySetResult();
            }
            catch (Exception trouble)
            {
                one.Written.TrySetException(trouble);
            }
        }
    }

    private List<Waiting> Next()
    {
        lock (gate)
        {
            var some = new List<Waiting>(Math.Min(Most, waiting.Count));
            while (some.Count < Most && waiting.TryDequeue(out var one))
                some.Add(one);
            writing = some.Count > 0;
            return some;
        }
    }

    private sealed record Waiting(DeliverRecord Record)
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
