using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace OrderSync.ServiceDefaults.Http;

/// <summary>Outgoing HTTP with time-outs and a circuit breaker for each host, or for what the sender names. Only GET and HEAD are repeated, and what its sender marks repeatable.</summary>
public static class CarefulHttp
{
    /// <summary>Set on a request that its receiver takes only once however often it comes, such as one with the receiver's own idempotency key.</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("OrderSync.Repeatable");

    /// <summary>
    /// Set on a request to name what its circuit breaker is kept for; without it that is the host. Accounts of one host set it, so that trouble of
    /// one is not the others'.
    /// </summary>
    public static readonly HttpRequestOptionsKey<string> Circuit = new("OrderSync.Circuit");

    /// <summary>Longest time for one attempt.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    internal static void AddCarefulHttpClients(this IServiceCollection services)
    {
        services.AddSingleton<HostPipelines>();
        services.AddTransient<CarefulHandler>();
        services.ConfigureHttpClientDefaults(http =>
        {
            http.ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(100));
            http.AddHttpMessageHandler<CarefulHandler>();
        });
    }
}

/// <summary>The resilience pipelines of one process, by host: a host in trouble is left alone without hurting the others.</summary>
internal sealed class HostPipelines(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Host, bool Repeat), ResiliencePipeline<HttpResponseMessage>> pipelines = new();
    private readonly ConcurrentDictionary<string, CircuitBreakerStrategyOptions<HttpResponseMessage>> breakers = new();

    public ResiliencePipeline<HttpResponseMessage> For(string host, bool repeat) => pipelines.GetOrAdd((host, repeat), key => Build(key.Host, key.Repeat));

    private ResiliencePipeline<HttpResponseMessage> Build(string host, bool repeat)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (repeat)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                ShouldHandle = Trouble(),
            });
        }

        // One breaker definition for a host; its state is kept for each pipeline built from it.
        builder.AddCircuitBreaker(breakers.GetOrAdd(host, _ => new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.9,
            MinimumThroughput = 20,
            SamplingDuration = TimeSpan.FromSeconds(20),
            BreakDuration = TimeSpan.FromSeconds(5),
            ShouldHandle = Trouble(),
        }));
        return builder.AddTimeout(CarefulHttp.AttemptTimeout).Build();
    }

    private static PredicateBuilder<HttpResponseMessage> Trouble() => new PredicateBuilder<HttpResponseMessage>()
        .Handle<HttpRequestException>()
        .Handle<TimeoutRejectedException>()
        .HandleResult(answer => answer.StatusCode is HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError);
}

internal sealed class CarefulHandler(HostPipelines pipelines) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var repeat = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
            || (request.Options.TryGetValue(CarefulHttp.Repeatable, out var marked) && marked);
        var circuit = request.Options.TryGetValue(CarefulHttp.Circuit, out var named) ? named : request.RequestUri?.Authority ?? "";
        var pipeline = pipelines.For(circuit, repeat);
        return await pipeline.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }
}
