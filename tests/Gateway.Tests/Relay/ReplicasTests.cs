using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Relay;

/// <summary>Three gateways on one database: their relays share the work.</summary>
[InCi]
public sealed class ReplicasTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly int Deliveries = Servers.Full ? 20_000 : 300;

    [Fact]
    public async Task F100_Three_replicas_send_every_delivery_once()
    {
        await using var second = await ServiceProcess.StartAsync("services/Gateway", gateway.Environment);
        await using var third = await ServiceProcess.StartAsync("services/Gateway", gateway.Environment);
        await using var connector = await TestConnector.StartAsync(gateway, answers: true);
        using var devices = new Devices(gateway, gateway.Gateway.Url, second.Url, third.Url);

        await devices.PushAsync(Deliveries);

        await Eventually.TrueAsync(async () => await OutboxAsync() == 0, "all are acknowledged");
        Assert.Equal(Deliveries, connector.Messages.Select(message => message.RecordId).Distinct().Count());
        Assert.Equal(Deliveries, connector.Messages.Count);
    }

    [Fact]
    public async Task F103_Replicas_killed_while_they_send_lose_nothing_and_repeat_at_most_what_they_had_claimed()
    {
        // A batch on its way and the next one.
        const int Claimed = 200;
        await using var second = await ServiceProcess.StartAsync("services/Gateway", gateway.Environment);
        await using var third = await ServiceProcess.StartAsync("services/Gateway", gateway.Environment);
        await using var connector = await TestConnector.StartAsync(gateway, answers: true);
        using var devices = new Devices(gateway, gateway.Gateway.Url);
        var pushing = devices.PushAsync(Deliveries);
        await Eventually.TrueAsync(() => !connector.Messages.IsEmpty, "they send");

        await Task.WhenAll(second.KillAsync(), third.KillAsync());
        await pushing;
        await gateway.Gateway.KillAsync();
        await gateway.Gateway.StartAsync();

        // What a dead replica had claimed is due again after a minute; it has passed.
        await gateway.Execute("update gateway.outbox set due = now() where tries > 0");
        await Eventually.TrueAsync(async () => await OutboxAsync() == 0, "all are acknowledged");
        Assert.Equal(Deliveries, connector.Messages.Select(message => message.RecordId).Where(devices.Pushed.Contains).Distinct().Count());
        Assert.InRange(connector.Messages.Count(message => devices.Pushed.Contains(message.RecordId)), Deliveries, Deliveries + 3 * Claimed + QueueAtOnce);
    }

    // What stood in the queue when the minute was said to have passed.
    private const int QueueAtOnce = 1_000;

    private Task<long> OutboxAsync() => gateway.Scalar<long>("select count(*) from gateway.outbox");

    private sealed class Devices(GatewayFixture gateway, params Uri[] addresses) : IDisposable
    {
        private readonly List<TestDevice> enrolled = [];

        public HashSet<Guid> Pushed { get; } = [];

        public async Task PushAsync(int count)
        {
            foreach (var address in addresses)
                enrolled.Add(await TestDevice.EnrolAsync(gateway.Office, address, "Ada"));
            var pushes = Enumerable.Range(0, count).Select(_ => An.Customer()).Chunk(500).ToList();
            foreach (var customer in pushes.SelectMany(push => push))
                Pushed.Add(customer["id"]!.GetValue<Guid>());
            await Task.WhenAll(enrolled.Select(async (device, i) =>
            {
                foreach (var push in pushes.Where((_, number) => number % enrolled.Count == i))
                    await device.PushAsync(push);
            }));
        }

        public void Dispose() => enrolled.ForEach(device => device.Dispose());
    }
}
