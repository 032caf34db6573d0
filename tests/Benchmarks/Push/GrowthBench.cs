using OrderSync.Testing;

namespace OrderSync.Benchmarks.Push;

/// <summary>Whether a push stays as fast when much is stored: the same gateway on two databases, rounds alternate between them.</summary>
internal sealed class GrowthBench(PushOptions options)
{
    private const int Few = 10_000;
    private const int Clients = 4;
    private const double Target = 1.2;

    public async Task RunAsync(CancellationToken stop)
    {
        var many = options.Stored!.Value;
        Screen.Say($"Starting PostgreSQL, RabbitMQ and two gateways with {Site.Companies} companies each");
        await using var postgres = PrivateServer.Postgres();
        await using var rabbit = PrivateServer.Rabbit();
        await Task.WhenAll(postgres.StartAsync(), rabbit.StartAsync());
        await using var small = await Site.OpenAsync(postgres, rabbit, "few", stop);
        await using var large = await Site.OpenAsync(postgres, rabbit, "many", stop);
        await StoredOrders.FillAsync(small, Few, stop);
        await StoredOrders.FillAsync(large, many, stop);
        await using var smallCrew = await Crew.EnrolAsync(small, Clients, stop);
        await using var largeCrew = await Crew.EnrolAsync(large, Clients, stop);
        var requests = await smallCrew.WarmUpAsync(options.Seconds, stop);
        await largeCrew.WarmUpAsync(options.Seconds, stop);
        var (few, lots) = (new List<Measured>(), new List<Measured>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            few.Add(await smallCrew.Round.StoredAsync(requests, stop));
            lots.Add(await largeCrew.Round.StoredAsync(requests, stop));
            Screen.Say($"round {round} of {options.Rounds}: {few[^1].PerSecond:N0}/s with {Few:N0} stored, {lots[^1].PerSecond:N0}/s with {many:N0}");
        }

        var (fast, slow) = (PushBench.Median(few, m => m.PerSecond), PushBench.Median(lots, m => m.PerSecond));
        Screen.Say($"{Few:N0} stored: {fast:N0} orders/s, CPU {PushBench.Median(few, PerThousand):0.000} s per 1,000");
        Screen.Say($"{many:N0} stored: {slow:N0} orders/s, CPU {PushBench.Median(lots, PerThousand):0.000} s per 1,000");
        Screen.Say($"slower by: {fast / slow:0.00} (target {Target:0.0} at most)");
    }

    private static double PerThousand(Measured round) => round.Cpu.All / round.Orders * 1_000;
}
