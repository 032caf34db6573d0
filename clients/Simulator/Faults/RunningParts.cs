using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Faults;

/// <summary>The parts that <c>./ordersync up</c> runs on this machine: which process each is, and how it is.</summary>
/// <param name="stateFolder">The folder of that run.</param>
internal sealed class RunningParts(string stateFolder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private sealed record Status(IReadOnlyList<Part> Parts);

    private sealed record Part(string Name, string State, int? Pid, int Restarts);

    /// <summary>Ends a part as the end of the power does. Its supervisor starts it again.</summary>
    /// <param name="name">Such as gateway.</param>
    /// <param name="stop">Ends the wait for it to run.</param>
    public async Task KillAsync(string name, CancellationToken stop)
    {
        var before = await WaitAsync(name, part => part is { State: "healthy", Pid: not null }, stop);
        try
        {
            using var process = Process.GetProcessById(before.Pid!.Value);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It has just ended by itself, and is started again like one that was killed.
        }
        catch (Win32Exception denied)
        {
            throw new CannotReplay($"{name} (process {before.Pid}) cannot be killed: {denied.Message}. Run this as the one who ran ./ordersync up.");
        }

        await WaitAsync(name, part => part.Restarts > before.Restarts, stop);
    }

    /// <summary>Waits until a part answers for itself again.</summary>
    public Task HealthyAsync(string name, CancellationToken stop) => WaitAsync(name, part => part.State == "healthy", stop);

    /// <summary>Waits until every part is well.</summary>
    public async Task AllHealthyAsync(IEnumerable<string> names, CancellationToken stop)
    {
        foreach (var name in names)
            await HealthyAsync(name, stop);
    }

    private async Task<Part> WaitAsync(string name, Func<Part, bool> wanted, CancellationToken stop)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var part = Read().FirstOrDefault(part => part.Name == name)
                ?? throw new CannotReplay($"{name} does not run here. Start everything with ./ordersync up first.");
            if (wanted(part))
                return part;
            if (waited.Elapsed > Patience)
                throw new CannotReplay($"{name} is {part.State} for {waited.Elapsed.TotalMinutes:F0} minutes now. See why: ./ordersync logs {name}");
            await Task.Delay(200, stop);
        }
    }

    private IReadOnlyList<Part> Read()
    {
        var file = Path.Combine(stateFolder, "status.json");
        try
        {
            return JsonSerializer.Deserialize<Status>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!.Parts;
        }
        catch (Exception trouble) when (trouble is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new CannotReplay($"What runs here is not known ({trouble.Message}). Start everything with ./ordersync up first.");
        }
    }
}
