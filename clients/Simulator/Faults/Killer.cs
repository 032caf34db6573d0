namespace OrderSync.Simulator.Faults;

/// <summary>
/// Kills parts at moments that follow from a seed. A moment is measured by how far the work is, so that a slow machine and a fast one are hit alike. Now and
/// then one is killed while the one before it is still on its way back.
/// </summary>
/// <param name="parts">What can be killed.</param>
/// <param name="seed">The moments and their order follow from it.</param>
/// <param name="progress">How far the work is, 0 to 1; null while nobody can say.</param>
/// <param name="say">Told of each kill.</param>
internal sealed class Killer(RunningParts parts, int seed, Func<Task<double?>> progress, Action<string> say)
{
    /// <summary>Every part whose end may lose or double something.</summary>
    public static readonly IReadOnlyList<string> Victims = ["gateway", "zoho", "email", "sandbox", "rabbitmq", "postgres"];

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

#pragma warning disable CA5394 // Drawn so that a run can be repeated, not to be unpredictable.
    private readonly Random _random = new(seed);

    /// <summary>Kills each part so many times, spread over the work; what is left when that is over is killed then.</summary>
    /// <param name="rounds">How often each part.</param>
    /// <param name="work">What is being disturbed.</param>
    /// <param name="again">Told when a part runs again.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(int rounds, Task work, Func<string, Task> again, CancellationToken stop)
    {
        var plan = Plan(rounds);
        for (var i = 0; i < plan.Count; i++)
        {
            var (part, at) = plan[i];
            while (!work.IsCompleted && !(await progress() >= at))
                await Task.Delay(LookEvery, stop);
            // What could not begin has nothing to be disturbed.
            if (work.IsFaulted)
                return;
            if (i > 0 && _random.Next(3) > 0)
                await parts.AllHealthyAsync(Victims, stop);
            await Task.Delay(_random.Next(100), stop);
            await parts.KillAsync(part, stop);
            say($"{part} killed at {at:P0} of the work");
            await parts.HealthyAsync(part, stop);
            await again(part);
        }

        await parts.AllHealthyAsync(Victims, stop);
    }

    private List<(string Part, double At)> Plan(int rounds)
    {
        var order = Enumerable.Range(0, rounds).SelectMany(_ => Shuffled()).ToList();
        return [.. order.Select((part, place) => (part, 0.9 * (place + _random.NextDouble()) / order.Count))];
    }

    private string[] Shuffled()
    {
        string[] names = [.. Victims];
        _random.Shuffle(names);
        return names;
    }
#pragma warning restore CA5394
}
