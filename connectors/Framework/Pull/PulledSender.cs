using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Work;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Framework.Pull;

/// <summary>Tells the gateway of rows that changed, again and again until it says that it holds them.</summary>
internal sealed partial class PulledSender(PulledLedger rows, PulledAnswers answers, BusSender bus, ConnectorInfo info, Signals signals, TimeProvider time, ILogger<PulledSender> log)
    : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (info.Pulls is not { Count: > 0 })
            return;
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            var due = new Queue<DueRows>();
            try
            {
                due = new(await rows.ClaimAsync(stoppingToken));
                if (due.Count == 0)
                    due = new(await rows.ClaimQuestionsAsync(stoppingToken));
                var idle = due.Count == 0 && !await answers.SweepAsync(stoppingToken);
                while (due.TryPeek(out var next))
                {
                    foreach (var message in await rows.ReadAsync(next, stoppingToken))
                        await bus.SendAsync(Queues.Gateway, message, stoppingToken);
                    due.Dequeue();
                }

                failures = 0;
                if (idle)
                    await signals.Rows.WaitAsync(Sweep, time, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble)
            {
                // Broker or database: whichever it is, the rows are on disk and are due again by themselves.
                LogNotSent(log, due.Sum(one => one.Keys.Count), trouble.Message);
                await GiveBackAsync(due, stoppingToken);
                await Task.Delay(Backoff.After(++failures, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)), stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task GiveBackAsync(IEnumerable<DueRows> due, CancellationToken stop)
    {
        try
        {
            foreach (var one in due.Where(one => one.Keys.Count > 0))
                await rows.NotSentAsync(one, stop);
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogNotSent(log, due.Count(), trouble.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} rows brought back could not be told: {Reason}")]
    private static partial void LogNotSent(ILogger log, int count, string reason);
}
