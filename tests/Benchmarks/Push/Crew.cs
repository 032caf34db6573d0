namespace OrderSync.Benchmarks.Push;

/// <summary>Clients of one measurement, spread over the companies, each with a raw connection beside it.</summary>
internal sealed class Crew : IAsyncDisposable
{
    private const int WarmUpRequests = 200;
    private static int crews;
    private readonly List<Client> clients;
    private readonly List<RawInserts> raw;

    private Crew(Site site, List<Client> clients, List<RawInserts> raw)
    {
        (this.clients, this.raw) = (clients, raw);
        Round = new Round(site, clients, raw);
    }

    public Round Round { get; }

    /// <summary>Enrols new devices: their access tokens last a quarter of an hour.</summary>
    public static async Task<Crew> EnrolAsync(Site site, int count, CancellationToken stop)
    {
        var crew = ++crews;
        var clients = new List<Client>();
        var raw = new List<RawInserts>();
        for (var i = 0; i < count; i++)
        {
            clients.Add(await Client.EnrolAsync(site, i % Site.Companies, $"Device {crew}-{i}", stop));
            raw.Add(await RawInserts.OpenAsync(site, clients[i], stop));
        }

        return new Crew(site, clients, raw);
    }

    /// <summary>Requests for each client that take about so many seconds, found while everything warms up.</summary>
    public async Task<int> WarmUpAsync(double seconds, CancellationToken stop)
    {
        var requests = Math.Max(10, WarmUpRequests / clients.Count);
        await Round.RawAsync(requests, stop);
        await Round.StoredAsync(requests, stop);
        var warm = await Round.StoredAsync(requests, stop);
        foreach (var client in clients)
            client.Times.Clear();
        return Math.Max(5, (int)(warm.PerSecond * seconds / clients.Count / Client.OrdersInRequest));
    }

    /// <summary>How long each request took, shortest first.</summary>
    public List<double> Times() => [.. clients.SelectMany(client => client.Times).Order()];

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in raw)
            await writer.DisposeAsync();
        foreach (var client in clients)
            client.Dispose();
    }
}
