using MassTransit;
using OrderSync.Contracts.Bus;

namespace OrderSync.Framework.Reports;

/// <summary>Hears from the gateway which reports it holds.</summary>
internal sealed class AcknowledgementConsumer(ReportLedger reports, GatewayEpochs epochs) : IConsumer<ReportsAcknowledged>
{
    public async Task Consume(ConsumeContext<ReportsAcknowledged> context)
    {
        await reports.AcknowledgeAsync(context.Message.Reports, context.CancellationToken);
        foreach (var company in context.Message.Reports.GroupBy(report => report.CompanyId))
            await epochs.HearAsync(company.Key, company.Max(report => report.Epoch), context.CancellationToken);
    }
}
