using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Relay;

/// <summary>The other end of a connector's queue: the test itself.</summary>
public sealed class TestConnector : IAsyncDisposable, IConsumer<DeliverRecord>, IConsumer<ReportsAcknowledged>, IConsumer<GatewayEpoch>
{
    private readonly string name;
    private readonly bool answers;
    private IHost? host;

    private TestConnector(string name, bool answers) => (this.name, this.answers) = (name, answers);

    public ConcurrentQueue<DeliverRecord> Messages { get; } = new();

    public ConcurrentQueue<ReportAcknowledged> Acknowledgements { get; } = new();

    public ConcurrentQueue<GatewayEpoch> Epochs { get; } = new();

    public IEnumerable<(Guid Record, long Version)> Acknowledged => Acknowledgements.Select(held => (held.RecordId, held.Version));

    /// <param name="gateway">Whose broker.</param>
    /// <param name="name">The connector's name, as its connection has it.</param>
    /// <param name="answers">True: each message is acknowledged at once, as one that the ledger has.</param>
    public static Task<TestConnector> StartAsync(GatewayFixture gateway, string name = "nobody", bool answers = false) => StartAsync(gateway.Rabbit.Uri, name, answers);

    public static async Task<TestConnector> StartAsync(Uri broker, string name, bool answers)
    {
        var connector = new TestConnector(name, answers);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.Sources.Add(new MemoryConfigurationSource { InitialData = [KeyValuePair.Create("ConnectionStrings:rabbitmq", (string?)broker.OriginalString)] });
        builder.Services.AddSingleton(connector);
        builder.AddBus(Queues.Connector(name), 16, bus => bus.AddConsumer<Forward>());
        connector.host = builder.Build();
        await connector.host.StartAsync();
        return connector;
    }

    public Task<DeliverRecord> ReceivedAsync(Guid record, long version = 1) => Eventually.GetAsync(
        () => Task.FromResult(Messages.FirstOrDefault(message => message.RecordId == record && message.Version >= version)), found => found is not null, "the connector receives it")!;

    public Task ReportAsync(
        DeliverRecord of, long version, DeliveryState state, string? externalId = null, string? reason = null, decimal? total = null, string? code = null, DateTimeOffset? at = null,
        long? known = null, long epoch = 0) =>
        host!.Services.GetRequiredService<BusSender>().SendAsync(Queues.Gateway, new DeliveryReports(name, [new DeliveryReport(
            of.CompanyId, of.ConnectionId, of.RecordId, version, known ?? of.Version, of.Revision, state, externalId, null, total, code, reason, null, 1, at ?? DateTimeOffset.UtcNow, epoch)]), default);

    public Task Consume(ConsumeContext<DeliverRecord> context)
    {
        Messages.Enqueue(context.Message);
        return answers ? ReportAsync(context.Message, version: 1, DeliveryState.InProgress) : Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ReportsAcknowledged> context)
    {
        foreach (var report in context.Message.Reports)
            Acknowledgements.Enqueue(report);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<GatewayEpoch> context)
    {
        Epochs.Enqueue(context.Message);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await host!.StopAsync();
        host.Dispose();
    }

    private sealed class Forward(TestConnector connector) : IConsumer<DeliverRecord>, IConsumer<ReportsAcknowledged>, IConsumer<GatewayEpoch>
    {
        public Task Consume(ConsumeContext<DeliverRecord> context) => connector.Consume(context);

        public Task Consume(ConsumeContext<ReportsAcknowledged> context) => connector.Consume(context);

        public Task Consume(ConsumeContext<GatewayEpoch> context) => connector.Consume(context);
    }
}
