using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>
/// Kills parts in an order and at moments that follow from a seed, spread over the work: the moments are measured by how far it is, so that a slow
/// machine is hit as often as a fast one. Now and then one is killed while the part before it is still on its way back.
/// </summary>
internal sealed class RandomKills(WholeSystem system, int seed, Func<Task<double?>> progress, Action<string> say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Random random = new(seed);

    public async Task RunAsync(int kills, Task work)
    {
        var order = Order(kills);
        MortalPart? returning = null;
        var back = Task.CompletedTask;
        for (var i = 0; i < kills; i++)
        {
            var moment = (i + random.NextDouble()) / kills * 0.9;
            var alone = random.Next(3) > 0;
            await Eventually.TrueAsync(async () => work.IsCompleted || await progress() >= moment, $"{moment:P0} of the work", Patience);
            await Task.Delay(random.Next(150));
            if (alone || returning is null || returning == order[i])
            {
                await back;
                returning = null;
            }

            if (order[i].Name == "rabbitmq")
                await system.Rabbit.Server.QueuesOnDiskAsync();
            say($"kill {i + 1} of {kills} at {moment:P0}: {order[i].Name}{(returning is null ? "" : $" while {returning.Name} returns")}");
            await order[i].KillAsync();
            // Two at once, never three.
            (returning, back) = returning is null ? (order[i], order[i].StartAsync()) : (null, Task.WhenAll(back, order[i].StartAsync()));
        }

        await back;
    }

    // Each part about as often as the others.
    private MortalPart[] Order(int kills)
    {
        var order = new List<MortalPart>();
        while (order.Count < kills)
        {
            var round = MortalPart.Of(system).ToArray();
            random.Shuffle(round);
            order.AddRange(round);
        }

        return [.. order.Take(kills)];
    }
}
