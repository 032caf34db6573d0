using System.Collections.Concurrent;
using System.IO.Compression;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Feed;

/// <summary>
/// <c>GET /v1/sync/pull</c>: what a device does not know yet, as lines of JSON. Pages are read ahead into a buffer of two and written at the device's own pace: however
/// slow it is, it holds no connection and no snapshot.
/// </summary>
internal sealed partial class PullEndpoint(Pulls pulls, Pages pages, Cursors cursors, IOptions<FeedSettings> settings, TimeProvider time, ILogger<PullEndpoint> logger)
{
    private const int PagesAhead = 1;
    private static readonly ConcurrentDictionary<Guid, CancellationTokenSource> Running = new();

    public async Task HandleAsync(HttpContext http, string? cursor, bool hashes)
    {
        var device = http.Features.Get<DeviceIdentity>()!;
        if (Running.Count >= settings.Value.MostPulls)
        {
            await Problems.Busy("pull.tooMany", "Too many devices download at once. Nothing was sent; ask again after the time in Retry-After.", Random.Shared.Next(5, 31)).ExecuteAsync(http);
            return;
        }

        // The newest of a device's pulls goes on: the one before it is most likely a line that has died.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        Running.AddOrUpdate(device.DeviceId, ended, (_, before) =>
        {
            Supersede(before);
            return ended;
        });
        try
        {
            await AnswerAsync(http, device, cursor, hashes, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Whoever asked is gone, or asks anew.
            http.Abort();
        }
        finally
        {
            Running.TryRemove(KeyValuePair.Create(device.DeviceId, ended));
        }
    }

    private static void Supersede(CancellationTokenSource before)
    {
        try
        {
            before.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    private async Task AnswerAsync(HttpContext http, DeviceIdentity device, string? cursor, bool hashes, CancellationToken stop)
    {
        Pull? pull;
        try
        {
            pull = await pulls.BeginAsync(device, cursor, Sentences.LanguageOf(http.Request), hashes, stop);
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble, device.DeviceId);
            await Problems.Busy("server.busy", "The server's database does not answer. Nothing was sent; ask again with the same cursor.", 5).ExecuteAsync(http);
            return;
        }

        if (pull is null)
        {
            await DeviceStanding.Refusal.ExecuteAsync(http);
            return;
        }

        var began = time.GetTimestamp();
        http.Response.ContentType = "application/x-ndjson";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        using var first = new Lines();
        first.Add(new PullBegin(new(pull.From.IsFull ? "full" : "changes", pull.Reading.Standing.Epoch, time.GetUtcNow(), pull.Reason, pull.Resumed)));
        if (pull.UpToDate)
        {
            first.Add(new PullEnd(new(cursor, 0, null, null)));
            await http.Response.Body.WriteAsync(first.Bytes, stop);
        }
        else
        {
            await using var packed = Packed(http);
            await packed.WriteAsync(first.Bytes, stop);
            await WriteAsync(packed, pull, stop);
        }

        GatewayMeter.Pulled(pull.UpToDate ? "current" : pull.From.IsFull ? "full" : "changes", time.GetElapsedTime(began));
    }

    private async Task WriteAsync(Stream output, Pull pull, CancellationToken stop)
    {
        // Reading stops with writing, whatever ends it.
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var buffer = Channel.CreateBounded<Page>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
        var reading = ReadAsync(buffer.Writer, pull, both.Token);
        var rows = 0L;
        try
        {
            await foreach (var page in buffer.Reader.ReadAllAsync(both.Token))
            {
                using var lines = page.Lines;
                rows += lines.Rows;
                var cursor = cursors.Write(page.Next);
                if (page.Next.Phase == Phase.Whole)
                    lines.Add(new PullEnd(new(cursor, rows, page.Hashes, null)));
                else
                    lines.Add(new PullCheckpoint(cursor));
                await output.WriteAsync(lines.Bytes, stop);
                await output.FlushAsync(stop);
            }
        }
        finally
        {
            await both.CancelAsync();
            if (await reading is { } problem && !stop.IsCancellationRequested)
            {
                using var last = new Lines();
                last.Add(new PullEnd(new(null, rows, null, problem)));
                await output.WriteAsync(last.Bytes, stop);
            }
        }
    }

    // Gives what went wrong, if something did.
    private async Task<PullProblem?> ReadAsync(ChannelWriter<Page> buffer, Pull pull, CancellationToken stop)
    {
        try
        {
            for (var cursor = pull.From; ;)
            {
                var page = await pages.ReadAsync(pull.Reading, cursor, stop);
                cursor = page.Next;
                await buffer.WriteAsync(page, stop);
                if (cursor.Phase == Phase.Whole)
                    return null;
            }
        }
        catch (PullEndedException ended)
        {
            return new(ended.Code, ended.Message);
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble, pull.Reading.Device.DeviceId);
            return new("server.busy", "The server's database does not answer. Go on with the last checkpoint.");
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            buffer.Complete();
        }
    }

    private static Stream Packed(HttpContext http)
    {
        var accepted = http.Request.GetTypedHeaders().AcceptEncoding.Where(encoding => encoding.Quality is not 0).Select(encoding => encoding.Value.ToString()).ToList();
        var encoding = accepted.Contains("br") ? "br" : accepted.Contains("gzip") ? "gzip" : null;
        http.Response.Headers.ContentEncoding = encoding;
        return encoding switch
        {
            "br" => new BrotliStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
            "gzip" => new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BufferedStream(http.Response.Body),
        };
    }

    [LoggerMessage(LogLevel.Warning, "A pull of device {Device} could not be finished; it goes on from its last checkpoint.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble, Guid device);
}
