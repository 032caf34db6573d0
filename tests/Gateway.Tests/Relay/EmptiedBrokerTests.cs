using OrderSync.AppHost.Local.Servers;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Relay;

/// <summary>The broker loses all it has while deliveries wait in it.</summary>
[InFull]
public sealed class EmptiedBrokerTests(EmptiedBrokerTests.OwnBroker gateway) : IClassFixture<EmptiedBrokerTests.OwnBroker>
{
    private static readonly int Deliveries = Servers.Full ? 2_000 : 500;

    [Fact]
    public async Task F104_RabbitMQ_without_its_data_loses_none_of_the_deliveries_that_waited_there()
    {
        using var device = await gateway.EnrolAsync();
        foreach (var push in Enumerable.Range(0, Deliveries).Select(_ => An.Customer()).Chunk(500))
            await device.PushAsync(push);
        await Eventually.TrueAsync(async () => await SentAsync() >= Deliveries / 2, "half of them are in the queue");

        var data = Path.Combine(Path.GetDirectoryName(gateway.Broker.Server.Log)!, "mnesia");
        await gateway.Broker.KillAsync();
        Directory.Delete(data, recursive: true);
        await gateway.Broker.StartAsync();
        await Eventually.TrueAsync(async () => (await gateway.Office.GetAsync("/health")).IsSuccessStatusCode, "the gateway is back at the broker");
        // It answers by the gateway's queue, which is the gateway's to declare.
        await using var connector = await TestConnector.StartAsync(new Uri(gateway.Broker.ConnectionString), "nobody", answers: true);

        // A minute passes.
        await gateway.Execute("update gateway.outbox set due = now() where tries > 0");
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>("select count(*) from gateway.outbox") == 0, "all are acknowledged", TimeSpan.FromMinutes(3));
        Assert.Equal(Deliveries, connector.Messages.Select(message => message.RecordId).Distinct().Count());
        Assert.Equal(Deliveries, await gateway.Scalar<long>("select count(*) from gateway.delivery where state = 'inProgress' and report_version = 1"));
        Assert.Equal(Deliveries, await gateway.Scalar<long>("select count(*) from gateway.delivery_event"));
    }

    private Task<long> SentAsync() => gateway.Scalar<long>("select count(*) from gateway.outbox where tries > 0");

    /// <summary>A gateway with a broker that no other test uses.</summary>
    public sealed class OwnBroker : GatewayFixture
    {
        public PrivateServer<RabbitServer> Broker { get; } = PrivateServer.Rabbit();

        public override Dictionary<string, string> Environment => new(base.Environment) { ["ConnectionStrings__rabbitmq"] = Broker.ConnectionString };

        public override async Task InitializeAsync()
        {
            await Broker.StartAsync();
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await Broker.DisposeAsync();
        }
    }
}
