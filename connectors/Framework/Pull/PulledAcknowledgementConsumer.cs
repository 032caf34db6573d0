using MassTransit;
using OrderSync.Contracts.Bus;

namespace OrderSync.Framework.Pull;

/// <summary>Hears from the gateway which rows it holds.</summary>
internal sealed class PulledAcknowledgementConsumer(PulledAnswers answers) : IConsumer<PulledRowsAcknowledged>
{
    public Task Consume(ConsumeContext<PulledRowsAcknowledged> context) => answers.TakeAsync(context.Message, context.CancellationToken);
}
