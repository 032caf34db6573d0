namespace OrderSync.Device;

/// <summary>The setup switches of a device, as the office sees them beside it. One that is null has been set by nobody on this device.</summary>
public sealed record SetupSwitches
{
    /// <summary>Whether the app brings what has changed whenever it opens.</summary>
    public bool? IncrementalSync { get; init; }

    /// <summary>Whether the app works without a connection.</summary>
    public bool? OfflineMode { get; init; }
}
