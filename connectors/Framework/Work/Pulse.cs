using System.Threading.Channels;

namespace OrderSync.Framework.Work;

/// <summary>A signal that is remembered until it is waited for, once however often it was set.</summary>
internal sealed class Pulse
{
    private readonly Channel<bool> channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => channel.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken stop) => await channel.Reader.ReadAsync(stop);

    /// <summary>Waits for the signal, at most as long as <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken stop)
    {
        await using var timer = time.CreateTimer(_ => Set(), null, longest, Timeout.InfiniteTimeSpan);
        await channel.Reader.ReadAsync(stop);
    }
}
