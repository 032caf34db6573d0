using System.Globalization;

namespace OrderSync.Device;

/// <summary>What a device is doing about its outbox.</summary>
public enum SyncActivity
{
    /// <summary>Nothing just now.</summary>
    Idle,

    /// <summary>It sends.</summary>
    Sending,

    /// <summary>It brings what the server knows.</summary>
    Downloading,

    /// <summary>The gateway cannot be reached; it is tried again by itself.</summary>
    Offline,

    /// <summary>The gateway does not know this device, or not any more: it has to enrol. Capturing goes on.</summary>
    Barred,
}

/// <summary>All that a sync strip shows, in one value.</summary>
/// <param name="Activity">What the device is doing.</param>
/// <param name="ToSend">Records that the gateway has not answered for.</param>
/// <param name="Attention">Records that need a person.</param>
/// <param name="OfflineSince">When the line was found gone, by the device's clock.</param>
/// <param name="Trouble">What holds things up, and what to do.</param>
/// <param name="Readiness">Whether it can work without a line, while it downloads.</param>
public sealed record SyncState(SyncActivity Activity, int ToSend, int Attention, DateTimeOffset? OfflineSince = null, string? Trouble = null, Readiness? Readiness = null)
{
    /// <summary>The strip in English, such as "Offline since 14:05 · 3 waiting · 1 needs you".</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Activity == SyncActivity.Offline)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"Offline since {OfflineSince:HH:mm}"));
        if (Activity == SyncActivity.Barred)
            parts.Add("Enrol this device");
        if (Activity == SyncActivity.Downloading)
            parts.Add(Readiness switch { { State: ReadyState.Downloading } first => first.ToString(), { IsReady: false } => "Downloading", _ => "Updating" });
        if (Activity == SyncActivity.Sending && ToSend > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"Sending {ToSend}"));
        else if (ToSend > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{ToSend} waiting"));
        if (Attention > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Attention} {(Attention == 1 ? "needs" : "need")} you"));
        return parts.Count == 0 ? "Nothing to send" : string.Join(" · ", parts);
    }
}
