namespace OrderSync.AppHost.Local.Running;

internal enum PartState
{
    Waiting,
    Starting,
    Healthy,
    Unhealthy,
    Restarting,
    Completed,
    Failed,
    Stopped,
}

internal enum Phase
{
    Starting,
    Up,
    Failed,
    Stopping,
}

/// <summary>One line of `./ordersync status`.</summary>
/// <param name="StartSeconds">From its first start until it was ready, waits not counted.</param>
/// <param name="Trouble">Why it is not healthy, for people.</param>
internal sealed record PartStatus(
    string Name, PartState State, int? Pid, string? Url, DateTimeOffset? Since, double? StartSeconds, int Restarts, string? Trouble, string Log);

/// <summary>What the supervisor last said about itself and its parts; `status` and `up` read it from a file.</summary>
internal sealed record Status(int Pid, DateTimeOffset Since, Phase Phase, string? Trouble, IReadOnlyList<PartStatus> Parts)
{
    public static string FileIn(string folder) => Path.Combine(folder, "status.json");

    /// <summary>The status of a supervisor that lives; null when none does.</summary>
    public static Status? ReadLive(string folder) =>
        Files.ReadJson<Status>(FileIn(folder)) is { } status && Processes.BelongsTo(status.Pid, folder) ? status : null;
}
