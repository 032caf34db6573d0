using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;
using RabbitMQ.Client;

namespace OrderSync.ServiceDefaults.Tests.Bus;

public sealed class BusTests(RabbitFixture rabbit) : IClassFixture<RabbitFixture>
{
    [Fact]
    public async Task What_is_sent_to_a_connector_that_is_not_running_waits_in_its_queue_and_is_read_later()
    {
        var queue = Queues.Connector("later");
        await using var gateway = await SenderAsync();
        await gateway.Get<BusSender>().SendAsync(queue, Acknowledged(1), default);
        Assert.Equal(1, (await rabbit.QueuesAsync())["later"]);

        await using var connector = await ReaderAsync(queue, () => false);
        Assert.Equal(1, await connector.Get<Received>().NextAsync());
    }

    [Fact]
    public async Task A_message_whose_reader_fails_is_handed_over_again_until_it_succeeds()
    {
        var queue = Queues.Connector("failing");
        var failures = 3;
        await using var connector = await ReaderAsync(queue, () => Interlocked.Decrement(ref failures) >= 0);
        await using var gateway = await SenderAsync();
        await gateway.Get<BusSender>().SendAsync(queue, Acknowledged(2), default);

        Assert.Equal(2, await connector.Get<Received>().NextAsync());
        await Eventually.GetAsync(rabbit.QueuesAsync, queues => queues.All(queue => queue.Value == 0), "empty queues");
        Assert.DoesNotContain((await rabbit.QueuesAsync()).Keys, name => name.Contains("_error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_nobody_can_take_is_parked_and_never_dropped()
    {
        var queue = Queues.Connector("stubborn");
        await using var connector = await ReaderAsync(queue, () => true);
        await using var gateway = await SenderAsync();
        await gateway.Get<BusSender>().SendAsync(queue, Acknowledged(3), default);

        await Eventually.GetAsync(rabbit.QueuesAsync, queues => queues.GetValueOrDefault(queue.Parked) == 1, "one parked message");
    }

    [Fact]
    public async Task A_queue_that_was_removed_is_made_again_by_the_next_send_and_no_send_is_silently_lost()
    {
        var queue = Queues.Connector("removed");
        await using var gateway = await SenderAsync();
        var sender = gateway.Get<BusSender>();
        await sender.SendAsync(queue, Acknowledged(4), default);

        await using var connection = await new ConnectionFactory { Uri = rabbit.Uri }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(queue.Name);

        Assert.NotNull(await Record.ExceptionAsync(() => sender.SendAsync(queue, Acknowledged(5), default)));
        await sender.SendAsync(queue, Acknowledged(6), default);
        Assert.Equal(1, await gateway.Get<BrokerQueues>().CountAsync(queue, default));
    }

    private Task<Service> SenderAsync() => Service.StartAsync(Settings, builder => builder.AddBus(Queues.Gateway, 10, _ => { }));

    private Task<Service> ReaderAsync(QueueDefinition queue, Func<bool> fails) => Service.StartAsync(Settings, builder =>
    {
        builder.Services.AddSingleton(new Received(fails));
        builder.AddBus(queue, 10, bus => bus.AddConsumer<Reader>());
    });

    private Dictionary<string, string> Settings => new() { ["ConnectionStrings__rabbitmq"] = rabbit.Uri.OriginalString };

    private static ReportsAcknowledged Acknowledged(long version) => new([new ReportAcknowledged(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), version)]);

    private sealed class Received(Func<bool> fails)
    {
        private readonly Channel<long> versions = Channel.CreateUnbounded<long>();

        public void Take(ReportsAcknowledged message)
        {
            if (fails())
                throw new InvalidOperationException("The database is away.");
            versions.Writer.TryWrite(message.Reports[0].Version);
        }

        public async Task<long> NextAsync() => await versions.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience);
    }

    private sealed class Reader(Received received) : IConsumer<ReportsAcknowledged>
    {
        public Task Consume(ConsumeContext<ReportsAcknowledged> context)
        {
            received.Take(context.Message);
            return Task.CompletedTask;
        }
    }
}
