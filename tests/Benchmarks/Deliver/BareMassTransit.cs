using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSync.Benchmarks.Push;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Benchmarks.Deliver;

/// <summary>
/// The ceilings: the same messages over a quorum queue of the same definition, sent durable and mandatory with the broker's confirms, as many at once as the
/// relay sends and the connector takes. The consumer acknowledges at once, or once it has put the rows that a delivery leaves.
/// </summary>
internal sealed class BareMassTransit : IAsyncDisposable
{
    private const int SentAtOnce = 100;
    private const ushort TakenAtOnce = 200;
    private static readonly QueueDefinition Queue = Queues.Connector("bare");
    private readonly IHost host;
    private readonly Counted counted;
    private readonly Site site;
    private readonly PausedConnector connector;

    private BareMassTransit(IHost host, Site site, PausedConnector connector) =>
        (this.host, this.site, this.connector, counted) = (host, site, connector, host.Services.GetRequiredService<Counted>());

    public static async Task<BareMassTransit> StartAsync(Site site, PausedConnector connector, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:rabbitmq", (string?)site.BrokerUri.OriginalString)]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<Counted>();
        builder.AddBus(Queue, TakenAtOnce, bus => bus.AddConsumer<Reader>());
        var host = builder.Build();
        await host.StartAsync(stop);
        return new BareMassTransit(host, site, connector);
    }

    /// <summary>Sends and reads them all; with rows, until the last is on disk.</summary>
    public async Task<Delivered> RunAsync(IReadOnlyList<DeliverRecord> messages, CancellationToken stop, RawRows? rows = null)
    {
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{Queue.Name}"));
        GC.Collect();
        var cpu = DeliverCpu.Read(site, connector);
        var clock = Stopwatch.GetTimestamp();
        var all = counted.ExpectAsync(messages.Count, rows);
        foreach (var some in messages.Chunk(SentAtOnce))
            await Task.WhenAll(some.Select(message => endpoint.Send(message, AsTheRelay, stop)));
        await all.WaitAsync(TimeSpan.FromMinutes(5), stop);
        var seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        await counted.SettledAsync();
        return new Delivered(messages.Count, seconds, Stopwatch.GetElapsedTime(clock).TotalSeconds, DeliverCpu.Read(site, connector) - cpu);
    }

    /// <summary>An order as the gateway tells it to a connector.</summary>
    public static DeliverRecord MessageOf(Client client, Guid connection, GeneratedOrder order) => new(
        client.CompanyId, connection, order.Id, 1, 1, DeliveryWish.Push, "order", $"SO-MAIN-{order.Seq:000000}", order.CapturedAt, DateOnly.FromDateTime(order.CapturedAt.DateTime),
        DateTimeOffset.UtcNow, new RepSnapshot(client.RepId, "Device 1-0", null), BodyOf(order), Convert.ToHexStringLower(order.Sha256),
        new CustomerSnapshot(order.Customer, 1, null, Client.CustomerBody(order.Customer, order.Seq)), [], "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", Branch: "MAIN");

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    private static IPipe<SendContext<DeliverRecord>> AsTheRelay { get; } = Pipe.Execute<SendContext<DeliverRecord>>(context =>
    {
        context.Durable = true;
        if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
            rabbit.Mandatory = true;
    });

    private static string BodyOf(GeneratedOrder order)
    {
        using var json = System.Text.Json.JsonDocument.Parse(order.Json);
        return json.RootElement.GetProperty("body").GetRawText();
    }

    private sealed class Counted
    {
        private readonly ConcurrentBag<Task> deliveries = [];
        private TaskCompletionSource all = new();
        private RawRows? rows;
        private int left;

        public Task ExpectAsync(int count, RawRows? with)
        {
            deliveries.Clear();
            (all, left, rows) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), count, with);
            return all.Task;
        }

        public async Task TakeAsync(DeliverRecord record)
        {
            if (rows is not null)
            {
                await rows.LedgerAsync(record);
                deliveries.Add(rows.DeliveryAsync(record));
            }

            if (Interlocked.Decrement(ref left) == 0)
                all.SetResult();
        }

        public Task SettledAsync() => Task.WhenAll(deliveries);
    }

    private sealed class Reader(Counted counted) : IConsumer<DeliverRecord>
    {
        public Task Consume(ConsumeContext<DeliverRecord> context) => counted.TakeAsync(context.Message);
    }
}
