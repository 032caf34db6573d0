using System.Runtime.ExceptionServices;
using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using OrderSync.Contracts.Bus;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>
/// Takes a message that cannot be read out of the way, onto the parked queue with its reason: tried again it would only come back a hundred
/// times and hold up its neighbours. Every other failure goes back to the broker.
/// </summary>
internal sealed partial class ParkUnreadable(BrokerQueues queues, QueueDefinition queue, ILogger<ParkUnreadable> log)
    : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (!context.IsFaulted)
            await context.NotifyFaulted(context.Exception);
        if (Unreadable(context.Exception) is { } reason)
            await ParkAsync(context, reason);
        else
            ExceptionDispatchInfo.Throw(context.Exception);
    }

    /// <summary>Nobody here takes a message of this type.</summary>
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => ParkAsync(context, "Nobody reads messages of this type from this queue.");

    public void Probe(ProbeContext context) => context.CreateFilterScope("park");

    private static string? Unreadable(Exception trouble)
    {
        for (var cause = trouble; cause is not null; cause = cause.InnerException)
        {
            if (cause is UnreadableMessageException)
                return cause.Message;
            if (cause is SerializationException or JsonException)
                return $"It cannot be read: {(cause.InnerException ?? cause).Message}";
        }

        return null;
    }

    private async Task ParkAsync(ReceiveContext context, string reason)
    {
        var id = context.TransportHeaders.Get<string>("MessageId");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        patience.CancelAfter(BusSender.ConfirmTimeout);
        await queues.ParkAsync(queue, new ParkedMessage(context.Body.GetBytes(), reason, ContentTypeOf(context), id), patience.Token);
        LogParked(log, queue.Name, reason);
    }

    private static string? ContentTypeOf(ReceiveContext context)
    {
        try
        {
            return context.ContentType?.ToString();
        }
        catch (FormatException)
        {
            // What is no content type cannot be kept as one.
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of queue {Queue} was parked: {Reason}")]
    private static partial void LogParked(ILogger log, string queue, string reason);
}
