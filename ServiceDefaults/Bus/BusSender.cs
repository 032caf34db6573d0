using System.Collections.Concurrent;
using MassTransit;
using OrderSync.Contracts.Bus;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>Sends to a queue and returns once the broker has the message on disk; declares the queue first.</summary>
public sealed class BusSender
{
    /// <summary>Longest wait for the broker's confirm.</summary>
    public static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, bool> declared = new();
    private readonly IBus bus;
    private readonly BrokerQueues queues;
    private readonly TimeProvider time;

    /// <summary>Sends over this process's bus; the broker's confirm is waited for in real time, whatever clock the service runs by.</summary>
    public BusSender(IBus bus, BrokerQueues queues) : this(bus, queues, TimeProvider.System)
    {
    }

    internal BusSender(IBus bus, BrokerQueues queues, TimeProvider time) => (this.bus, this.queues, this.time) = (bus, queues, time);

    /// <summary>Sends one message and waits for the broker's confirm.</summary>
    /// <param name="queue">The receiver's queue.</param>
    /// <param name="message">What to send.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="OperationCanceledException">No confirm in time: the message may be there, send it again.</exception>
    /// <exception cref="MessageReturnedException">No queue is bound any more; the next send declares it again.</exception>
    public async Task SendAsync<T>(QueueDefinition queue, T message, CancellationToken stop) where T : class
    {
        if (!declared.ContainsKey(queue.Name))
        {
            await queues.DeclareAsync(queue, stop);
            declared[queue.Name] = true;
        }

        using var confirmed = new CancellationTokenSource(ConfirmTimeout, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop, confirmed.Token);
        try
        {
            var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue.Name}"));
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
            declared.TryRemove(queue.Name, out _);
            throw;
        }
    }
}
