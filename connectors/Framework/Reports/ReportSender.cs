using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Work;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Framework.Reports;

/// <summary>Tells the gateway where records stand, again and again until it says that it knows.</summary>
internal sealed partial class ReportSender(ReportLedger reports, GatewayEpochs epochs, BusSender bus, ConnectorInfo info, Signals signals, TimeProvider time, ILogger<ReportSender> log)
    : BackgroundService
{
    /// <summary>What is noted this soon after a signal goes into the same message.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            IReadOnlyList<DueReport> due = [];
            try
            {
                due = await reports.ClaimAsync(stoppingToken);
                if (due.Count > 0 && await reports.ReadAsync(due, stoppingToken) is { Count: > 0 } ready)
                    await bus.SendAsync(Queues.Gateway, new DeliveryReports(info.Name, ready), stoppingToken);
                failures = 0;
                if (due.Count == 0 && !await epochs.SweepAsync(stoppingToken))
                {
                    await signals.Reports.WaitAsync(Sweep, time, stoppingToken);
                    await Task.Delay(Gather, stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble)
            {
                // Broker or database: whichever it is, the rows are on disk and are due again by themselves.
                LogNotSent(log, due.Count, trouble.Message);
                await GiveBackAsync(due, stoppingToken);
                await Task.Delay(Backoff.After(++failures, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)), stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task GiveBackAsync(IReadOnlyList<DueReport> due, CancellationToken stop)
    {
        try
        {
            if (due.Count > 0)
                await reports.NotSentAsync(due, stop);
        }
        catch (Exception trouble) when (trouble is Npgsql.NpgsqlException or TimeoutException)
        {
            LogNotSent(log, due.Count, trouble.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} reports could not be sent: {Reason}")]
    private static partial void LogNotSent(ILogger log, int count, string reason);
}
