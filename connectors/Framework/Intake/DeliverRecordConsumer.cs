using System.Security.Cryptography;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Storage;
using OrderSync.Framework.Work;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Framework.Intake;

/// <summary>Takes messages from the queue into the ledger. It never calls a destination: a slow one cannot fill the queue.</summary>
internal sealed partial class DeliverRecordConsumer(IntakeBatches intake, ILogger<DeliverRecordConsumer> log) : IConsumer<DeliverRecord>
{
    public async Task Consume(ConsumeContext<DeliverRecord> context)
    {
        if (WhyUnreadable(context.Message) is { } missing)
            throw new UnreadableMessageException($"The message has no {missing}.");
        for (var tries = 1; ; tries++)
        {
            try
            {
                await intake.TakeAsync(context.Message, context.CancellationToken);
                return;
            }
            catch (PostgresException trouble) when (trouble.SqlState.StartsWith("22", StringComparison.Ordinal))
            {
                throw new UnreadableMessageException($"The ledger cannot hold it: {trouble.MessageText}", trouble);
            }
            catch (Exception trouble) when (trouble is CryptographicException || LedgerDatabase.Passes(trouble))
            {
                // Thrown, every message of the queue would come and go until the broker parks it: the queue waits until PostgreSQL, or the key
                // of the connection's secrets, is back.
                LogWaiting(log, context.Message.RecordId, trouble.Message);
                await Task.Delay(Backoff.After(tries, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10)), context.CancellationToken);
            }
        }
    }

    // A message that lacks these is JSON, but not ours.
    private static string? WhyUnreadable(DeliverRecord record) =>
        record.CompanyId == Guid.Empty ? "company" : record.ConnectionId == Guid.Empty ? "connection" : record.RecordId == Guid.Empty ? "record"
        : record.Kind is null ? "kind" : record.Body is null ? "body" : record.Sha256 is null ? "sha256" : record.DependsOn is null ? "dependsOn" : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Record} waits outside the ledger for now: {Reason}")]
    private static partial void LogWaiting(ILogger log, Guid record, string reason);
}
