using MassTransit;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Storage;
using OrderSync.ServiceDefaults.Bus;
using RabbitMQ.Client.Exceptions;

namespace OrderSync.Gateway.Relay;

/// <summary>
/// Sends deliveries to their connectors' queues after the commit. A claim moves a row's due time ahead in one short update and ends; no
/// transaction is open while the broker is waited for. A row leaves the outbox only when its connector acknowledged it: until then it is sent again, so
/// an emptied broker loses nothing.
/// </summary>
internal sealed partial class Relay(
    [FromKeyedServices(GatewaySchema.RelayRole)] NpgsqlDataSource outbox, RelayMessages messages, BusSender bus, BrokerQueues queues,
    RelaySignal signal, RelayNotices notices, TimeProvider time, ILogger<Relay> logger) : BackgroundService
{
    private const int Batch = 100;
    private const int BatchesAtOnce = 5;
    private const long QueueFull = 1_000;
    private const int RepeatsPerSecond = 200;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, DateTimeOffset> resting = new(StringComparer.Ordinal);
    private readonly HashSet<string> declared = new(StringComparer.Ordinal);
    private readonly Pace repeats = new(RepeatsPerSecond, RepeatsPerSecond, time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                foreach (var connector in await DueConnectorsAsync(stoppingToken))
                    more |= await TrySendDueAsync(connector, stoppingToken);
            }
            catch (Exception trouble) when (IsAway(trouble) && !stoppingToken.IsCancellationRequested)
            {
                LogTrouble(logger, trouble);
                await Task.Delay(AfterTrouble, time, stoppingToken);
            }

            if (!more)
                await signal.WaitAsync(Idle, time, stoppingToken);
        }
    }

    // A connector in trouble rests; the others go on.
    private async Task<bool> TrySendDueAsync(string connector, CancellationToken stop)
    {
        if (resting.TryGetValue(connector, out var until) && time.GetUtcNow() < until)
            return false;

        try
        {
            return await SendDueAsync(connector, stop);
        }
        catch (Exception trouble) when (IsAway(trouble) && !stop.IsCancellationRequested)
        {
            LogConnectorTrouble(logger, trouble, connector);
            declared.Remove(connector);
            resting[connector] = time.GetUtcNow() + AfterTrouble;
            return false;
        }
    }

    private async Task<List<string>> DueConnectorsAsync(CancellationToken stop)
    {
        await using var command = outbox.CreateCommand("""
            select c.connector from (select distinct connector from connection) c
            where exists (select from outbox o where o.connector = c.connector and o.tries = 0 and o.due <= $1)
                or exists (select from outbox o where o.connector = c.connector and o.tries > 0 and o.due <= $1)
            order by 1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() });
        var connectors = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            connectors.Add(reader.GetString(0));
        return connectors;
    }

    // While one batch waits for the broker's confirms the next is claimed and made; it goes when all of the one before it are there, so that they stay in order.
    private async Task<bool> SendDueAsync(string connector, CancellationToken stop)
    {
        var queue = Queues.Connector(connector);
        if (declared.Add(connector))
            await queues.DeclareAsync(queue, stop);
        var batches = Math.Min(BatchesAtOnce, (QueueFull - await queues.CountAsync(queue, stop) + Batch - 1) / Batch);
        var (more, sending) = (false, Task.FromResult(true));
        try
        {
            for (var batch = 0; batch < batches; batch++)
            {
                var claimed = await ClaimAsync(connector, stop);
                var ready = claimed.Count == 0 ? [] : await messages.ReadAsync(claimed, stop);
                if (!await sending)
                {
                    await PutBackAsync(claimed, stop);
                    return false;
                }

                sending = SendAllAsync(connector, queue, ready, stop);
                more = claimed.Count == Batch;
                if (!more)
                    break;
                // More waits than one claim takes: the other replicas help.
                notices.Tell();
            }

            return await sending && more;
        }
        finally
        {
            // What went wrong meanwhile is told by whoever threw; what is being sent must end before this connector's next turn.
            await sending.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    // False: some were not confirmed and are put back; the connector rests.
    private async Task<bool> SendAllAsync(string connector, QueueDefinition queue, IReadOnlyList<DeliverRecord> ready, CancellationToken stop)
    {
        var failed = (await Task.WhenAll(ready.Select(message => SendAsync(queue, message, stop)))).OfType<OutboxKey>().ToList();
        GatewayMeter.Relayed(connector, ready.Count - failed.Count);
        if (failed.Count == 0)
            return true;
        declared.Remove(connector);
        await PutBackAsync(failed, stop);
        resting[connector] = time.GetUtcNow() + AfterTrouble;
        return false;
    }

    private async Task<OutboxKey?> SendAsync(QueueDefinition queue, DeliverRecord message, CancellationToken stop)
    {
        using var activity = GatewayActivity.Start("relay.send", message.TraceParent);
        try
        {
            await bus.SendAsync(queue, message, stop);
            return null;
        }
        catch (Exception trouble) when (IsAway(trouble) && !stop.IsCancellationRequested)
        {
            LogNotSent(logger, message.RecordId, trouble.Message);
            return new OutboxKey(message.CompanyId, message.ConnectionId, message.RecordId);
        }
    }

    // What was never sent goes first; what is sent again has a pace of its own, so that an emptied broker is not flooded.
    private async Task<List<OutboxKey>> ClaimAsync(string connector, CancellationToken stop)
    {
        await using var command = outbox.CreateCommand("""
            with fresh as (
                select company_id, connection_id, record_id from outbox where connector = $1 and tries = 0 and due <= $2 order by due limit $3 for update skip locked),
            again as (
                select company_id, connection_id, record_id from outbox where connector = $1 and tries > 0 and due <= $2
                order by due limit least($4, $3 - (select count(*) from fresh)) for update skip locked)
            update outbox o set tries = o.tries + 1, due = $2 + least(power(2, least(o.tries, 6)), 60) * interval '1 minute'
            from (select * from fresh union all select * from again) free
            where o.company_id = free.company_id and o.connection_id = free.connection_id and o.record_id = free.record_id
            returning o.company_id, o.connection_id, o.record_id, o.tries
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = connector });
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter { Value = Batch });
        command.Parameters.Add(new NpgsqlParameter { Value = repeats.Free });
        var keys = new List<OutboxKey>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            keys.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2)));
            if (reader.GetInt32(3) > 1)
                repeats.Take();
        }

        return keys;
    }

    // Not sent for the broker's sake: soon again, and the try does not count against the record.
    private async Task PutBackAsync(IReadOnlyList<OutboxKey> keys, CancellationToken stop)
    {
        await using var command = outbox.CreateCommand("""
            update outbox o set tries = greatest(o.tries - 1, 0), due = $4
            from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as k (company_id, connection_id, record_id)
            where o.company_id = k.company_id and o.connection_id = k.connection_id and o.record_id = k.record_id
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = keys.Select(k => k.CompanyId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = keys.Select(k => k.ConnectionId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = keys.Select(k => k.RecordId).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(stop);
    }

    // A client that has lost its connection says at times that it was disposed of.
    public static bool IsAway(Exception trouble) =>
        trouble is NpgsqlException or TimeoutException or OperationCanceledException or MassTransitException or RabbitMQClientException or System.Net.Sockets.SocketException or IOException or ObjectDisposedException or System.Threading.Channels.ChannelClosedException;

    [LoggerMessage(LogLevel.Warning, "The relay could not send to {Connector} and tries again; other connectors go on.")]
    private static partial void LogConnectorTrouble(ILogger logger, Exception trouble, string connector);

    [LoggerMessage(LogLevel.Warning, "The relay could not work and tries again.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);

    [LoggerMessage(LogLevel.Information, "The delivery of record {Record} was not confirmed by the broker and is sent again: {Reason}")]
    private static partial void LogNotSent(ILogger logger, Guid record, string reason);
}

/// <summary>Key of an outbox row.</summary>
internal sealed record OutboxKey(Guid CompanyId, Guid ConnectionId, Guid RecordId);
