namespace OrderSync.Device;

/// <summary>How the server has this device, by the server's clock: what a sync strip shows as "last sync".</summary>
/// <param name="Current">Nothing that this device may see is newer than what it has.</param>
/// <param name="Ready">The server knows of a complete download.</param>
/// <param name="ServerTime">Now.</param>
/// <param name="LastPushAt">When it last took records from here.</param>
/// <param name="LastPullAt">When this device last had everything.</param>
/// <param name="LastCompleteSyncAt">When it last had everything and had nothing to send.</param>
public sealed record ServerStatus(bool Current, bool Ready, DateTimeOffset ServerTime, DateTimeOffset? LastPushAt, DateTimeOffset? LastPullAt, DateTimeOffset? LastCompleteSyncAt);
