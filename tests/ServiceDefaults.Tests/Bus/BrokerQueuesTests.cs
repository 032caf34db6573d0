using Microsoft.Extensions.Configuration;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;
using RabbitMQ.Client.Exceptions;

namespace OrderSync.ServiceDefaults.Tests.Bus;

public sealed class BrokerQueuesTests(RabbitFixture rabbit) : IClassFixture<RabbitFixture>
{
    // github.com/rabbitmq/rabbitmq-dotnet-client/issues/1749
    [Fact]
    public async Task A_client_that_says_it_was_disposed_of_is_told_as_a_lost_connection_and_the_next_use_connects_anew()
    {
        await using var queues = new BrokerQueues(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("ConnectionStrings:rabbitmq", (string?)rabbit.Uri.OriginalString)]).Build());
        var queue = Queues.Connector("lost");
        await queues.DeclareAsync(queue, default);

        await Assert.ThrowsAsync<AlreadyClosedException>(() => queues.WithChannelAsync(async channel =>
        {
            await channel.DisposeAsync();
            return await channel.MessageCountAsync(queue.Name);
        }, default));
        await Assert.ThrowsAsync<AlreadyClosedException>(() => queues.WithChannelAsync<long>(_ => throw new System.Threading.Channels.ChannelClosedException(), default));

        Assert.Equal(0, await queues.CountAsync(queue, default));
    }
}
