using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace OrderSync.AppHost.Local.Running;

/// <summary>One part under supervision: waits, starts, is watched, is started again when it dies, is stopped.</summary>
internal sealed class Part(RunningResource resource, Machine machine, StartPart start, Action<string> log)
{
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PartStatus status = new(
        resource.Name, PartState.Waiting, null, resource.Endpoints.Find(endpoint => endpoint.Scheme == "http") is { } http ? $"http://{Endpoint.Host}:{machine.Ports.Of(http)}" : null,
        null, null, 0, null, machine.LogOf(resource.Name));
    private RunningProcess? running;

    public RunningResource Resource => resource;
    public PartStatus Status => status;

    /// <summary>Completes when it is healthy for the first time, or has done its work; fails when that will not happen.</summary>
    public Task Ready => ready.Task;

    public async Task SuperviseAsync(IEnumerable<Part> waitsFor, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(waitsFor.Select(part => part.Ready)).WaitAsync(stop);
            var backOff = TimeSpan.FromSeconds(1);
            while (!stop.IsCancellationRequested)
            {
                var since = Stopwatch.StartNew();
                if (await RunAsync(stop))
                    return;
                if (since.Elapsed > Proven)
                    backOff = TimeSpan.FromSeconds(1);
                Change(status with { State = PartState.Restarting, Pid = null, Restarts = status.Restarts + 1 });
                log($"{resource.Name} starts again in {backOff.TotalSeconds:0} s: {status.Trouble}");
                await Task.Delay(backOff, stop);
                backOff = TimeSpan.FromSeconds(Math.Min(backOff.TotalSeconds * 2, LongestBackOff.TotalSeconds));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            ready.TrySetCanceled(stop);
        }
        catch (Exception failure)
        {
            // Whatever it is, it is this part's trouble: `up` shows it and ends, and nobody waits for this part any more.
            Change(status with { State = PartState.Failed, Pid = null, Trouble = failure.Message });
            ready.TrySetException(failure);
        }
    }

    public async Task StopAsync()
    {
        if (running is { Exited.IsCompleted: false } process)
        {
            log($"{resource.Name} stops");
            await process.StopAsync();
        }
        if (status.State != PartState.Completed)
            Change(status with { State = PartState.Stopped, Pid = null });
    }

    /// <summary>One life of the process; true when there is nothing more to do for it.</summary>
    private async Task<bool> RunAsync(CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        Change(status with { State = PartState.Starting, Since = DateTimeOffset.UtcNow });
        machine.Ports.Release(resource);
        try
        {
            running = await start.StartAsync(resource, stop);
        }
        catch (Exception failure) when (ready.Task.IsCompleted && !stop.IsCancellationRequested)
        {
            Change(status with { Trouble = failure.Message });
            return false;
        }
        log($"{resource.Name} runs as process {running.ProcessId}");
        Change(status with { Pid = running.ProcessId, Log = running.Log });

        if (resource.RunsToCompletion)
        {
            var code = await running.Exited.WaitAsync(stop);
            if (code != 0)
                throw new PartFailedException($"{resource.Name} ended with exit code {code}.");
            Change(status with { State = PartState.Completed, Pid = null, StartSeconds = watch.Elapsed.TotalSeconds });
            ready.TrySetResult();
            return true;
        }

        while (await AliveAsync(running, stop))
        {
            var trouble = await start.TroubleOfAsync(resource, stop);
            if (trouble is null && !ready.Task.IsCompleted)
            {
                Change(status with { StartSeconds = watch.Elapsed.TotalSeconds });
                log($"{resource.Name} is ready after {watch.Elapsed.TotalSeconds:0.0} s");
            }
            if (trouble is null || ready.Task.IsCompleted)
                Change(status with { State = trouble is null ? PartState.Healthy : PartState.Unhealthy, Trouble = trouble });
            if (trouble is null)
                ready.TrySetResult();
            else if (!ready.Task.IsCompleted && watch.Elapsed > HealthLimit)
                throw new PartFailedException($"{resource.Name} did not become healthy within {HealthLimit.TotalSeconds:0} s: {trouble}");
        }
        var ended = $"it ended with exit code {await running.Exited}";
        if (!ready.Task.IsCompleted)
            throw new PartFailedException($"{resource.Name} did not start: {ended}.");
        Change(status with { Trouble = ended });
        return false;
    }

    /// <summary>Waits until the next look is due; false when the process has ended before.</summary>
    private async Task<bool> AliveAsync(RunningProcess process, CancellationToken stop)
    {
        var pause = ready.Task.IsCompleted ? TimeSpan.FromSeconds(2) : TimeSpan.FromMilliseconds(150);
        await Task.WhenAny(process.Exited, Task.Delay(pause, stop));
        stop.ThrowIfCancellationRequested();
        return !process.Exited.IsCompleted;
    }

    private void Change(PartStatus next) => Volatile.Write(ref status, next);
}

/// <summary>A part did not come up; the message says which and why.</summary>
internal sealed class PartFailedException(string message) : Exception(message);
