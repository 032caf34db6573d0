using System.Diagnostics;

namespace OrderSync.Testing;

/// <summary>Waits for something another process does; fails with what was last seen instead of hanging.</summary>
public static class Eventually
{
    /// <summary>Long enough for a busy machine; a test that works waits only as long as it must.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again until the answer is good, and returns it.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> good, string what, TimeSpan? patience = null)
    {
        var started = Stopwatch.StartNew();
        // What is nearly there is seen at once; what takes long is not asked without a pause.
        for (var pause = 5; ; pause = Math.Min(50, pause * 2))
        {
            var answer = await ask();
            if (good(answer))
                return answer;
            if (started.Elapsed > (patience ?? Patience))
                throw new TimeoutException($"Waited {started.Elapsed.TotalSeconds:0} s for {what}; last seen: {answer}");
            await Task.Delay(pause);
        }
    }

    /// <summary>Asks again until it is true.</summary>
    public static Task TrueAsync(Func<Task<bool>> ask, string what, TimeSpan? patience = null) => GetAsync(ask, yes => yes, what, patience);

    /// <summary>Looks again until it is true.</summary>
    public static Task TrueAsync(Func<bool> look, string what, TimeSpan? patience = null) => TrueAsync(() => Task.FromResult(look()), what, patience);
}
