using System.ComponentModel;
using OrderSync.Gateway.Devices;

namespace OrderSync.Gateway.OwnRecords;

/// <summary>What a device asks and does about records it has sent: compare, look at what needs somebody, try again, give up, take up again.</summary>
internal static class AddOwnRecordsExtensions
{
    public static void AddOwnRecords(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<Reconciliation>().AddSingleton<OwnAttention>().AddSingleton<OwnWork>();

    public static void MapOwnRecords(this IEndpointRouteBuilder app)
    {
        var sync = app.MapGroup("/v1/sync").WithTags("Sync").RequireAuthorization(DeviceAuthentication.Scheme_);
        sync.MapPost("/reconcile", (HttpContext http, ReconcileRequest? request, Reconciliation reconciliation, CancellationToken stop) => reconciliation.HandleAsync(http, request, stop))
            .WithMetadata(new AsksForStandingItself()).WithSummary("Says how each of up to 10,000 records stands").Produces<Reconciled>().ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        sync.MapPost("/retry-errored", (HttpContext http, OwnWork work, string? after, CancellationToken stop) => work.RetryErroredAsync(http, after, stop))
            .WithSummary("Tries again all of this register that was refused, is held, or was not taken by a destination").Produces<OwnWorkDone>();

        var attention = sync.MapGroup("/attention");
        attention.MapGet("", (HttpContext http, OwnAttention own, [Description("refused, held, waiting, attention, reconnect or stopped; left out: all but what was stopped or waits for less than a day.")] string? reason,
                    string? after, int? limit, CancellationToken stop) => own.ListAsync(http, reason, after, limit, stop))
            .WithSummary("Lists what needs somebody of the rep's own records, the longest standing first").Produces<OwnAttentionList>();
        attention.MapPost("/retry", (HttpContext http, OwnWorkRequest? request, OwnWork work, CancellationToken stop) => work.RetryAsync(http, request, stop))
            .WithSummary("Tries records again as they are: the cause was mended elsewhere").Produces<OwnWorkDone>();
        attention.MapPost("/stop", (HttpContext http, OwnWorkRequest? request, OwnWork work, CancellationToken stop) => work.StopAsync(http, request, stop))
            .WithSummary("Puts records aside for good that have not gone on; they stay stored").Produces<OwnWorkDone>();
        attention.MapPost("/reopen", (HttpContext http, OwnWorkRequest? request, OwnWork work, CancellationToken stop) => work.ReopenAsync(http, request, stop))
            .WithSummary("Takes up again what a device has put aside").Produces<OwnWorkDone>();
    }
}
