using MassTransit;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Relay;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Gateway.Deliveries;

/// <summary>
/// Takes what connectors report: a report is applied only if its version is higher than what is held, and answered with what is held. While
/// PostgreSQL is away it waits here, so that no message is used up.
/// </summary>
internal sealed partial class ReportsConsumer(ReportRows rows, BusSender bus, RelaySignal relay, FeedSignal feed, TimeProvider time, ILogger<ReportsConsumer> logger) : IConsumer<DeliveryReports>
{
    public async Task Consume(ConsumeContext<DeliveryReports> context)
    {
        var message = context.Message;
        var held = await ApplyAsync(message.Reports, context.CancellationToken);
        foreach (var company in message.Reports.Select(report => report.CompanyId).Distinct())
            feed.Committed(company);
        if (held.Count > 0)
            await bus.SendAsync(Queues.Connector(message.Connector), new ReportsAcknowledged(held), context.CancellationToken);
        relay.Wake();
    }

    private async Task<IReadOnlyList<ReportAcknowledged>> ApplyAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await rows.WriteAsync(reports, stop);
            }
            catch (Exception trouble) when (trouble is NpgsqlException { IsTransient: true } or TimeoutException)
            {
                LogAway(logger, trouble.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Reports wait for PostgreSQL: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
