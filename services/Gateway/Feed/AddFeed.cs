using System.ComponentModel;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed.Collections;
using OrderSync.ServiceDefaults;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Gateway.Feed;

/// <summary>The feed: what devices hear of, and the copies they hold.</summary>
internal static class AddFeedExtensions
{
    public static void AddFeed(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<FeedSettings>("Feed", feed => feed.WhyNot());
        builder.AddDatabasePool("gateway", Pages.Pool, Pages.AtOnce);
        // In the order of the first download.
        builder.Services.AddSingleton<FeedCollection, Settings>().AddSingleton<FeedCollection, Reps>().AddSingleton<FeedCollection, Taxes>().AddSingleton<FeedCollection, PriceLists>()
            .AddSingleton<FeedCollection, Products>().AddSingleton<FeedCollection, Prices>().AddSingleton<FeedCollection, Stock>().AddSingleton<FeedCollection, Collections.Customers>()
            .AddSingleton<FeedCollection, History>().AddSingleton<FeedCollection, QuickKeys>().AddSingleton<FeedCollection, Collections.Images>().AddSingleton<FeedCollection, Forms>().AddSingleton<FeedCollection, SavedLocations>()
            .AddSingleton<FeedCollection, Verdicts>().AddSingleton<FeedCollection, RecordStatus>().AddSingleton<FeedCollection, CustomerIds>();
        builder.Services.AddSingleton<Shapes>().AddSingleton<Scopes>().AddSingleton<Cursors>().AddSingleton<Pages>().AddSingleton<Pulls>().AddSingleton<PullEndpoint>().AddSingleton<Acknowledgements>();
        builder.Services.AddHostedService<Retention>();
    }

    public static void MapFeed(this IEndpointRouteBuilder app)
    {
        var sync = app.MapGroup("/v1/sync").WithTags("Sync").RequireAuthorization(DeviceAuthentication.Scheme_).WithMetadata(new AsksForStandingItself());
        sync.MapGet("/pull", (HttpContext http, PullEndpoint pull,
                    [Description("The last cursor, or the last checkpoint of a pull that was cut off. Left out: everything.")] string? cursor,
                    [Description("Whether the last line proves what the device has, after changes too.")] bool? hashes) => pull.HandleAsync(http, cursor, hashes ?? false))
            .WithSummary("Sends what the device does not know yet, as lines of JSON").Produces<PullBegin>(StatusCodes.Status200OK, "application/x-ndjson");
        sync.MapPost("/pull/ack", (HttpContext http, PullAcknowledgement? request, Acknowledgements acknowledgements, CancellationToken stop) => acknowledgements.TakeAsync(http, request, stop))
            .WithSummary("Notes that the device has applied everything up to a cursor").Produces<PullReady>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        sync.MapGet("/status", (HttpContext http, Acknowledgements acknowledgements,
                    [Description("The device's cursor.")] string? cursor, CancellationToken stop) => acknowledgements.StatusAsync(http, cursor, stop))
            .WithSummary("Says whether the device knows everything that it may see").Produces<PullStatus>();
    }
}
