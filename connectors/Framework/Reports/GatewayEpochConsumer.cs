using MassTransit;
using OrderSync.Contracts.Bus;

namespace OrderSync.Framework.Reports;

/// <summary>Hears that the gateway was set back, where it says nothing else.</summary>
internal sealed class GatewayEpochConsumer(GatewayEpochs epochs) : IConsumer<GatewayEpoch>
{
    public Task Consume(ConsumeContext<GatewayEpoch> context) => epochs.HearAsync(context.Message.CompanyId, context.Message.Epoch, context.CancellationToken);
}
