using System.Threading.Channels;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>A device that listens: no connection of the database, no buffer, only what it is to be told next.</summary>
internal sealed class Listener(DeviceIdentity device, DateTimeOffset endsAt)
{
    private const int Nothing = -1;
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int within = Nothing;
    private string? end;

    public DeviceIdentity Device => device;

    /// <summary>When it is asked to come again with a new token.</summary>
    public DateTimeOffset EndsAt => endsAt;

    /// <summary>The device's scope keys; null until they were read.</summary>
    public string[]? Keys { get; set; }

    /// <summary>Until then it has been asked to come: what is new by then it fetches together.</summary>
    public DateTimeOffset QuietUntil { get; set; }

    /// <summary>Something came up that it has not been told of.</summary>
    public bool Owed { get; set; }

    /// <summary>Asks it to pull some time within so many seconds.</summary>
    public void Pull(int seconds)
    {
        Volatile.Write(ref within, seconds);
        wake.Writer.TryWrite(true);
    }

    /// <summary>Lets something pass over the line, so that nobody in between takes it for dead.</summary>
    public void Beat() => wake.Writer.TryWrite(true);

    /// <summary>The first reason stays.</summary>
    public void End(string reason)
    {
        Interlocked.CompareExchange(ref end, reason, null);
        wake.Writer.TryWrite(true);
    }

    /// <summary>Waits for what it is to be told: an end, a pull, or neither: a beat.</summary>
    public async Task<(string? End, int? Within)> NextAsync(CancellationToken stop)
    {
        await wake.Reader.ReadAsync(stop);
        var pull = Interlocked.Exchange(ref within, Nothing);
        return (Volatile.Read(ref end), pull == Nothing ? null : pull);
    }
}
