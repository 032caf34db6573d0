using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrderSync.Testing.Otlp;

namespace OrderSync.Testing;

/// <summary>A collector in the test process: takes OTLP over HTTP and keeps what it was sent.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<OtlpSpan> spans = new();
    private readonly ConcurrentQueue<OtlpLog> logs = new();
    private readonly ConcurrentQueue<OtlpMetric> metrics = new();

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(ReceiveAsync);
    }

    /// <summary>Where exporters send to.</summary>
    public Uri Endpoint => new(app.Urls.First());

    /// <summary>Settings for a service: this endpoint, and exports soon enough for a test to wait for.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint.OriginalString,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>All spans so far.</summary>
    public IReadOnlyCollection<OtlpSpan> Spans => spans;

    /// <summary>All log lines so far.</summary>
    public IReadOnlyCollection<OtlpLog> Logs => logs;

    /// <summary>All metrics so far, one for each export.</summary>
    public IReadOnlyCollection<OtlpMetric> Metrics => metrics;

    /// <summary>Starts to listen on the loopback address.</summary>
    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until such a span has arrived.</summary>
    public async Task<OtlpSpan> SpanAsync(Func<OtlpSpan, bool> wanted, string what, TimeSpan? patience = null)
    {
        await Eventually.GetAsync(
            () => Task.FromResult(string.Join(", ", spans.Select(span => $"{span.Service}: {span.Name}").Distinct())),
            _ => spans.Any(wanted), $"the span of {what}", patience);
        return spans.First(wanted);
    }

    /// <summary>The spans of a trace that have arrived, oldest first.</summary>
    public IReadOnlyList<OtlpSpan> Trace(string traceId) => [.. spans.Where(span => span.TraceId == traceId).OrderBy(span => span.Start)];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        ReadOnlyMemory<byte> request = body.ToArray();
        switch (http.Request.Path.Value)
        {
            case "/v1/traces":
                foreach (var span in OtlpDecoder.Spans(request))
                    spans.Enqueue(span);
                break;
            case "/v1/logs":
                foreach (var log in OtlpDecoder.Logs(request))
                    logs.Enqueue(log);
                break;
            case "/v1/metrics":
                foreach (var metric in OtlpDecoder.Metrics(request))
                    metrics.Enqueue(metric);
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }
        // The empty message: everything was taken.
        http.Response.ContentType = "application/x-protobuf";
    }
}
