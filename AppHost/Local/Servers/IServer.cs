namespace OrderSync.AppHost.Local.Servers;

/// <summary>A server that runs as a process of this machine.</summary>
public interface IServer : IAsyncDisposable
{
    /// <summary>The word people know it by.</summary>
    string Name { get; }

    /// <summary>The process that serves.</summary>
    int ProcessId { get; }

    /// <summary>The port clients connect to.</summary>
    int Port { get; }

    /// <summary>What it and its set-up printed.</summary>
    string Log { get; }

    /// <summary>Completes with the exit code when the process has ended, for whatever reason.</summary>
    Task<int> Exited { get; }

    /// <summary>Stops it as its makers advise.</summary>
    Task StopAsync();

    /// <summary>Ends it with SIGKILL, as a power cut would.</summary>
    Task KillAsync();
}
