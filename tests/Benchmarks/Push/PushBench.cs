using OrderSync.Testing;

namespace OrderSync.Benchmarks.Push;

/// <summary>Alternates raw and stored rounds for each number of clients and prints their medians.</summary>
internal sealed class PushBench(PushOptions options)
{
    public async Task RunAsync(CancellationToken stop)
    {
        Screen.Say($"Starting PostgreSQL, RabbitMQ and a gateway with {Site.Companies} companies");
        await using var postgres = PrivateServer.Postgres();
        await using var rabbit = PrivateServer.Rabbit();
        await Task.WhenAll(postgres.StartAsync(), rabbit.StartAsync());
        await using var site = await Site.OpenAsync(postgres, rabbit, "bench", stop);
        Screen.Say($"Warming up until the gateway's code is compiled");
        await using (var crew = await Crew.EnrolAsync(site, Site.Companies, stop))
            await crew.WarmUpAsync(options.Seconds, stop);
        var rows = new List<Row>();
        foreach (var clients in options.Clients)
            rows.Add(await MeasureAsync(site, clients, stop));
        Screen.Show(rows);
        foreach (var row in rows)
            Screen.Say($"ratio at {row.Clients} clients: {row.Ratio:0.00} (target {options.Target:0.00}; by processor time, which other programs disturb less: {row.CpuRatio:0.00})");
    }

    private async Task<Row> MeasureAsync(Site site, int count, CancellationToken stop)
    {
        await using var crew = await Crew.EnrolAsync(site, count, stop);
        CpuClock.ForgetPeak(site.Gateway);
        var requests = await crew.WarmUpAsync(options.Seconds, stop);
        var (stored, raw) = (new List<Measured>(), new List<Measured>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            raw.Add(await crew.Round.RawAsync(requests, stop));
            stored.Add(await crew.Round.StoredAsync(requests, stop));
            Screen.Say($"{count} clients, round {round} of {options.Rounds}: raw {raw[^1].PerSecond:N0}/s, stored {stored[^1].PerSecond:N0}/s");
        }

        var times = crew.Times();
        return new Row(count, Median(raw, m => m.PerSecond), Median(stored, m => m.PerSecond), At(times, 0.50), At(times, 0.99), PerThousand(stored), PerThousand(raw), CpuClock.PeakMemory(site.Gateway));
    }

    internal static double Median(IEnumerable<Measured> rounds, Func<Measured, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    private static CpuReading PerThousand(List<Measured> rounds) => rounds.Aggregate(new CpuReading(), (sum, round) => sum + round.Cpu) / (rounds.Sum(round => round.Orders) / 1_000.0);
}

/// <summary>What the benchmark measured for a number of clients.</summary>
internal sealed record Row(int Clients, double Raw, double Stored, double P50, double P99, CpuReading StoredCpu, CpuReading RawCpu, double PeakMemory)
{
    public double Ratio => Stored / Raw;

    public double CpuRatio => RawCpu.All / StoredCpu.All;
}
