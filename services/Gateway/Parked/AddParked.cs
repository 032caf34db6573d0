using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Gateway.Parked;

/// <summary>Messages that could not be read, where people look.</summary>
internal static class AddParkedExtensions
{
    public static void AddParked(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ParkedMessages>().AddSingleton<ParkedCounts>();
        builder.AddParkedKeeper<ParkedMessages>(Queues.Gateway);
    }

    public static void MapParked(this IEndpointRouteBuilder office)
    {
        var parked = office.MapGroup("/parked");
        parked.MapGet("", (OfficeIdentity who, ParkedMessages messages, string? after, int? limit, CancellationToken stop) => messages.ListAsync(who, after, limit, stop))
            .WithSummary("Lists messages of connectors that the gateway could not read, the oldest first").Produces<ParkedList>();
        parked.MapPost("/replay", (OfficeIdentity who, ParkedMessages messages, ParkedRequest? request, CancellationToken stop) => messages.ReplayAsync(who, request, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Reads such messages once more").Produces<ParkedAnswer>();
        parked.MapPost("/discard", (OfficeIdentity who, ParkedMessages messages, ParkedRequest? request, CancellationToken stop) => messages.DiscardAsync(who, request, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Puts such messages aside; they are kept").Produces<ParkedAnswer>();
    }
}
