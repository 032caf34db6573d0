using System.Diagnostics;

namespace OrderSync.Benchmarks.Push;

/// <summary>What one round measured.</summary>
internal readonly record struct Measured(int Orders, double Seconds, CpuReading Cpu)
{
    public double PerSecond => Orders / Seconds;
}

/// <summary>So many clients that write at once, each its share; either through the gateway or raw.</summary>
internal sealed class Round(Site site, IReadOnlyList<Client> clients, IReadOnlyList<RawInserts> raw)
{
    /// <summary>Through the gateway: all of authentication, rules, row-level security, numbers and positions.</summary>
    public async Task<Measured> StoredAsync(int requestsOfEach, CancellationToken stop)
    {
        var bodies = clients.Select(client => client.MakeOrders(requestsOfEach).Select(Client.BodyOf).ToList()).ToList();
        return await MeasureAsync(requestsOfEach, async i =>
        {
            foreach (var body in bodies[i])
                await clients[i].PushAsync(body, Client.OrdersInRequest, stop);
        });
    }

    /// <summary>The same rows straight into the tables.</summary>
    public async Task<Measured> RawAsync(int requestsOfEach, CancellationToken stop)
    {
        var orders = clients.Select(client => client.MakeOrders(requestsOfEach)).ToList();
        return await MeasureAsync(requestsOfEach, async i =>
        {
            foreach (var some in orders[i])
                await raw[i].WriteAsync(some, stop);
        });
    }

    private async Task<Measured> MeasureAsync(int requestsOfEach, Func<int, Task> work)
    {
        GC.Collect();
        var cpu = site.Cpu();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients.Count).Select(i => Task.Run(() => work(i))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Measured(requestsOfEach * clients.Count * Client.OrdersInRequest, seconds, site.Cpu() - cpu);
    }
}
