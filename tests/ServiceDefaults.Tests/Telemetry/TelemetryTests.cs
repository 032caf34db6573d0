using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSync.Testing;

namespace OrderSync.ServiceDefaults.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_request_arrives_at_the_collector_as_a_span_with_route_status_and_service()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var service = await StartAsync(collector, "orders");

        using var answer = await service.Http.GetAsync(new Uri("/orders/17", UriKind.Relative));

        var span = await collector.SpanAsync(span => span is { Service: "orders", Kind: OtlpSpanKind.Server }
            && span.Attributes.GetValueOrDefault("url.path") == "/orders/17", "GET /orders/17");
        Assert.Equal("/orders/{id:int}", span.Attributes["http.route"]);
        Assert.Equal("202", span.Attributes["http.response.status_code"]);
        Assert.Equal("GET", span.Attributes["http.request.method"]);
        Assert.Equal(("GET /orders/{id:int}", false), (span.Name, span.Failed));
    }

    [Fact]
    public async Task A_request_that_fails_arrives_as_a_failed_span_with_its_cause()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var service = await StartAsync(collector, "failing");

        using var answer = await service.Http.GetAsync(new Uri("/broken", UriKind.Relative));

        var span = await collector.SpanAsync(span => span is { Service: "failing", Name: "GET /broken" }, "GET /broken");
        Assert.Equal(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture), span.Attributes["http.response.status_code"]);
        Assert.Equal(("500", "System.TimeoutException"), (span.Attributes["http.response.status_code"], span.Attributes["error.type"]));
        Assert.True(span.Failed);
    }

    [Fact]
    public async Task One_trace_goes_from_the_caller_through_two_services()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var second = await StartAsync(collector, "second");
        await using var first = await StartAsync(collector, "first", second.Http.BaseAddress);
        const string traceId = "0af7651916cd43dd8448eb211c80319c";

        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward/17");
        request.Headers.Add("traceparent", $"00-{traceId}-b7ad6b7169203331-01");
        using var answer = await first.Http.SendAsync(request);

        var last = await collector.SpanAsync(span => span.TraceId == traceId && span is { Service: "second", Kind: OtlpSpanKind.Server }, "the second service");
        var client = await collector.SpanAsync(span => span.SpanId == last.ParentSpanId && span.Kind == OtlpSpanKind.Client, "the call between them");
        var server = await collector.SpanAsync(span => span.SpanId == client.ParentSpanId, "the first service");
        Assert.Equal("b7ad6b7169203331", server.ParentSpanId);
    }

    [Fact]
    public async Task Logs_carry_the_trace_of_the_request_they_belong_to_and_metrics_are_exported()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var service = await StartAsync(collector, "logging");

        using var answer = await service.Http.GetAsync(new Uri("/orders/23", UriKind.Relative));

        await Eventually.TrueAsync(() => collector.Logs.Any(log => log.Message == "Looked at order 23"), "the log line");
        var log = collector.Logs.First(log => log.Message == "Looked at order 23");
        var span = await collector.SpanAsync(span => span is { Service: "logging", Kind: OtlpSpanKind.Server } && span.Attributes["url.path"] == "/orders/23", "GET /orders/23");
        Assert.Equal((span.TraceId, "Information"), (log.TraceId, log.Severity));
        await Eventually.TrueAsync(() => collector.Metrics.Any(metric => metric is { Service: "logging", Name: "http.server.request.duration" }), "the metric");
    }

    [Fact]
    public async Task Without_a_collector_a_service_runs_all_the_same()
    {
        await using var service = await Service.StartAsync();
        using var answer = await service.Http.GetAsync(new Uri("/alive", UriKind.Relative));
        Assert.True(answer.IsSuccessStatusCode);
    }

    private static Task<Service> StartAsync(OtlpReceiver collector, string name, Uri? next = null) => Service.StartAsync(
        collector.Environment.Append(KeyValuePair.Create("OTEL_SERVICE_NAME", name)),
        // The provider of OpenTelemetry was added by the defaults; the helper's clearing of providers comes before.
        builder => builder.Services.AddHttpClient(),
        app =>
        {
            app.MapGet("/orders/{id:int}", (int id, ILoggerFactory logs) =>
            {
                Looked(logs.CreateLogger("Orders"), id);
                return Results.Accepted();
            });
            app.MapGet("/broken", string () => throw new TimeoutException("The database is away."));
            app.MapGet("/forward/{id:int}", async (int id, IHttpClientFactory clients) =>
            {
                using var client = clients.CreateClient();
                return await client.GetStringAsync(new Uri(next!, "/orders/" + id.ToString(CultureInfo.InvariantCulture)));
            });
        });

    private static readonly Action<ILogger, int, Exception?> LookedMessage = LoggerMessage.Define<int>(LogLevel.Information, default, "Looked at order {Id}");

    private static void Looked(ILogger log, int id) => LookedMessage(log, id, null);
}
