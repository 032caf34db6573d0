using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrderSync.AppHost.Local.Servers;

/// <summary>One child process in a session of its own (Ctrl-C reaches only us, we stop it in order), its output in a log file.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The variable that marks everything that belongs to one state folder.</summary>
    public const string StateVariable = "ORDERSYNC_STATE";

    internal const string FolderVariable = "ORDERSYNC_SERVER_FOLDER";

    private readonly Process process;

    private ServerProcess(Process process, string log)
    {
        this.process = process;
        Log = log;
        ProcessId = process.Id;
        Exited = WaitAsync();
    }

    /// <summary>The id of the process; the same as that of the program asked for.</summary>
    public int ProcessId { get; }

    /// <summary>The file its output goes to.</summary>
    public string Log { get; }

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts a program; the shell and setsid in front replace themselves by it, so the process id stays.</summary>
    public static ServerProcess Start(
        ServerOptions options, string log, IEnumerable<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = options.Folder };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec setsid \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, .. command])
            start.ArgumentList.Add(argument);
        start.Environment[StateVariable] = options.StateTag;
        start.Environment[FolderVariable] = options.Folder;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new ServerProcess(Process.Start(start)!, log);
    }

    /// <summary>Asks until the server answers; fails with the end of its log when it ends or stays silent.</summary>
    public async Task AnswersAsync(string name, Func<CancellationToken, Task<bool>> answers, TimeSpan limit, CancellationToken stop)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (Exited.IsCompleted)
                throw new InvalidOperationException($"{name} ended with code {await Exited} while starting.{Environment.NewLine}{Tail(Log)}");
            if (started.Elapsed > limit)
                throw new TimeoutException($"{name} did not answer within {limit.TotalSeconds:0} s.{Environment.NewLine}{Tail(Log)}");
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
            attempt.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                if (await answers(attempt.Token))
                    return;
            }
            catch (Exception notYet) when (notYet is IOException or System.Net.Sockets.SocketException or HttpRequestException
                or OperationCanceledException && !stop.IsCancellationRequested)
            {
                // Not listening yet: ask again.
            }
            await Task.WhenAny(Exited, Task.Delay(50, stop));
        }
    }

    /// <summary>Sends a signal and waits; what is still there after the limit is killed.</summary>
    public async Task EndAsync(int signal, TimeSpan limit)
    {
        Signal(signal);
        if (await Task.WhenAny(Exited, Task.Delay(limit)) != Exited)
            Signal(Kill);
        await Exited;
    }

    /// <summary>Sends a signal; a process that has ended is left alone.</summary>
    public void Signal(int signal)
    {
        // The runtime reaps the child itself, so an id is ours until Exited is complete.
        if (!Exited.IsCompleted)
            _ = SendSignal(ProcessId, signal);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await EndAsync(Kill, TimeSpan.FromSeconds(10));
        process.Dispose();
    }

    internal const int Interrupt = 2;
    internal const int Kill = 9;
    internal const int Terminate = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int SendSignal(int processId, int signal);

    internal static string Tail(string log, int lines = 20) =>
        File.Exists(log) ? string.Join(Environment.NewLine, File.ReadLines(log).TakeLast(lines)) : "(no log)";

    private async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
