using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Relay;

/// <summary>The figures of delivery as a collector receives them.</summary>
[InCi]
public sealed class DeliveryFiguresTests(DeliveryFiguresTests.Watched gateway) : IClassFixture<DeliveryFiguresTests.Watched>
{
    private const string Meter = "OrderSync.Gateway";

    [Fact]
    public async Task F114_Stored_sent_backlog_and_its_age_are_told_by_kind_and_destination()
    {
        using var device = await gateway.EnrolAsync();
        var customer = An.Customer();
        await device.PushAsync(customer, An.Order(customer: customer["id"]!.GetValue<Guid>()));
        await UntilAsync("ordersync.gateway.verdicts", 1, ("kind", "order"), ("outcome", "accepted"));
        await UntilAsync("ordersync.gateway.verdicts", 1, ("kind", "customer"), ("outcome", "accepted"));
        await UntilAsync("ordersync.gateway.relay.sent", 2, ("connector", "nobody"));

        // The backlog is counted when a gateway starts, and every 15 s.
        await gateway.Execute("update gateway.outbox set since = now() - interval '1 hour'");
        await gateway.Gateway.KillAsync();
        await gateway.Gateway.StartAsync();

        var connection = (await gateway.Scalar<Guid>("select connection_id from gateway.connection where connector = 'nobody'")).ToString();
        await UntilAsync("ordersync.gateway.backlog", 2, ("connector", "nobody"), ("connection", connection));
        await UntilAsync("ordersync.gateway.backlog.age", 3_600, ("connector", "nobody"), ("connection", connection));
    }

    // Counters go on rising: a moment at which they said so is enough.
    private Task UntilAsync(string name, double least, params (string Name, string Value)[] by) => Eventually.TrueAsync(
        () => gateway.Collector.Metrics.Where(metric => metric.Meter == Meter && metric.Name == name).SelectMany(metric => metric.Points)
            .Any(point => point.Value >= least && point.Value < least + 600 && by.All(tag => point.Attributes.GetValueOrDefault(tag.Name) == tag.Value)),
        $"{name} of {string.Join(", ", by)} to be {least}");

    /// <summary>A gateway whose figures go to the test.</summary>
    public sealed class Watched : GatewayFixture
    {
        public OtlpReceiver Collector { get; private set; } = null!;

        public override Dictionary<string, string> Environment => new([.. base.Environment, .. Collector.Environment]);

        public override async Task InitializeAsync()
        {
            Collector = await OtlpReceiver.StartAsync();
            await base.InitializeAsync();
        }

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await Collector.DisposeAsync();
        }
    }
}
