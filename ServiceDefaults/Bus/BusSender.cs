using System.Collections.Concurrent;
using MassTransit;
using OrderSync.Contracts.Bus;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>
/// Sends to a queue and returns once the broker has the message on disk. The gateway declares a connector's queue first; a connector, which has no
/// right to the gateway's, sends through an exchange of its own.
/// </summary>
public sealed class BusSender
{
    /// <summary>Longest wait for the broker's confirm.</summary>
    public static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, bool> declared = new();
    private readonly IBus bus;
    private readonly BrokerQueues queues;
    private readonly QueueDefinition own;
    private readonly TimeProvider time;

    /// <summary>Sends over this process's bus; the broker's confirm is waited for in real time, whatever clock the service runs by.</summary>
    /// <param name="bus">The bus of this service.</param>
    /// <param name="queues">Declares.</param>
    /// <param name="own">The queue this service reads.</param>
    public BusSender(IBus bus, BrokerQueues queues, QueueDefinition own) : this(bus, queues, own, TimeProvider.System)
    {
    }

    internal BusSender(IBus bus, BrokerQueues queues, QueueDefinition own, TimeProvider time) =>
        (this.bus, this.queues, this.own, this.time) = (bus, queues, own, time);

    /// <summary>Sends one message and waits for the broker's confirm.</summary>
    /// <param name="queue">The receiver's queue.</param>
    /// <param name="message">What to send.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="OperationCanceledException">No confirm in time: the message may be there, send it again.</exception>
    /// <exception cref="MessageReturnedException">No queue is bound any more; the next send declares it again.</exception>
    public async Task SendAsync<T>(QueueDefinition queue, T message, CancellationToken stop) where T : class
    {
        var exchange = queue == Queues.Gateway && own != queue ? queue.ExchangeFrom(own) : queue.Name;
        if (!declared.ContainsKey(exchange))
        {
            await (exchange == queue.Name ? queues.DeclareAsync(queue, stop) : queues.BindAsync(exchange, queue, stop));
            declared[exchange] = true;
        }

        using var confirmed = new CancellationTokenSource(ConfirmTimeout, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop, confirmed.Token);
        try
        {
            var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{exchange}"));
            // Mandatory: without it a message to an exchange with no queue is confirmed and gone.
            await endpoint.Send(message, Pipe.Execute<SendContext<T>>(context =>
            {
                context.Durable = true;
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                    rabbit.Mandatory = true;
            }), patience.Token);
        }
        catch (Exception)
        {
            // The broker may have been emptied: declare again before the next try.
            declared.TryRemove(exchange, out _);
            throw;
        }
    }
}
