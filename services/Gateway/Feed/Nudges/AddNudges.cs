using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office;
using OrderSync.ServiceDefaults;

namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>Nudges: devices that are on line hear at once that there is something to pull.</summary>
internal static class AddNudgesExtensions
{
    public static void AddNudges(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<NudgeSettings>("Nudge", nudge => nudge.WhyNot());
        builder.Services.AddSingleton<Audiences>().AddSingleton<RedisNudges>().AddSingleton<FeedSignal>().AddSingleton<NudgeEndpoint>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisNudges>()).AddHostedService<Nudges>();
    }

    /// <summary>What the office changes is told of once it is answered, whoever wrote it.</summary>
    public static void UseFeedSignal(this WebApplication app)
    {
        var (signal, audiences) = (app.Services.GetRequiredService<FeedSignal>(), app.Services.GetRequiredService<Audiences>());
        // Open lines would hold up a stop.
        app.Lifetime.ApplicationStopping.Register(audiences.EndAll);
        GatewayMeter.Listeners(() => audiences.Count);
        app.Use(async (http, next) =>
        {
            await next(http);
            if (http.Features.Get<OfficeIdentity>() is { } office && !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) && http.Response.StatusCode < StatusCodes.Status300MultipleChoices)
                signal.Committed(office.CompanyId);
        });
    }

    public static void MapNudges(this IEndpointRouteBuilder app) => app.MapGroup("/v1/sync").WithTags("Sync")
        .MapGet("/nudge", (HttpContext http, NudgeEndpoint nudge) => nudge.HandleAsync(http)).RequireAuthorization(DeviceAuthentication.Scheme_)
        .WithSummary("Says when it is worth a pull, as server-sent events").Produces<string>(StatusCodes.Status200OK, "text/event-stream").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
