using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Database;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>
/// Declares queues from their one definition, and counts what waits in them. Sending to a queue nobody declared would make the broker
/// drop the message or create a queue of another type for ever, so both sender and reader declare before first use.
/// </summary>
public sealed class BrokerQueues(IConfiguration configuration) : IAsyncDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private IConnection? connection;
    private IChannel? channel;

    /// <summary>Declares the queue, its exchange, and the queue and exchange for what is parked. Does nothing when they are there.</summary>
    public Task DeclareAsync(QueueDefinition queue, CancellationToken stop) => WithChannelAsync(async broker =>
    {
        await DeclareAsync(broker, queue.Parked, QueueDefinition.ParkedArguments, stop);
        await DeclareAsync(broker, queue.Name, queue.Arguments, stop);
        return 0;
    }, stop);

    /// <summary>Declares an exchange of the sender's own and binds the queue's exchange to it; the queue is its owner's to declare.</summary>
    /// <exception cref="OperationInterruptedException">The owner has not declared its queue yet.</exception>
    internal Task BindAsync(string exchange, QueueDefinition queue, CancellationToken stop) => WithChannelAsync(async broker =>
    {
        await broker.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: stop);
        await broker.ExchangeBindAsync(queue.Name, exchange, "", cancellationToken: stop);
        return 0;
    }, stop);

    /// <summary>Messages ready in the queue.</summary>
    public Task<long> CountAsync(QueueDefinition queue, CancellationToken stop) =>
        WithChannelAsync(async broker => (long)await broker.MessageCountAsync(queue.Name, stop), stop);

    /// <summary>Puts a message onto the queue's parked queue; returns once the broker has it on disk.</summary>
    public Task ParkAsync(QueueDefinition queue, ParkedMessage message, CancellationToken stop) => WithChannelAsync(async broker =>
    {
        await DeclareAsync(broker, queue.Parked, QueueDefinition.ParkedArguments, stop);
        await PublishAsync(broker, queue.Parked, message, stop);
        return 0;
    }, stop);

    /// <summary>Puts a message that was parked back onto its queue; returns once the broker has it on disk.</summary>
    public Task ReplayAsync(QueueDefinition queue, ParkedMessage message, CancellationToken stop) => WithChannelAsync(async broker =>
    {
        await PublishAsync(broker, queue.Name, message, stop);
        return 0;
    }, stop);

    /// <summary>
    /// Takes one message off the parked queue and hands it to <paramref name="keep"/>; it is gone from the queue once that has returned. False
    /// when there is none. There is no way to look without taking: each look would count as a delivery, and after a hundred the broker drops it.
    /// </summary>
    public Task<bool> TakeParkedAsync(QueueDefinition queue, Func<ParkedMessage, Task> keep, CancellationToken stop) => WithChannelAsync(async broker =>
    {
        await DeclareAsync(broker, queue.Parked, QueueDefinition.ParkedArguments, stop);
        if (await broker.BasicGetAsync(queue.Parked, autoAck: false, stop) is not { } got)
            return false;
        try
        {
            await keep(ParkedMessage.Of(got.Body.ToArray(), got.BasicProperties));
        }
        catch
        {
            await broker.BasicNackAsync(got.DeliveryTag, multiple: false, requeue: true, CancellationToken.None);
            throw;
        }

        await broker.BasicAckAsync(got.DeliveryTag, multiple: false, stop);
        return true;
    }, stop);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (channel is not null)
            await channel.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
        one.Dispose();
    }

    private static async Task DeclareAsync(IChannel broker, string name, IReadOnlyDictionary<string, object> arguments, CancellationToken stop)
    {
        await broker.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: stop);
        await broker.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments.ToDictionary(pair => pair.Key, pair => (object?)pair.Value), cancellationToken: stop);
        await broker.QueueBindAsync(name, name, "", cancellationToken: stop);
    }

    private static ValueTask PublishAsync(IChannel broker, string exchange, ParkedMessage message, CancellationToken stop) =>
        broker.BasicPublishAsync(exchange, "", mandatory: true, message.Properties(), message.Body, stop);

    internal async Task<T> WithChannelAsync<T>(Func<IChannel, Task<T>> use, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            if (channel is not { IsOpen: true })
            {
                await CloseAsync();
                var factory = new ConnectionFactory { Uri = new Uri(configuration.RequireConnectionString("rabbitmq")), AutomaticRecoveryEnabled = false };
                connection = await factory.CreateConnectionAsync("queues", stop);
                // Publishing returns with the broker's confirm.
                channel = await connection.CreateChannelAsync(
                    new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stop);
            }

            return await use(channel);
        }
        catch (Exception trouble) when (trouble is AlreadyClosedException or OperationInterruptedException or BrokerUnreachableException)
        {
            await CloseAsync();
            throw;
        }
        catch (Exception trouble) when (trouble is ObjectDisposedException or ChannelClosedException)
        {
            // So the client says at times that the connection was lost: github.com/rabbitmq/rabbitmq-dotnet-client/issues/1749.
            await CloseAsync();
            throw new AlreadyClosedException(new ShutdownEventArgs(ShutdownInitiator.Library, Constants.InternalError, trouble.Message, trouble));
        }
        finally
        {
            one.Release();
        }
    }

    private async Task CloseAsync()
    {
        // Forgotten first: to close what is broken may fail, too, and must not be tried for ever.
        var (lostChannel, lostConnection) = (channel, connection);
        (channel, connection) = (null, null);
        try
        {
            if (lostChannel is not null)
                await lostChannel.DisposeAsync();
            if (lostConnection is not null)
                await lostConnection.DisposeAsync();
        }
        catch (Exception broken) when (broken is RabbitMQClientException or ObjectDisposedException or ChannelClosedException or IOException)
        {
            // Nothing is left to close.
        }
    }
}
