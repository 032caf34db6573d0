using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Contracts.Bus;
using OrderSync.ServiceDefaults.Bus;
using OrderSync.Testing;

namespace OrderSync.ServiceDefaults.Tests.Bus;

public sealed class ParkedKeeperTests(RabbitFixture rabbit) : IClassFixture<RabbitFixture>
{
    [Fact]
    public async Task A_parked_message_that_cannot_be_kept_just_now_stays_and_is_kept_later_whatever_the_trouble_was()
    {
        var queue = Queues.Connector("keeps");
        var store = new Store();
        await using var service = await Service.StartAsync(new Dictionary<string, string> { ["ConnectionStrings__rabbitmq"] = (await rabbit.UserAsync("keeps")).OriginalString }, builder =>
        {
            builder.Services.AddSingleton(store);
            builder.AddBus(queue, 10, _ => { });
            builder.AddParkedKeeper<Store>(queue);
        });

        await service.Get<BrokerQueues>().ParkAsync(queue, new ParkedMessage("half a message"u8.ToArray(), "It cannot be read.", null, null), default);

        var kept = await store.Kept.Task.WaitAsync(Eventually.Patience);
        Assert.Equal(("half a message", "It cannot be read."), (Encoding.UTF8.GetString(kept.Body.Span), kept.Reason));
        Assert.Equal(0, store.Troubles);
        await Eventually.TrueAsync(async () => (await rabbit.QueuesAsync())[queue.Parked] == 0, "an empty parked queue");
    }

    private sealed class Store : IKeepParked
    {
        public TaskCompletionSource<ParkedMessage> Kept { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Troubles { get; private set; } = 1;

        public Task KeepAsync(ParkedMessage message, CancellationToken stop)
        {
            if (Troubles > 0)
            {
                Troubles--;
                throw new TimeoutException("Nothing answers.");
            }

            Kept.TrySetResult(message);
            return Task.CompletedTask;
        }
    }
}
