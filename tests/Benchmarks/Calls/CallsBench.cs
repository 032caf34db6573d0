using System.Diagnostics;
using OrderSync.Testing;

namespace OrderSync.Benchmarks.Calls;

/// <summary>Measures probes of the line on kept connections, then syncs of devices whose access token has expired and for whom nothing is new, each on a line of its own.</summary>
internal sealed class CallsBench(TimeSpan length)
{
    private const int Probes = 32;
    private const int Devices = 16;

    /// <summary>A large installation: so many syncs a second are 5,000 devices with 100 a day each.</summary>
    private const double SyncsOfLarge = 5_000 * 100 / 86_400.0;

    public async Task RunAsync(CancellationToken stop)
    {
        Screen.Say($"Starting PostgreSQL, RabbitMQ and a gateway with {Site.Companies} companies");
        await using var postgres = PrivateServer.Postgres();
        await using var rabbit = PrivateServer.Rabbit();
        await Task.WhenAll(postgres.StartAsync(), rabbit.StartAsync());
        await using var site = await Site.OpenAsync(postgres, rabbit, "bench", stop);

        await ProbeAsync(site, TimeSpan.FromSeconds(3), stop);
        var (probes, longest) = await MeasureAsync(site, stop2 => ProbeAsync(site, length, stop2), stop);
        Screen.Say($"ping: {probes.PerSecond:N0}/s on {Probes} lines, p50 {At(longest, 0.5):0.00} ms, p99 {At(longest, 0.99):0.00} ms; CPU for 1,000: gateway {probes.Cpu.Gateway:0.000} s, generator {probes.Cpu.Generator:0.000} s, PostgreSQL {probes.Cpu.Postgres:0.000} s");

        var devices = new List<IdleDevice>();
        for (var i = 0; i < Devices; i++)
            devices.Add(await IdleDevice.EnrolAsync(site, i % Site.Companies, stop));
        foreach (var device in devices)
            await device.DownloadAsync(stop);
        foreach (var withToken in new[] { false, true })
        {
            await SyncAsync(devices, withToken, TimeSpan.FromSeconds(3), stop);
            var (syncs, times) = await MeasureAsync(site, stop2 => SyncAsync(devices, withToken, length, stop2), stop);
            var server = syncs.Cpu.Gateway + syncs.Cpu.Postgres;
            Screen.Say($"empty sync, {(withToken ? "new line and new token" : "kept line and token")}: {syncs.PerSecond:N0}/s of {Devices} devices at once, p50 {At(times, 0.5):0.0} ms, p95 {At(times, 0.95):0.0} ms; CPU for 1,000: gateway {syncs.Cpu.Gateway:0.000} s, PostgreSQL {syncs.Cpu.Postgres:0.000} s");
            Screen.Say($"   5,000 devices with 100 a day: {SyncsOfLarge:0.0}/s, {SyncsOfLarge * server / 10:0.0} % of one core");
        }

        devices.ForEach(device => device.Dispose());
    }

    private static async Task<(Rate, List<double>)> MeasureAsync(Site site, Func<CancellationToken, Task<List<double>>> run, CancellationToken stop)
    {
        var (before, began) = (site.Cpu(), Stopwatch.GetTimestamp());
        var times = await run(stop);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return (new Rate(times.Count / took, (site.Cpu() - before) / (times.Count / 1_000.0)), times);
    }

    private static async Task<List<double>> ProbeAsync(Site site, TimeSpan length, CancellationToken stop)
    {
        var lines = new List<ProbeLine>();
        for (var i = 0; i < Probes; i++)
            lines.Add(await ProbeLine.OpenAsync(site.Url, stop));
        var all = await Task.WhenAll(lines.Select(line => RepeatAsync(line.AskAsync, length, stop)));
        lines.ForEach(line => line.Dispose());
        return [.. all.SelectMany(times => times).Order()];
    }

    private static async Task<List<double>> SyncAsync(List<IdleDevice> devices, bool withToken, TimeSpan length, CancellationToken stop) =>
        [.. (await Task.WhenAll(devices.Select(device => RepeatAsync(end => device.SyncAsync(withToken, end), length, stop)))).SelectMany(times => times).Order()];

    private static async Task<List<double>> RepeatAsync(Func<CancellationToken, Task> call, TimeSpan length, CancellationToken stop)
    {
        var (times, began) = (new List<double>(), Stopwatch.StartNew());
        while (began.Elapsed < length)
        {
            var started = Stopwatch.GetTimestamp();
            await call(stop);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    private sealed record Rate(double PerSecond, CpuReading Cpu);
}
