using MassTransit;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Gateway.Collections;

/// <summary>
/// Takes what connectors bring back, and answers with what is held. While PostgreSQL is away it waits here, so that no message is used up.
/// </summary>
internal sealed partial class PulledRowsConsumer(PulledStore store, BusSender bus, FeedSignal feed, TimeProvider time, ILogger<PulledRowsConsumer> logger) : IConsumer<PulledRows>
{
    public async Task Consume(ConsumeContext<PulledRows> context)
    {
        var message = context.Message;
        if (message is not { Connector: not null, Collection: not null, Rows: not null })
            throw new UnreadableMessageException("The message has no connector, collection or rows.");
        var held = await TakeAsync(message, context.CancellationToken);
        feed.Committed(message.CompanyId);
        await bus.SendAsync(Queues.Connector(message.Connector), held, context.CancellationToken);
    }

    private async Task<PulledRowsAcknowledged> TakeAsync(PulledRows message, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await store.TakeAsync(message, stop);
            }
            catch (PostgresException twin) when (twin.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // Somebody took the same number, or became the source, at the same moment: the second look sees it.
                LogAgain(logger, message.Collection, twin.MessageText);
            }
            catch (Exception trouble) when (trouble is NpgsqlException { IsTransient: true } or TimeoutException)
            {
                LogAgain(logger, message.Collection, trouble.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Rows of {Collection} are taken once more: {Reason}")]
    private static partial void LogAgain(ILogger logger, string collection, string reason);
}
