using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrderSync.AppHost.Local.Running;

/// <summary>The process that starts the parts, watches them and stops them; `up` waits for it, or leaves it alone.</summary>
internal sealed class Supervisor : IDisposable
{
    private readonly DistributedApplicationModel model;
    private readonly Machine machine;
    private readonly StartPart start;
    private readonly List<Part> parts;
    private readonly DateTimeOffset since = DateTimeOffset.UtcNow;
    private string written = "";

    public Supervisor(DistributedApplicationModel model, Machine machine, IReadOnlyCollection<string> wanted)
    {
        this.model = model;
        this.machine = machine;
        start = new StartPart(machine);
        var needed = model.Needed(wanted);
        // All ports are settled first: a part's environment may name a part that starts later, or not at all.
        machine.Ports.Settle(model.InStartOrder.SelectMany(part => part.Endpoints));
        foreach (var absent in model.InStartOrder.Except(needed))
            machine.Ports.Release(absent);
        parts = [.. needed.Select(resource => new Part(resource, machine, start, Log))];
    }

    /// <summary>Runs until SIGTERM or SIGINT comes, or until a part cannot be started; everything is stopped when it returns.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Write(Phase.Starting);
        var supervised = parts.ConvertAll(part => part.SuperviseAsync(parts.Where(other => part.Resource.WaitsFor.Contains(other.Resource)), ending.Token));
        var trouble = await StartedAsync(ending.Token);
        if (trouble is null && !ending.IsCancellationRequested)
        {
            Files.WritePrivate(StateFolder.RunningFile(machine.Folder), JsonSerializer.Serialize(Announcement(), Files.Json));
            Log("everything is up");
            await WatchAsync(ending.Token);
        }

        Write(trouble is null ? Phase.Stopping : Phase.Failed, trouble);
        await ending.CancelAsync();
        await Task.WhenAll(supervised);
        File.Delete(StateFolder.RunningFile(machine.Folder));
        await StopInReverseAsync();
        Write(trouble is null ? Phase.Stopping : Phase.Failed, trouble);
        return trouble is null ? 0 : 1;
    }

    public void Dispose()
    {
        machine.Ports.Dispose();
        start.Dispose();
    }

    /// <summary>Null when all parts are ready; else what went wrong first.</summary>
    private async Task<string?> StartedAsync(CancellationToken stop)
    {
        var left = parts.ConvertAll(part => part.Ready);
        while (left.Count > 0 && !stop.IsCancellationRequested)
        {
            await Task.WhenAny([.. left, Task.Delay(100, CancellationToken.None)]);
            Write(Phase.Starting);
            if (parts.Find(part => part.Status.State == PartState.Failed) is { } failed)
                return failed.Status.Trouble;
            left.RemoveAll(ready => ready.IsCompletedSuccessfully);
        }
        return null;
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        for (var second = 0; !stop.IsCancellationRequested; second++)
        {
            Write(Phase.Up);
            if (second % 10 == 0)
                foreach (var part in parts)
                    LogSize.Keep(part.Status.Log);
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), stop));
        }
    }

    /// <summary>A part stops once all that wait for it have stopped.</summary>
    private async Task StopInReverseAsync()
    {
        Dictionary<RunningResource, Task> stopped = [];
        foreach (var part in Enumerable.Reverse(parts))
        {
            var dependants = parts.Where(other => other.Resource.WaitsFor.Contains(part.Resource)).Select(other => stopped[other.Resource]).ToList();
            stopped[part.Resource] = StopAfterAsync(part, dependants);
        }
        await Task.WhenAll(stopped.Values);

        async Task StopAfterAsync(Part part, List<Task> dependants)
        {
            await Task.WhenAll(dependants);
            await part.StopAsync();
        }
    }

    private object Announcement() => new
    {
        Urls = parts.Where(part => part.Status.Url is not null).ToDictionary(part => part.Resource.Name, part => part.Status.Url),
        Parameters = model.Resources.OfType<ParameterResource>().Where(parameter => parameter.Description is not null)
            .ToDictionary(parameter => parameter.Name, parameter => parameter.GetValue(machine)),
        Pid = Environment.ProcessId,
    };

    private void Write(Phase phase, string? trouble = null)
    {
        var text = JsonSerializer.Serialize(new Status(Environment.ProcessId, since, phase, trouble, parts.ConvertAll(part => part.Status)), Files.Json);
        if (text == written)
            return;
        Files.WritePrivate(Status.FileIn(machine.Folder), text);
        written = text;
    }

    private static void Log(string line) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss.fff}Z {line}"));
}
