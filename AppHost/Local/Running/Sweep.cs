using System.Diagnostics;

namespace OrderSync.AppHost.Local.Running;

/// <summary>Ends whatever still belongs to a state folder, even if the one who started it is long dead.</summary>
internal static class Sweep
{
    /// <summary>Asks all of them to end, kills who is left after the grace time, and returns how many there were.</summary>
    public static async Task<int> EndAllAsync(string folder, TimeSpan grace)
    {
        var asked = new HashSet<int>();
        var waited = Stopwatch.StartNew();
        while (Processes.Of(folder) is { Count: > 0 } left)
        {
            foreach (var id in left)
                if (waited.Elapsed >= grace)
                    Processes.Signal(id, Processes.Kill);
                else if (asked.Add(id))
                    Processes.Signal(id, Processes.Terminate);
            asked.UnionWith(left);
            await Task.Delay(50);
        }
        return asked.Count;
    }
}
