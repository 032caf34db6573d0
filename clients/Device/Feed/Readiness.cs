using System.Globalization;

namespace OrderSync.Device;

/// <summary>Whether a device can work without a line.</summary>
public enum ReadyState
{
    /// <summary>Nothing was ever downloaded whole: there is nothing to sell from.</summary>
    Never,

    /// <summary>The first download is under way, or was cut and goes on with the next line.</summary>
    Downloading,

    /// <summary>All is here, as of <see cref="Readiness.AsOf"/>.</summary>
    Ready,

    /// <summary>All is here, and older than the app wants it to be.</summary>
    Stale,
}

/// <summary>Whether a device can work without a line, and how old what it knows is.</summary>
/// <param name="State">In one word.</param>
/// <param name="Rows">Rows of the first download that are here.</param>
/// <param name="Of">How many it will have, where the server said so.</param>
/// <param name="AsOf">When the last complete download was, by the server's clock.</param>
public sealed record Readiness(ReadyState State, int Rows = 0, int? Of = null, DateTimeOffset? AsOf = null)
{
    /// <summary>Whether it can.</summary>
    public bool IsReady => State is ReadyState.Ready or ReadyState.Stale;

    /// <summary>In English, such as "Downloading 1200 of 5000" or "Stale since 2026-11-20 14:05".</summary>
    public override string ToString() => State switch
    {
        ReadyState.Never => "Never synced",
        ReadyState.Downloading when Of is { } of && of >= Rows => string.Create(CultureInfo.InvariantCulture, $"Downloading {Rows} of {of}"),
        ReadyState.Downloading => string.Create(CultureInfo.InvariantCulture, $"Downloading, {Rows} so far"),
        ReadyState.Ready => string.Create(CultureInfo.InvariantCulture, $"Ready, as of {AsOf:yyyy-MM-dd HH:mm}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"Stale since {AsOf:yyyy-MM-dd HH:mm}"),
    };
}
