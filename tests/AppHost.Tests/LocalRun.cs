using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrderSync.AppHost.Local;
using OrderSync.AppHost.Local.Running;

namespace OrderSync.AppHost.Tests;

/// <summary>A state folder of a test's own, and the AppHost run on it as people run it.</summary>
internal sealed class LocalRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly HashSet<string> words = [];

    public LocalRun()
    {
        Folder = $"/var/tmp/ordersync-tests-{Environment.ProcessId}-{Guid.NewGuid():N}";
        StateFolder.Create(Folder);
        // Remembered from before, as it were: not the fixed port, which an `up` on this machine may take in the meantime.
        File.WriteAllText(Path.Combine(Folder, "ports.json"), JsonSerializer.Serialize(new Dictionary<string, int> { ["sandbox/http"] = Testing.Run.TestPorts.Take(1)[0] }));
    }

    public string Folder { get; }

    /// <summary>
    /// Starts a verb and leaves it running. A shell lets what it runs in the background ignore Ctrl-C, and children inherit that; a verb that
    /// a person runs does not.
    /// </summary>
    public Process Start(params string[] words)
    {
        this.words.UnionWith(words);
        var start = new ProcessStartInfo("env", ["--default-signal=INT,HUP", "dotnet", typeof(LocalRun).Assembly.Location, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment[StateFolder.Variable] = Folder;
        return Process.Start(start)!;
    }

    /// <summary>Runs a verb to its end.</summary>
    public async Task<(int Code, string Said)> RunAsync(params string[] words)
    {
        using var process = Start(words);
        using var limit = new CancellationTokenSource(Patience);
        using var end = limit.Token.Register(() => process.Kill());
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.False(limit.IsCancellationRequested, $"'{string.Join(' ', words)}' did not end within {Patience}: {said}");
        return (process.ExitCode, said + await errors);
    }

    /// <summary>Waits for a running verb to end; returns what it still said.</summary>
    public static async Task<string> UntilEndAsync(Process process)
    {
        var said = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return said + await process.StandardError.ReadToEndAsync();
    }

    /// <summary>Reads what a running verb says until these words come; returns all it said.</summary>
    public static async Task<string> UntilSaidAsync(Process process, string words)
    {
        var said = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.AppendLine(line);
            if (line.Contains(words, StringComparison.Ordinal))
                return said.ToString();
        }
        throw new InvalidOperationException($"It ended without saying '{words}':\n{said}{await process.StandardError.ReadToEndAsync()}");
    }

    public async Task<JsonElement> StatusAsync() => JsonDocument.Parse((await RunAsync("status", "--json")).Said).RootElement;

    public static JsonElement Part(JsonElement status, string name) =>
        status.GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("name").GetString() == name);

    /// <summary>No process of the folder, nobody on one of its ports.</summary>
    public void AssertNothingIsLeft()
    {
        Assert.Empty(Processes.Of(Folder));
        // Only those of parts that ran: a port that was chosen but never used may be somebody else's by now.
        var ports = (Files.ReadJson<Dictionary<string, int>>(Path.Combine(Folder, "ports.json")) ?? []).Where(port => words.Contains(port.Key.Split('/')[0])).ToList();
        Assert.All(ports, port =>
        {
            using var listener = new TcpListener(IPAddress.Loopback, port.Value);
            listener.Start();
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Sweep.EndAllAsync(Folder, TimeSpan.Zero);
        Directory.Delete(Folder, recursive: true);
    }
}
