using System.Collections.Concurrent;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Collections;

/// <summary>The other end of what connectors bring back: the test itself.</summary>
public sealed class PullingConnector : IAsyncDisposable, IConsumer<PulledRowsAcknowledged>
{
    private readonly string name;
    private readonly Guid company;
    private readonly Guid connection;
    private IHost? host;

    private PullingConnector(string name, Guid company, Guid connection) => (this.name, this.company, this.connection) = (name, company, connection);

    public ConcurrentQueue<PulledRowsAcknowledged> Answers { get; } = new();

    public Guid Connection => connection;

    public string Name => name;

    public static async Task<PullingConnector> StartAsync(GatewayFixture gateway, string name)
    {
        var connection = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{name}'");
        var connector = new PullingConnector(name, gateway.CompanyId, connection);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.Sources.Add(new MemoryConfigurationSource { InitialData = [KeyValuePair.Create("ConnectionStrings:rabbitmq", (string?)gateway.Rabbit.Uri.OriginalString)] });
        builder.Services.AddSingleton(connector);
        builder.AddBus(Queues.Connector(name), 16, bus => bus.AddConsumer<Forward>());
        connector.host = builder.Build();
        await connector.host.StartAsync();
        return connector;
    }

    public static PulledRow Row(string key, object body, long version = 1, long import = 1, Guid? record = null) =>
        new(key, version, import, false, JsonSerializer.Serialize(body, body.GetType(), ContractJson.Options), record, DateTimeOffset.UtcNow);

    public static PulledRow Gone(string key, long version = 2, long import = 2) => new(key, version, import, true, null, null, DateTimeOffset.UtcNow);

    /// <summary>Sends rows and waits for the gateway's answer.</summary>
    public Task<PulledRowsAcknowledged> TellAsync(string collection, params IReadOnlyList<PulledRow> rows) => TellAsync(collection, false, 0, rows);

    public async Task<PulledRowsAcknowledged> TellAsync(string collection, bool complete, long epoch, IReadOnlyList<PulledRow> rows)
    {
        Answers.Clear();
        await host!.Services.GetRequiredService<BusSender>().SendAsync(Queues.Gateway, new PulledRows(name, company, connection, collection, complete, epoch, rows), default);
        return (await Eventually.GetAsync(() => Task.FromResult(Answers.FirstOrDefault(answer => answer.Collection == collection && answer.Rows.Count == rows.Count)), answer => answer is not null, "the gateway's answer"))!;
    }

    public Task Consume(ConsumeContext<PulledRowsAcknowledged> context)
    {
        Answers.Enqueue(context.Message);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await host!.StopAsync();
        host.Dispose();
    }

    private sealed class Forward(PullingConnector connector) : IConsumer<PulledRowsAcknowledged>
    {
        public Task Consume(ConsumeContext<PulledRowsAcknowledged> context) => connector.Consume(context);
    }
}
