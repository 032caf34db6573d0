using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.ServiceDefaults;

namespace OrderSync.Gateway.Deliveries;

/// <summary>Deliveries: what connectors report, what is asked of them, and what the office wants of records and connections.</summary>
internal static class AddDeliveriesExtensions
{
    public static void AddDeliveries(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<LevelSettings>(LevelSettings.Section, LevelSettings.WhyNot);
        builder.Services.AddSingleton<ReportRows>().AddSingleton<Wishes>().AddSingleton<Backfills>().AddSingleton<BackfillPages>();
        builder.Services.AddHostedService<Questions>().AddHostedService<BackfillWork>().AddHostedService<Backlog>();
    }

    public static void MapDeliveries(this IEndpointRouteBuilder office)
    {
        var records = office.MapGroup("/records/{id:guid}").RequireAuthorization(Roles.Change);
        records.MapPost("/retry", (OfficeIdentity who, Wishes wishes, Guid id, WishRequest? request, CancellationToken stop) => wishes.RetryAsync(who, id, request, stop))
            .WithSummary("Tries a record again at its destinations, with what it needs there").Produces<WishAnswer>().ProducesProblem(StatusCodes.Status409Conflict);
        records.MapPost("/stop", (OfficeIdentity who, Wishes wishes, Guid id, WishRequest? request, CancellationToken stop) => wishes.StopAsync(who, id, request, stop))
            .WithSummary("Stops a record; what is on its way is looked up first").Produces<WishAnswer>().ProducesProblem(StatusCodes.Status409Conflict);
        records.MapPost("/reopen", (OfficeIdentity who, Wishes wishes, Guid id, WishRequest? request, CancellationToken stop) => wishes.ReopenAsync(who, id, request, stop))
            .WithSummary("Lets a stopped record go on").Produces<WishAnswer>().ProducesProblem(StatusCodes.Status409Conflict);
        records.MapPost("/accept", (OfficeIdentity who, Wishes wishes, Guid id, CancellationToken stop) => wishes.AcceptAsync(who, id, stop))
            .WithSummary("Lets a record that was held for a decision go on as it was captured").Produces<WishAnswer>().ProducesProblem(StatusCodes.Status409Conflict);

        office.MapGet("/connections/{name}/backfill", (OfficeIdentity who, Backfills backfills, string name, CancellationToken stop) => backfills.ListAsync(who, name, stop)).ForOps()
            .WithSummary("Lists back-fills of a connection and how far they are").Produces<BackfillList>().ProducesProblem(StatusCodes.Status404NotFound);
        office.MapPost("/connections/{name}/backfill", (OfficeIdentity who, Backfills backfills, string name, BackfillRequest request, CancellationToken stop) => backfills.StartAsync(who, name, request, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Brings stored records to a connection, or counts them").Produces<BackfillAnswer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        office.MapPost("/connections/{name}/backfill/{id:guid}/cancel", (OfficeIdentity who, Backfills backfills, string name, Guid id, CancellationToken stop) => backfills.CancelAsync(who, name, id, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Ends a back-fill; what it has brought stays").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }
}
