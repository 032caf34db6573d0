using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSync.Contracts.Bus;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>
/// Moves parked messages from the broker into the service's database, where people look: what was not readable and what the broker parked by itself
/// stand in one list. A message leaves the broker only once it is on disk here.
/// </summary>
internal sealed partial class ParkedKeeper(IKeepParked parked, BrokerQueues queues, QueueDefinition queue, ILogger<ParkedKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                while (await queues.TakeParkedAsync(queue, message => parked.KeepAsync(message, stoppingToken), stoppingToken))
                    LogKept(log, queue.Name);
                failures = 0;
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble)
            {
                // Broker or database: whichever it is, the message stays where it is, and the service has other work.
                failures++;
                LogAway(log, trouble.Message);
            }

            // Real time, also in virtual time: the broker is real.
            await Task.Delay(failures == 0 ? Sweep : Backoff(failures), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan Backoff(int failures) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 1), Longest.TotalSeconds));

    [LoggerMessage(Level = LogLevel.Error, Message = "A parked message of {Queue} waits for a person in Needs attention")]
    private static partial void LogKept(ILogger log, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Parked messages stay where they are for now: {Reason}")]
    private static partial void LogAway(ILogger log, string reason);
}
