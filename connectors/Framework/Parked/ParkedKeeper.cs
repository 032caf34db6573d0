using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Work;
using OrderSync.ServiceDefaults.Bus;
using RabbitMQ.Client.Exceptions;

namespace OrderSync.Framework.Parked;

/// <summary>
/// Moves parked messages from the broker into the ledger, where people look: what was not readable and what the broker parked by itself stand
/// in one list. A message leaves the broker only once it is on disk here.
/// </summary>
internal sealed partial class ParkedKeeper(ParkedMessages parked, BrokerQueues queues, ConnectorInfo info, ILogger<ParkedKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                while (await queues.TakeParkedAsync(Queues.Connector(info.Name), message => parked.KeepAsync(message, stoppingToken), stoppingToken))
                    LogKept(log, info.Name);
                failures = 0;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble) when (trouble is NpgsqlException or AlreadyClosedException or OperationInterruptedException or BrokerUnreachableException or IOException)
            {
                failures++;
                LogAway(log, trouble.Message);
            }

            // Real time, also in virtual time: the broker is real.
            await Task.Delay(failures == 0 ? Sweep : Backoff.After(failures, Sweep, TimeSpan.FromMinutes(5)), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A parked message of {Connector} waits for a person: /manage/parked")]
    private static partial void LogKept(ILogger log, string connector);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Parked messages stay where they are for now: {Reason}")]
    private static partial void LogAway(ILogger log, string reason);
}
