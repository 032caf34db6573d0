using System.Globalization;
using System.Net;
using OrderSync.Device;

namespace OrderSync.Simulator.Fleet;

/// <summary>One device of a fleet: the library that apps use, a file of its own, and its line.</summary>
internal sealed class FleetDevice : IAsyncDisposable
{
    private static readonly string App = $"OrderSync Simulator {typeof(FleetDevice).Assembly.GetName().Version!.ToString(3)}";

    private readonly Line? _line;

    private FleetDevice(string name, string rep, SyncDevice device, Line? line) => (Name, Rep, Device, _line) = (name, rep, device, line);

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Who carries it.</summary>
    public string Rep { get; }

    /// <summary>The device itself.</summary>
    public SyncDevice Device { get; }

    /// <summary>Its line, if it is not simply good.</summary>
    public Line? Line => _line;

    /// <summary>The device of an earlier fleet in the same folder, if the gateway still knows it; else one that enrols with a code from the office.</summary>
    public static async Task<FleetDevice> OpenAsync(FleetPlan plan, int place, Func<string, string, Task<string>> code, Patience patience, CancellationToken stop)
    {
        var (name, rep) = (plan.NameOf?.Invoke(place) ?? string.Create(CultureInfo.InvariantCulture, $"{plan.Name} {place + 1}"), plan.RepOf(place));
        var file = Path.Combine(plan.Folder, string.Create(CultureInfo.InvariantCulture, $"device-{place + 1}.db"));
        var line = plan.LineOf(place) is { } fates ? new Line(plan.Gateway, fates) : null;
        var options = new DeviceOptions
        {
            Gateway = line?.Address ?? plan.Gateway,
            Name = name,
            App = App,
            Rounding = plan.Rounding,
            Downloads = plan.Downloads,
            CallTimeout = TimeSpan.FromSeconds(30),
            FirstPause = TimeSpan.FromMilliseconds(250),
            LongestPause = TimeSpan.FromSeconds(15),
        };
        var device = SyncDevice.Open(file, options);
        try
        {
            if (device.DeviceId is null || !await AskAsync(() => device.SignInAsync(stop)))
                await EnrolAsync(await code(rep, plan.Branch));
            return new FleetDevice(name, rep, device, line);
        }
        catch (DeviceTrouble revoked) when (revoked.Code == "device.revoked")
        {
            // The office took this one out of service; it keeps its data, and another one takes its place.
            device.Dispose();
            SetAside(file);
            device = SyncDevice.Open(file, options);
            await EnrolAsync(await code(rep, plan.Branch));
            return new FleetDevice(name, rep, device, line);
        }
        catch (DeviceTrouble refused)
        {
            device.Dispose();
            throw new Refusal("gateway, device", HttpStatusCode.Unauthorized, refused.Code, refused.Message);
        }

        Task EnrolAsync(string oneTime) => AskAsync(async () =>
        {
            await device.EnrolAsync(oneTime, stop);
            return true;
        });

        Task<T> AskAsync<T>(Func<Task<T>> ask) => patience.AskAsync(
            async _ =>
            {
                try
                {
                    return await ask();
                }
                catch (DeviceTrouble silence) when (silence.Code == "line.noAnswer")
                {
                    throw new NoAnswer(silence.Message);
                }
            },
            stop);
    }

    /// <summary>Lets the device sync as it does in an app, until the gateway has answered for all it has or the time is up.</summary>
    public async Task DrainAsync(Patience patience, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Device.StateChanged += Look;
        try
        {
            var running = Device.RunAsync(over.Token);
            Look(Device.State);
            await Task.WhenAny(drained.Task, running, patience.EndAsync(over.Token));
            await over.CancelAsync();
            await Task.WhenAny(running);
            stop.ThrowIfCancellationRequested();
            if (running.IsFaulted)
                await running;
            if (!drained.Task.IsCompleted)
                throw new NoAnswer(Device.State.Trouble ?? "The gateway still asks to send later.");
            await drained.Task;
        }
        finally
        {
            Device.StateChanged -= Look;
        }

        void Look(SyncState state)
        {
            if (state.Activity == SyncActivity.Barred)
                drained.TrySetException(new Refusal("gateway, device", HttpStatusCode.Unauthorized, null, state.Trouble));
            else if (state is { ToSend: 0, Activity: SyncActivity.Idle })
                drained.TrySetResult();
            else if (state is { Trouble: { } trouble, Activity: not SyncActivity.Sending })
                patience.Say(trouble);
        }
    }

    /// <summary>Lets the device download until it can work without a line.</summary>
    public Task DownloadAsync(Patience patience, CancellationToken stop) => patience.AskAsync(
        async again =>
        {
            var report = await Device.SyncNowAsync(again);
            return report.Trouble is null && Device.Readiness.IsReady ? report : throw new NoAnswer(report.Trouble ?? "The download is not complete.", report.After);
        },
        stop);

    public async ValueTask DisposeAsync()
    {
        Device.Dispose();
        if (_line is not null)
            await _line.DisposeAsync();
    }

    private static void SetAside(string file)
    {
        // With what SQLite keeps beside it.
        var (folder, name) = (Path.GetDirectoryName(file)!, $"revoked-{Guid.NewGuid():N}-");
        foreach (var part in Directory.GetFiles(folder, Path.GetFileName(file) + "*"))
            File.Move(part, Path.Combine(folder, name + Path.GetFileName(part)));
    }
}
