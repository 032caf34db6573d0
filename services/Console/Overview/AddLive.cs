using OrderSync.Console.SignIn;

namespace OrderSync.Console.Overview;

/// <summary>Figures that move by themselves: <c>/live</c>.</summary>
internal static class AddLiveExtensions
{
    public static void AddLive(this WebApplicationBuilder builder) => builder.Services.AddSingleton<LiveFlows>();

    public static void MapLive(this WebApplication app) => app.MapGet("/live", (HttpContext http, LiveFlows live) =>
        http.Features.Get<Session>() is { } session && SessionCookie.Read(http) is { } token
            ? TypedResults.ServerSentEvents(live.WatchAsync(session, token, http.RequestAborted))
            : Results.Unauthorized()).RequireAuthorization();
}
