using System.Globalization;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;

namespace OrderSync.Gateway.Sync;

/// <summary>What holds for a whole push.</summary>
/// <param name="Device">Who sends.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Skew">Received minus sent: how far the device's clock is behind ours.</param>
/// <param name="Language">For sentences.</param>
/// <param name="TraceParent">Stored with the records, so that one trace runs to the ERP.</param>
/// <param name="App">Name and version of the app, as it says.</param>
/// <param name="Waiting">Records the device still has to send after these, as it says.</param>
/// <param name="Mark">Where the device is in the feed, by the cursor it sent along.</param>
/// <param name="FromCopy">The device is not here: what it sent before, or somebody has brought for it, is judged from the bytes that were kept.</param>
/// <param name="Approved">The office has said that these records are taken though the device is revoked.</param>
/// <param name="Live">Made with a connection, not captured without one.</param>
internal sealed record Push(
    DeviceIdentity Device, DateTimeOffset ReceivedAt, TimeSpan Skew, string Language, string? TraceParent, string? App = null, int? Waiting = null, FeedMark? Mark = null, bool FromCopy = false, bool Approved = false,
    bool Live = false)
{
    private const int MostApp = 80;
    private static readonly TimeSpan SkewBelieved = TimeSpan.FromDays(100 * 366);

    /// <summary>As a device's request says.</summary>
    public static Push Of(HttpContext http, DeviceIdentity device, Cursors cursors, DateTimeOffset now) => new(
        device, now, SkewOf(http.Request, now), Sentences.LanguageOf(http.Request), System.Diagnostics.Activity.Current?.Id, AppOf(http.Request), WaitingOf(http.Request), MarkOf(http.Request, device, cursors));

    // A clock that is centuries wrong says nothing a date could be corrected by.
    private static TimeSpan SkewOf(HttpRequest request, DateTimeOffset now) =>
        DateTimeOffset.TryParse(request.Headers["OrderSync-Sent-At"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sentAt) && (now - sentAt).Duration() < SkewBelieved
            ? now - sentAt
            : TimeSpan.Zero;

    private static string? AppOf(HttpRequest request) => Texts.Fit(request.Headers["OrderSync-App"].ToString().Trim(), MostApp) is { Length: > 0 } app ? app : null;

    // One that cannot be read, or of another company, proves nothing.
    private static FeedMark? MarkOf(HttpRequest request, DeviceIdentity device, Cursors cursors) =>
        request.Headers["OrderSync-Cursor"].ToString() is { Length: > 0 } text && cursors.Read(text) is { } cursor && cursor.Company == device.CompanyId ? FeedMark.Of(cursor) : null;

    private static int? WaitingOf(HttpRequest request) =>
        int.TryParse(request.Headers["OrderSync-Waiting"], NumberStyles.None, CultureInfo.InvariantCulture, out var waiting) ? waiting : null;
}
