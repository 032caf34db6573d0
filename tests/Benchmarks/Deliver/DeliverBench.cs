using OrderSync.Benchmarks.Push;
using OrderSync.Testing;

namespace OrderSync.Benchmarks.Deliver;

/// <summary>Alternates bare rounds, bare rounds that put the same rows, and delivered rounds, and prints their medians.</summary>
internal sealed class DeliverBench(DeliverOptions options)
{
    private const int WarmUp = 2_000;

    public async Task RunAsync(CancellationToken stop)
    {
        Screen.Say($"Starting PostgreSQL, RabbitMQ, a gateway with {Site.Companies} companies and a connector");
        await using var postgres = PrivateServer.Postgres();
        await using var rabbit = PrivateServer.Rabbit();
        await Task.WhenAll(postgres.StartAsync(), rabbit.StartAsync());
        await using var site = await Site.OpenAsync(postgres, rabbit, "bench", stop, PausedConnector.Name);
        await using var connector = await PausedConnector.StartAsync(site, stop);
        await using var bare = await BareMassTransit.StartAsync(site, connector, stop);
        var clients = new List<Client>();
        try
        {
            for (var company = 0; company < Site.Companies; company++)
                clients.Add(await Client.EnrolAsync(site, company, $"Device {company}", stop));
            var waiting = new WaitingOrders(site, connector, clients, await ConnectionsAsync(site, stop));
            Screen.Say($"Warming up until everything is compiled");
            await using var rows = await RawRows.OpenAsync(site, stop);
            for (var i = 0; i < 2; i++)
            {
                await waiting.RunAsync(waiting.Make(WarmUp), stop);
                await bare.RunAsync(waiting.Messages(waiting.Make(WarmUp)), stop);
                await bare.RunAsync(await waiting.StoredMessagesAsync(waiting.Make(WarmUp), stop), stop, rows);
            }

            // As autovacuum does within minutes: a plan made for empty tables is not what is to be measured.
            await using (var count = site.Administrator.CreateCommand("vacuum (analyze)"))
                await count.ExecuteNonQueryAsync(stop);
            await MeasureAsync(site, connector, bare, rows, waiting, stop);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private async Task MeasureAsync(Site site, PausedConnector connector, BareMassTransit bare, RawRows rows, WaitingOrders waiting, CancellationToken stop)
    {
        CpuClock.ForgetPeak(site.Gateway);
        CpuClock.ForgetPeak(connector.ProcessId);
        var (ceiling, raw, delivered) = (new List<Delivered>(), new List<Delivered>(), new List<Delivered>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            ceiling.Add(await bare.RunAsync(waiting.Messages(waiting.Make(options.Deliveries)), stop));
            raw.Add(await bare.RunAsync(await waiting.StoredMessagesAsync(waiting.Make(options.Deliveries), stop), stop, rows));
            delivered.Add(await waiting.RunAsync(waiting.Make(options.Deliveries), stop));
            Screen.Say($"round {round} of {options.Rounds}: bare {ceiling[^1].PerSecond:N0}/s, with raw rows {raw[^1].PerSecond:N0}/s, delivered {delivered[^1].PerSecond:N0}/s");
        }

        var row = new DeliverRow(
            Median(ceiling, round => round.PerSecond), Median(raw, round => round.PerSecond), Median(delivered, round => round.PerSecond),
            Median(raw, round => round.SettledPerSecond), Median(delivered, round => round.SettledPerSecond), PerThousand(ceiling), PerThousand(raw), PerThousand(delivered), CpuClock.PeakMemory(site.Gateway), CpuClock.PeakMemory(connector.ProcessId));
        Screen.Show(row);
        Screen.Say($"ratio to bare MassTransit: {row.Ratio:0.00} (by processor time, which other programs disturb less: {row.CpuRatio:0.00})");
        Screen.Say($"ratio to bare MassTransit that puts the same rows: {row.RawRatio:0.00}, until all is acknowledged and reported {row.SettledRatio:0.00} (target {options.Target:0.00}; by processor time {row.RawCpuRatio:0.00})");
    }

    private static async Task<IReadOnlyDictionary<Guid, Guid>> ConnectionsAsync(Site site, CancellationToken stop)
    {
        await using var command = site.Administrator.CreateCommand("select company_id, connection_id from connection");
        await using var reader = await command.ExecuteReaderAsync(stop);
        var connections = new Dictionary<Guid, Guid>();
        while (await reader.ReadAsync(stop))
            connections.Add(reader.GetGuid(0), reader.GetGuid(1));
        return connections;
    }

    private static double Median(IEnumerable<Delivered> rounds, Func<Delivered, double> figure)
    {
        var sorted = rounds.Select(figure).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static DeliverCpu PerThousand(List<Delivered> rounds) => rounds.Aggregate(new DeliverCpu(), (sum, round) => sum + round.Cpu) / (rounds.Sum(round => round.Count) / 1_000.0);
}

/// <summary>What the benchmark measured.</summary>
internal sealed record DeliverRow(
    double Bare, double Raw, double Delivered, double RawSettled, double Settled, DeliverCpu BareCpu, DeliverCpu RawCpu, DeliverCpu Cpu, double GatewayMemory, double ConnectorMemory)
{
    public double Ratio => Delivered / Bare;

    public double CpuRatio => BareCpu.All / Cpu.All;

    public double RawRatio => Delivered / Raw;

    public double SettledRatio => Settled / RawSettled;

    public double RawCpuRatio => RawCpu.All / Cpu.All;
}
