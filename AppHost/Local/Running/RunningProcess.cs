namespace OrderSync.AppHost.Local.Running;

/// <summary>A part that has been started: its process, its log, and how to stop it.</summary>
internal sealed record RunningProcess(int ProcessId, string Log, Task<int> Exited, Func<Task> StopAsync);
