using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Faults;

/// <summary>
/// Kills parts at moments that follow from a seed. A moment is measured by how far the part is with its own work, so that each is hit while it works,
/// on a slow machine and on a fast one. Now and then one is killed while the part before it is still on its way back.
/// </summary>
internal sealed class RandomKills(WholeSystem system, int seed, Func<Task<Progress?>> progress, Action<string> say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Random random = new(seed);

    /// <summary>Kills that many parts in the course of the work; returns their names.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int kills, Task work)
    {
        var (left, killed) = (Plan(kills), new List<string>());
        var (returning, back) = (default(string), Task.CompletedTask);
        while (left.Count > 0)
        {
            var alone = random.Next(3) > 0;
            var next = await Eventually.GetAsync(async () => Due(left, await progress(), work.IsCompleted), due => due is not null, "the next moment", Patience);
            left.Remove(next!);
            await Task.Delay(random.Next(100));
            var part = next!.Part;
            if (alone || returning is null || returning == part.Name)
            {
                await back;
                returning = null;
            }

            if (part.Name == "rabbitmq")
                await system.Rabbit.Server.QueuesOnDiskAsync();
            say($"{part.Name} killed at {next.At:P0} of its work{(returning is null ? "" : $", while {returning} returns")}");
            await part.KillAsync();
            killed.Add(part.Name);
            // Two at once, never three.
            (returning, back) = returning is null ? (part.Name, part.StartAsync()) : (null, Task.WhenAll(back, part.StartAsync()));
        }

        await back;
        return killed;
    }

    private static Moment? Due(List<Moment> left, Progress? progress, bool over) =>
        left.Where(moment => over || progress?.Of(moment.Part.Name) >= moment.At).MinBy(moment => moment.At);

    // Each part about as often as the others, its kills spread over its work.
    private List<Moment> Plan(int kills)
    {
        var parts = MortalPart.Of(system).ToArray();
        random.Shuffle(parts);
        var plan = new List<Moment>();
        for (var i = 0; i < kills; i++)
        {
            var (turn, turns) = (i / parts.Length, (kills - i % parts.Length + parts.Length - 1) / parts.Length);
            plan.Add(new(parts[i % parts.Length], 0.05 + (turn + random.NextDouble()) / turns * 0.85));
        }

        return plan;
    }

    private sealed record Moment(MortalPart Part, double At);
}
