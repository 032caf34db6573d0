using System.Globalization;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Reports;

/// <summary>Where to look for a record that never came: with what needs it, which was captured on the same device.</summary>
internal static class WhereCaptured
{
    /// <summary>What to do about it.</summary>
    /// <param name="payload">Payload of the document that waits for it.</param>
    public static string Fix(string payload)
    {
        var waits = Payload.Read(payload);
        var whose = waits.Rep is { } rep ? $"{rep.Name}'s device" : "the device";
        return string.Create(CultureInfo.InvariantCulture,
            $"Sync {whose} that captured this on {waits.CapturedAt:yyyy-MM-dd} and still has the other, or import its bundle; this record then goes on by itself.");
    }
}
