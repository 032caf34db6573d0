using System.Threading.Channels;

namespace OrderSync.Benchmarks.Deliver;

/// <summary>Writes what comes together: whoever comes during a write goes with the next, at most a hundred at once, and nobody waits for company.</summary>
internal sealed class Gathering<T> : IAsyncDisposable
{
    private const int Most = 100;
    private readonly Channel<(T One, TaskCompletionSource Written)> waiting = Channel.CreateUnbounded<(T, TaskCompletionSource)>();
    private readonly Func<IReadOnlyList<T>, Task> write;
    private readonly Task writing;

    public Gathering(Func<IReadOnlyList<T>, Task> write)
    {
        this.write = write;
        writing = Task.Run(WriteAsync);
    }

    /// <summary>Returns when it is written.</summary>
    public Task TakeAsync(T one)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Writer.TryWrite((one, written));
        return written.Task;
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            var some = new List<(T One, TaskCompletionSource Written)>(Most);
            while (some.Count < Most && waiting.Reader.TryRead(out var next))
                some.Add(next);
            try
            {
                await write([.. some.Select(one => one.One)]);
                some.ForEach(one => one.Written.SetResult());
            }
            catch (Exception trouble)
            {
                some.ForEach(one => one.Written.SetException(trouble));
            }
        }
    }
}
