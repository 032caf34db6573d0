using System.Threading.Channels;

namespace OrderSync.Device;

/// <summary>Wakes one who waits; set any number of times before, it wakes once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _set.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken stop) => await _set.Reader.ReadAsync(stop).ConfigureAwait(false);
}
