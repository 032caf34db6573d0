using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OrderSync.ServiceDefaults;

namespace OrderSync.Gateway.Traffic;

/// <summary>Limits on what comes from outside, and where clients read them.</summary>
internal static class AddTrafficExtensions
{
    // What has come of a body before anybody reads it: a thousand devices may be waiting.
    private const int ReadAhead = 64 * 1024;

    public static void AddTraffic(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<LimitSettings>("Limits", limits => limits.WhyNot());
        builder.Services.AddSingleton<RequestRates>().AddSingleton<WaitingRoom>().AddKeyedSingleton(WaitingRoom.Refreshes, (services, _) =>
            new WaitingRoom(services.GetRequiredService<IOptions<LimitSettings>>(), services.GetRequiredService<TimeProvider>(), forPushes: false)).AddSingleton<Guesses>().AddSingleton<Capabilities>();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBufferSize = ReadAhead);
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<LimitSettings>>((forwarded, limits) =>
        {
            forwarded.ForwardedHeaders = limits.Value.Proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in limits.Value.Proxies)
                forwarded.KnownIPNetworks.Add(LimitSettings.Network(proxy)!.Value);
        });
    }

    /// <summary>Behind authorization: by then it is known whose bucket a request is taken from.</summary>
    public static void UseRequestRates(this WebApplication app)
    {
        var rates = app.Services.GetRequiredService<RequestRates>();
        app.Use((http, next) => rates.Take(http) is { } refusal ? refusal.ExecuteAsync(http) : next(http));
    }

    public static void MapTraffic(this IEndpointRouteBuilder app)
    {
        var traffic = app.MapGroup("/v1").WithTags("Traffic");
        traffic.MapGet("/ping", (TimeProvider time) => new Pong(time.GetUtcNow(), Pong.NextTime())).WithSummary("Answers, without asking the database");
        traffic.MapGet("/capabilities", (Capabilities capabilities) => capabilities.Answer).WithSummary("Says what is taken, and how much of it");
    }
}

/// <summary>Answer to a probe of the line; costs no database.</summary>
/// <param name="Time">The server's clock.</param>
/// <param name="AgainInSeconds">When to probe again: two minutes, never all devices at once.</param>
internal sealed record Pong(DateTimeOffset Time, int AgainInSeconds)
{
    public static int NextTime() => Random.Shared.Next(90, 151);
}
