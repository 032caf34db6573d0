using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>
/// <c>GET /v1/sync/nudge</c>: server-sent events that say when it is worth a pull. <c>pull</c> with <c>within</c>: some time in so many seconds; <c>end</c>
/// with <c>reason</c>: come again (expired: with a new token). A line with a colon keeps the line alive.
/// </summary>
internal sealed class NudgeEndpoint(Audiences audiences, TimeProvider time)
{
    private const double LeastOfLife = 0.8;
    private const int RetryLeast = 3_000;
    private const int RetryMost = 15_000;
    private static readonly byte[] Beat = ":\n\n"u8.ToArray();

    public async Task HandleAsync(HttpContext http)
    {
        // Those who came together do not leave together.
        var life = AccessTokens.Lifetime * (LeastOfLife + ((1 - LeastOfLife) * Random.Shared.NextDouble()));
        var listener = new Listener(http.Features.Get<DeviceIdentity>()!, time.GetUtcNow() + life);
        if (!audiences.TryAdd(listener))
        {
            await Problems.Busy("nudge.tooMany", "As many devices listen as this server can have. Pull from time to time instead, and ask again after the time in Retry-After.", Random.Shared.Next(60, 301))
                .ExecuteAsync(http);
            return;
        }

        try
        {
            await WriteAsync(http, listener, http.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The device is.
        }
        finally
        {
            audiences.Remove(listener);
        }
    }

    private static async Task WriteAsync(HttpContext http, Listener listener, CancellationToken stop)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        // Proxies pass on what comes as it comes.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // After how many milliseconds to come again when the line is lost.
        await SendAsync(http, Text($"retry: {Random.Shared.Next(RetryLeast, RetryMost)}\n\n"), stop);
        while (true)
        {
            var (end, within) = await listener.NextAsync(stop);
            if (end is not null)
            {
                await SendAsync(http, Text($"event: end\ndata: {{\"reason\":\"{end}\"}}\n\n"), stop);
                return;
            }

            await SendAsync(http, within is { } seconds ? Text($"event: pull\ndata: {{\"within\":{seconds.ToString(CultureInfo.InvariantCulture)}}}\n\n") : Beat, stop);
        }
    }

    private static async Task SendAsync(HttpContext http, byte[] bytes, CancellationToken stop)
    {
        await http.Response.Body.WriteAsync(bytes, stop);
        await http.Response.Body.FlushAsync(stop);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
