using System.Diagnostics;
using OrderSync.Benchmarks.Push;

namespace OrderSync.Benchmarks.Pull;

/// <summary>A device that knows everything and asks again, one request after the other.</summary>
internal sealed class EmptyPulls(Client device)
{
    private const int WarmUp = 300;

    /// <summary>How long each took, in milliseconds, shortest first.</summary>
    public async Task<List<double>> RunAsync(int count, CancellationToken stop)
    {
        var (_, last) = await FirstDownload.ReadAsync(device, "/v1/sync/pull", stop);
        var path = $"/v1/sync/pull?cursor={FirstDownload.EndOf(last).GetProperty("cursor").GetString()}";
        var times = new List<double>();
        for (var i = -WarmUp; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            (_, last) = await FirstDownload.ReadAsync(device, path, stop);
            if (i >= 0)
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (FirstDownload.EndOf(last).GetProperty("rows").GetInt32() != 0)
                throw new InvalidOperationException($"Something has changed: {last}");
        }

        return [.. times.Order()];
    }
}
