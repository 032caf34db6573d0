using System.Threading.Channels;

namespace OrderSync.Gateway.Relay;

/// <summary>Wakes one loop; several wakes while it is busy count as one.</summary>
internal class Signal
{
    private readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => woken.Writer.TryWrite(true);

    /// <summary>Returns when woken, or after <paramref name="most"/>.</summary>
    public async Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            await woken.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Time is up: the loop looks by itself.
        }
    }
}

/// <summary>Wakes the relay of this process after a commit.</summary>
internal sealed class RelaySignal : Signal;
