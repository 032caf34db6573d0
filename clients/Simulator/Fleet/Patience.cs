namespace OrderSync.Simulator.Fleet;

/// <summary>
/// Asks again and again, as a device does, until there is an answer or the time is up. For calls only that may be repeated; all calls
/// of the simulator may.
/// </summary>
internal sealed class Patience(TimeProvider clock, DateTimeOffset until)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>Told each time a call gets no answer: what happened.</summary>
    public event Action<string>? Waits;

    /// <summary>The time is up.</summary>
    public bool IsOver => clock.GetUtcNow() >= until;

    /// <summary>Tells why somebody who asks by other means has to wait.</summary>
    public void Say(string why) => Waits?.Invoke(why);

    /// <summary>Done when the time is up.</summary>
    public Task EndAsync(CancellationToken stop) => Task.Delay(until - clock.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, stop);

    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call(stop);
            }
            catch (NoAnswer silence) when (!IsOver)
            {
                Waits?.Invoke(silence.Message);
                await PauseAsync(tries, silence.After, stop);
            }
        }
    }

    /// <summary>Waits a little before the next try: longer each time, never in step with others, and never shorter than the server asked.</summary>
    public Task PauseAsync(int tries, TimeSpan? asked, CancellationToken stop)
    {
        var doubled = First * Math.Pow(2, Math.Min(tries, 10));
        var pause = (doubled < Longest ? doubled : Longest) * (0.5 + Random.Shared.NextDouble() / 2);
        var atLeast = asked * (1 + Random.Shared.NextDouble() / 5);
        return Task.Delay(atLeast > pause ? atLeast.Value : pause, clock, stop);
    }
}
