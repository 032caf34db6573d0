using MassTransit;
using OrderSync.Contracts.Bus;

namespace OrderSync.Framework.Reports;

/// <summary>Hears from the gateway which reports it holds.</summary>
internal sealed class AcknowledgementConsumer(ReportLedger reports) : IConsumer<ReportsAcknowledged>
{
    public Task Consume(ConsumeContext<ReportsAcknowledged> context) => reports.AcknowledgeAsync(context.Message.Reports, context.CancellationToken);
}
