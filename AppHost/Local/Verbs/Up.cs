using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Local.Verbs;

/// <summary>`./ordersync up`: installs, builds, starts the supervisor, shows how it goes, and stays or leaves.</summary>
internal sealed class Up(DistributedApplicationModel model, string folder, IReadOnlyList<string> parts, IReadOnlyList<string> options)
{
    private readonly Screen screen = Screen.OfConsole;

    public async Task<int> RunAsync(bool detach, CancellationToken stop)
    {
        var needed = model.Needed(parts);
        if (Status.ReadLive(folder) is { Phase: Phase.Up } running)
        {
            screen.Line($"Already up since {running.Since.ToLocalTime():HH:mm} (process {running.Pid}).");
            if (options.Count > 0 && needed.Select(part => part.Name).Except(running.Parts.Select(part => part.Name)).ToList() is { Count: > 0 } without)
            {
                screen.Line($"It runs without {string.Join(" and ", without)}. Stop it with ./ordersync down, then say the same again.");
                return 1;
            }

            await LastScreen.ShowAsync(screen, model, folder);
            return 0;
        }

        StateFolder.Create(folder);
        StateFolder.CreatePrivate(Path.Combine(folder, "logs"));
        var turn = Turn.TryTake(folder);
        if (turn is null)
        {
            screen.Line($"Another ./ordersync up is at work here (process {Turn.Holder(folder)}). Wait for it, or end it with ./ordersync down.");
            return 1;
        }
        try
        {
            using (turn)
            {
                screen.Line($"{screen.Bold("OrderSync")}: {Screen.Count(needed.Count, "part")} as processes of this machine, state in {folder}");
                screen.Line();
                if (await Sweep.EndAllAsync(folder, TimeSpan.FromSeconds(15)) is > 0 and var left)
                    screen.Done("left over", $"ended {Screen.Count(left, "process")} of a run that was cut off", null);
                if (!await new Preparation(screen, folder, needed).RunAsync(stop))
                    return 1;
                using var supervisor = StartSupervisor();
                if (!await FollowAsync(supervisor, needed.Count, stop))
                {
                    await Sweep.EndAllAsync(folder, TimeSpan.FromSeconds(15));
                    return 1;
                }
                await LastScreen.ShowAsync(screen, model, folder);
                if (detach)
                    return 0;
                turn.Dispose();
                screen.Line("Ctrl-C stops everything.");
                await supervisor.WaitForExitAsync(stop);
                screen.Line("It was stopped.");
                return 0;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            screen.Line();
            if (!await Down.StopEverythingAsync(folder, screen))
                screen.Line("Stopped before anything ran.");
            return 130;
        }
    }

    /// <summary>In a session of its own, so that it lives on when we leave and no Ctrl-C of the terminal reaches it.</summary>
    private Process StartSupervisor()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "umask 077; log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null", "sh",
            Path.Combine(folder, "logs", "supervisor.log"), "dotnet", typeof(Up).Assembly.Location, "supervise", .. options, .. parts]);
        start.Environment[StateFolder.Variable] = folder;
        start.Environment[StateFolder.Mark] = folder;
        return Process.Start(start)!;
    }

    /// <summary>True when everything is up.</summary>
    private async Task<bool> FollowAsync(Process supervisor, int count, CancellationToken stop)
    {
        HashSet<string> shown = [];
        while (true)
        {
            var ended = supervisor.HasExited;
            var status = Files.ReadJson<Status>(Status.FileIn(folder)) is { } read && read.Pid == supervisor.Id ? read : null;
            foreach (var part in status?.Parts.Where(part => part.StartSeconds is not null && shown.Add(part.Name)) ?? [])
                screen.Done(part.Name, part.State == PartState.Completed ? "done" : part.Url ?? "ready", part.StartSeconds);
            if (status is { Phase: Phase.Up })
            {
                screen.Line();
                screen.Line($"{(parts.Count == 0 ? "Everything" : "What you asked for")} is up after {Screen.Seconds(screen.Elapsed.TotalSeconds)}.");
                return true;
            }
            if (ended || status is { Phase: Phase.Failed })
            {
                ShowFailure(status);
                return false;
            }
            if (status is not null)
                screen.Working($"{shown.Count} of {count} ready, starting: {string.Join(", ", status.Parts.Where(part => part.State == PartState.Starting).Select(part => part.Name))}");
            await Task.Delay(100, stop);
        }
    }

    private void ShowFailure(Status? status)
    {
        const int lines = 20, width = 300;
        var failed = status?.Parts.FirstOrDefault(part => part.State == PartState.Failed);
        screen.Failed(failed?.Name ?? "start", (status?.Trouble ?? "the supervisor ended").Split('\n')[0]);
        var log = failed?.Log is { } own && File.Exists(own) ? own : Path.Combine(folder, "logs", "supervisor.log");
        screen.Line();
        screen.Line($"The end of {log}:");
        foreach (var line in File.ReadLines(log).TakeLast(lines))
            screen.Line($"    {(line.Length > width ? line[..width] + " …" : line)}");
        screen.Line();
        screen.Line("Everything was stopped again. Once the cause is gone: ./ordersync up");
    }
}
