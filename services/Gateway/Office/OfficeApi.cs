using OrderSync.Gateway.Activities;
using OrderSync.Gateway.Collections;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Images;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Office.Archive;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Office.CustomerChanges;
using OrderSync.Gateway.Office.Duplicates;
using OrderSync.Gateway.Office.Flow;
using OrderSync.Gateway.Office.NeedsAttention;
using OrderSync.Gateway.Office.People;
using OrderSync.Gateway.Office.Prices;
using OrderSync.Gateway.Office.Search;
using OrderSync.Gateway.Office.Setup;
using OrderSync.Gateway.Office.Staff;
using OrderSync.Gateway.Parked;

namespace OrderSync.Gateway.Office;

/// <summary>What the console and administrators call: <c>/v1/office/…</c>.</summary>
internal static class OfficeApi
{
    public static void AddOffice(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Connections>().AddSingleton<EnrolmentCodes>().AddSingleton<Records>().AddSingleton<Summary>();
        builder.Services.AddSingleton<ConnectorCalls>().AddSingleton<EachConnector>().AddSingleton<ConnectorCatalogue>().AddSingleton<CollectionTroubles>();
        builder.Services.AddSingleton<RecordSearch>().AddSingleton<CustomerPages>().AddSingleton<RecordCalls>().AddCatalogue();
        builder.Services.AddPrices();
        builder.Services.AddSetup();
        builder.Services.AddActivities();
        builder.AddStaff();
        builder.AddAttention();
        builder.AddDuplicates();
        builder.AddCustomerChanges();
        builder.AddArchive();
        builder.AddFlow();
        builder.AddAccess();
        builder.AddPeople();
        builder.Services.AddHttpClient(ConnectorCalls.Client);
    }

    public static void MapOffice(this IEndpointRouteBuilder app)
    {
        app.MapApproved();
        app.MapHooks();
        app.MapSignIn();
        var look = app.MapGroup("/v1/office").RequireAuthorization(OfficeAuthentication.Scheme_).WithTags("Office");
        look.MapGet("/summary", (OfficeIdentity office, Summary summary, string? since, CancellationToken stop) => summary.GetAsync(office, since, stop)).ForOps()
            .WithSummary("Counts and sums records, by kind, state and destination").Produces<SummaryAnswer>();
        look.MapSearch();
        look.MapGet("/records/{id:guid}", (OfficeIdentity office, Records records, Guid id, HttpRequest request, CancellationToken stop) => records.GetAsync(office, id, request, stop))
            .WithSummary("Shows one record with all that happened to it").Produces<RecordDetail>();
        look.MapGet("/records/{id:guid}/captures/{sha256}", (OfficeIdentity office, Records records, Guid id, string sha256, CancellationToken stop) => records.CaptureAsync(office, id, sha256, stop))
            .WithSummary("Gives the bytes of one capture exactly as they came").Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream");
        look.MapGet("/records/{id:guid}/calls", (OfficeIdentity office, RecordCalls calls, Guid id, CancellationToken stop) => calls.ListAsync(office, id, stop))
            .WithSummary("Lists the calls that connectors made for one record, newest first").Produces<RecordCallList>();
        look.MapGet("/connections", (OfficeIdentity office, Connections connections, CancellationToken stop) => connections.ListAsync(office, stop)).ForOps()
            .WithSummary("Lists connections").Produces<ConnectionList>();
        look.MapGet("/connectors", (OfficeIdentity office, ConnectorCatalogue catalogue, HttpRequest request, CancellationToken stop) => catalogue.ListAsync(office, request, stop)).ForOps()
            .WithSummary("Lists the connectors that run here, with their settings forms; those that do not answer as away").Produces<ConnectorList>();
        look.MapGet("/standings", (OfficeIdentity office, ConnectorCatalogue catalogue, CancellationToken stop) => catalogue.StandingsAsync(office, stop)).ForOps()
            .WithSummary("Shows where each connection stands: pause, rest, budget, documents by state").Produces<StandingList>();
        look.MapStaff();
        look.MapAccess();
        look.MapPeople();
        look.MapDeliveries();
        look.MapConnectionWork();
        look.MapAttention();
        look.MapDuplicates();
        look.MapCustomerChanges();
        look.MapFlow();
        look.MapParked();
        look.MapCollections();

        var change = look.MapGroup("").RequireAuthorization(Roles.Change);
        look.MapCatalogue(change);
        look.MapArchive(change);
        look.MapPrices(change);
        look.MapSetup(change);
        look.MapActivities(change);
        look.MapImages(change);
        change.MapPut("/connections/{name}", (OfficeIdentity office, Connections connections, string name, ConnectionRequest request, CancellationToken stop) =>
            connections.PutAsync(office, name, request, stop))
            .WithSummary("Makes a connection or replaces its settings").Produces<ConnectionRow>().ProducesProblem(StatusCodes.Status409Conflict);
        look.MapEnrolmentCodes(change);
    }
}
