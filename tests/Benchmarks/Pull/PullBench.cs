using OrderSync.Benchmarks.Push;
using OrderSync.Testing;

namespace OrderSync.Benchmarks.Pull;

/// <summary>Alternates COPY and first downloads of one company's catalogue, then asks again and again when nothing has changed.</summary>
internal sealed class PullBench(PullOptions options)
{
    private const int WarmUp = 2;

    public async Task RunAsync(CancellationToken stop)
    {
        Screen.Say($"Starting PostgreSQL, RabbitMQ and a gateway");
        await using var postgres = PrivateServer.Postgres();
        await using var rabbit = PrivateServer.Rabbit();
        await Task.WhenAll(postgres.StartAsync(), rabbit.StartAsync());
        await using var site = await Site.OpenAsync(postgres, rabbit, "bench", stop);
        using var device = await Client.EnrolAsync(site, 0, "Device that pulls", stop);
        var catalogue = new Shelves(site, device.CompanyId);
        Screen.Say($"Storing {options.Products:N0} products and {options.Customers:N0} customers");
        await catalogue.FillAsync(options.Products, options.Customers, stop);
        var (pulled, copied) = (new List<Download>(), new List<Download>());
        for (var round = 1 - WarmUp; round <= options.Rounds; round++)
        {
            if (round == 1)
                CpuClock.ForgetPeak(site.Gateway);
            var copy = await catalogue.CopyAsync(stop);
            var pull = await new FirstDownload(site, device).RunAsync(stop);
            if (round < 1)
                continue;
            copied.Add(copy);
            pulled.Add(pull);
            Screen.Say($"round {round} of {options.Rounds}: COPY {copy.PerSecond:N0} rows/s, pull {pull.PerSecond:N0} rows/s");
        }

        var memory = CpuClock.PeakMemory(site.Gateway);
        Screen.Say($"Adding rows to the feed until there are {options.Changes:N0}");
        await catalogue.LengthenFeedAsync(options.Changes, stop);
        var empty = await new EmptyPulls(device).RunAsync(options.Empty, stop);

        var (rows, ceiling) = (Median(pulled, one => one.PerSecond), Median(copied, one => one.PerSecond));
        Screen.Say($"first download: {rows:N0} rows/s against {ceiling:N0} of COPY: ratio {rows / ceiling:0.00} (target {options.Target:0.00})");
        Screen.Say($"rows {pulled[0].Rows:N0} and {copied[0].Rows:N0}, {pulled[0].Bytes / 1e6:0.0} and {copied[0].Bytes / 1e6:0.0} MB; CPU seconds for 1,000 rows: gateway {PerThousand(pulled, cpu => cpu.Gateway):0.0000}, PostgreSQL {PerThousand(pulled, cpu => cpu.Postgres):0.0000} against {PerThousand(copied, cpu => cpu.Postgres):0.0000}; most memory of the gateway {memory:N0} MB");
        Screen.Say($"nothing changed, {options.Changes:N0} rows in the feed: p50 {empty[empty.Count / 2]:0.00} ms, p95 {empty[(int)(empty.Count * 0.95)]:0.00} ms (target {options.EmptyTarget:0} ms)");
    }

    private static double Median(List<Download> rounds, Func<Download, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static double PerThousand(List<Download> rounds, Func<CpuReading, double> part) => rounds.Sum(one => part(one.Cpu)) / (rounds.Sum(one => one.Rows) / 1_000.0);
}

/// <summary>What one download brought, and what it cost.</summary>
internal readonly record struct Download(long Rows, long Bytes, double Seconds, CpuReading Cpu)
{
    public double PerSecond => Rows / Seconds;
}
