using System.Diagnostics;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>`./ordersync down`: after it no process of the state folder is left, whatever happened before.</summary>
internal static class Down
{
    public static async Task<int> RunAsync(string folder, bool purge)
    {
        var screen = Screen.OfConsole;
        var stopped = Directory.Exists(folder) && await StopEverythingAsync(folder, screen);
        if (!stopped)
            screen.Line("Nothing was running.");
        if (purge && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
            screen.Line($"Deleted {folder} with all its data.");
        }
        return 0;
    }

    /// <summary>True when there was something to stop.</summary>
    public static async Task<bool> StopEverythingAsync(string folder, Screen screen)
    {
        var watch = Stopwatch.StartNew();
        var found = false;
        if (Turn.Holder(folder) is { } preparing && preparing != Environment.ProcessId)
        {
            found = true;
            screen.Working("waiting for `up` to end");
            Processes.Signal(preparing, Processes.Interrupt);
            await UntilAsync(() => Turn.Holder(folder) is null, TimeSpan.FromSeconds(90));
        }
        if (Status.ReadLive(folder) is { } status)
        {
            found = true;
            Processes.Signal(status.Pid, Processes.Terminate);
            await UntilAsync(() => Show(screen, folder, status), TimeSpan.FromSeconds(90));
        }
        var left = await Sweep.EndAllAsync(folder, TimeSpan.FromSeconds(10));
        File.Delete(StateFolder.RunningFile(folder));
        File.Delete(Status.FileIn(folder));
        if (left > 0)
            screen.Done("left over", $"ended {Screen.Count(left, "process")} more", null);
        if (found || left > 0)
            screen.Done("stopped", "no process is left, all ports are free", watch.Elapsed.TotalSeconds);
        return found || left > 0;
    }

    private static bool Show(Screen screen, string folder, Status before)
    {
        var now = Files.ReadJson<Status>(Status.FileIn(folder)) ?? before;
        screen.Working($"stopping: {string.Join(", ", now.Parts.Where(part => part.Pid is not null).Select(part => part.Name))}");
        return !Processes.BelongsTo(before.Pid, folder);
    }

    private static async Task UntilAsync(Func<bool> done, TimeSpan limit)
    {
        for (var watch = Stopwatch.StartNew(); !done() && watch.Elapsed < limit;)
            await Task.Delay(100);
    }
}
