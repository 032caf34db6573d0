using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSync.ServiceDefaults.Tests.Bus;

/// <summary>What each service's user may do at the broker, and what it may not, whoever has taken it over.</summary>
public sealed class BrokerUserTests(RabbitFixture rabbit) : IClassFixture<RabbitFixture>
{
    private static readonly ReportsAcknowledged Message = new([]);

    [Theory]
    [InlineData("sage")]
    [InlineData("gateway")]
    public async Task A_connectors_user_cannot_read_empty_make_or_remove_what_belongs_to_another(string other)
    {
        await using var administrator = await new ConnectionFactory { Uri = rabbit.Uri }.CreateConnectionAsync();
        await using (var queues = await SenderAsync("gateway"))
        {
            await queues.Get<BrokerQueues>().DeclareAsync(new QueueDefinition(other), default);
            await queues.Get<BrokerQueues>().DeclareAsync(Queues.Connector("zoho"), default);
        }

        await using var connection = await new ConnectionFactory { Uri = await rabbit.UserAsync("zoho") }.CreateConnectionAsync();
        await RefusedAsync(connection, channel => channel.BasicGetAsync(other, autoAck: true));
        await RefusedAsync(connection, channel => channel.BasicConsumeAsync(other, autoAck: true, new AsyncDefaultBasicConsumer(channel)));
        await RefusedAsync(connection, channel => channel.BasicGetAsync($"{other}.parked", autoAck: true));
        await RefusedAsync(connection, channel => channel.QueuePurgeAsync(other));
        await RefusedAsync(connection, channel => channel.QueueDeleteAsync(other));
        await RefusedAsync(connection, channel => channel.ExchangeDeleteAsync(other));
        await RefusedAsync(connection, channel => channel.QueueDeclareAsync($"{other}.more", durable: true, exclusive: false, autoDelete: false));
        await RefusedAsync(connection, channel => channel.QueueBindAsync("zoho", other, ""));
        await RefusedAsync(connection, channel => channel.ExchangeDeclareAsync("zoho2", ExchangeType.Fanout));
        await RefusedAsync(connection, channel => channel.BasicPublishAsync("sage", "", true, new BasicProperties(), "orders of others"u8.ToArray()).AsTask());

        await using var own = await connection.CreateChannelAsync();
        Assert.Null(await own.BasicGetAsync("zoho", autoAck: true));
        Assert.Null(await own.BasicGetAsync("zoho.parked", autoAck: true));
    }

    [Fact]
    public async Task Services_do_all_their_work_with_the_rights_they_have_and_nothing_is_made_beside_their_queues()
    {
        var heard = new SemaphoreSlim(0);
        await using var gateway = await ReaderAsync("gateway", heard);
        await using var connector = await ReaderAsync("books", heard);

        await gateway.Get<BusSender>().SendAsync(Queues.Connector("books"), Message, default);
        await Eventually.TrueAsync(() => SentAsync(connector, Queues.Gateway), "the gateway's queue is there");
        Assert.True(await heard.WaitAsync(Eventually.Patience) && await heard.WaitAsync(Eventually.Patience));
        await Assert.ThrowsAnyAsync<Exception>(() => connector.Get<BusSender>().SendAsync(Queues.Connector("sage"), Message, default));

        var made = (await rabbit.ExchangesAsync()).Concat((await rabbit.QueuesAsync()).Keys).Where(name => !name.StartsWith("sage", StringComparison.Ordinal) && !name.StartsWith("zoho", StringComparison.Ordinal));
        Assert.Equal(["books", "books.parked", "books.to.gateway", "gateway", "gateway.parked"], made.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_service_whose_user_went_with_the_brokers_data_says_what_to_do_and_works_once_the_user_is_back()
    {
        var user = await rabbit.UserAsync("mended");
        await rabbit.RemoveUserAsync("mended");
        var heard = new SemaphoreSlim(0);
        await using var service = await Service.StartAsync(new Dictionary<string, string> { ["ConnectionStrings__rabbitmq"] = user.OriginalString }, builder =>
        {
            builder.Services.AddSingleton(heard);
            builder.AddBus(new QueueDefinition("mended"), 10, bus => bus.AddConsumer<Reader>());
        });

        using var answer = await service.Http.GetAsync(new Uri("/health", UriKind.Relative));
        var said = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\"broker-user\":\"Unhealthy\"", said, StringComparison.Ordinal);
        Assert.Contains("with the argument migrate", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Servers.RolePassword, said, StringComparison.Ordinal);

        await rabbit.UserAsync("mended");
        await Eventually.GetAsync(service.HealthAsync, health => health.Status == System.Net.HttpStatusCode.OK, "healthy with its user back");
    }

    private static async Task<bool> SentAsync(Service service, QueueDefinition queue)
    {
        try
        {
            await service.Get<BusSender>().SendAsync(queue, Message, default);
            return true;
        }
        catch (OperationInterruptedException notYet) when (notYet.ShutdownReason?.ReplyCode == 404)
        {
            return false;
        }
        catch (MessageReturnedException)
        {
            // Its exchange is there, and its queue is just being bound to it.
            return false;
        }
    }

    private static async Task RefusedAsync(IConnection connection, Func<IChannel, Task> act)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => act(channel));
        Assert.Contains("ACCESS_REFUSED", $"{refused.Message} {channel.CloseReason}", StringComparison.Ordinal);
    }

    private async Task<Service> SenderAsync(string name)
    {
        var broker = (await rabbit.UserAsync(name)).OriginalString;
        return await Service.StartAsync(new Dictionary<string, string> { ["ConnectionStrings__rabbitmq"] = broker }, builder => builder.AddBus(new QueueDefinition(name), 10, _ => { }));
    }

    private async Task<Service> ReaderAsync(string name, SemaphoreSlim heard)
    {
        var broker = (await rabbit.UserAsync(name)).OriginalString;
        return await Service.StartAsync(new Dictionary<string, string> { ["ConnectionStrings__rabbitmq"] = broker }, builder =>
        {
            builder.Services.AddSingleton(heard);
            builder.AddBus(new QueueDefinition(name), 10, bus => bus.AddConsumer<Reader>());
        });
    }

    // The first message it hears fails: a fault is nothing it may tell others about.
    private sealed class Reader(SemaphoreSlim heard) : IConsumer<ReportsAcknowledged>
    {
        private static int failures = 1;

        public Task Consume(ConsumeContext<ReportsAcknowledged> context)
        {
            if (Interlocked.Decrement(ref failures) >= 0)
                throw new InvalidOperationException("The database is away.");
            heard.Release();
            return Task.CompletedTask;
        }
    }
}
