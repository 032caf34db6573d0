using System.ComponentModel;
using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Office.NeedsAttention;

/// <summary>What needs a person: listed, grouped by cause, and worked off.</summary>
internal static class AddAttentionExtensions
{
    private const string Reasons = "held, refused, waiting, attention or reconnect; stopped shows what was stopped";
    private const string Where = "Name of a connection; empty for what stands at the gateway itself.";
    private const string Why = "Stable code of the reason; empty for what has none.";
    private const string Common = "What the records of a group have in common beside the code, as the group says it.";

    public static void AddAttention(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<AttentionPages>().AddSingleton<AttentionGroups>().AddSingleton<AttentionWork>();

    public static void MapAttention(this IEndpointRouteBuilder office)
    {
        var attention = office.MapGroup("/attention");
        attention.MapGet("", (OfficeIdentity who, AttentionPages pages, HttpRequest request, [Description(Reasons)] string? reason, [Description(Where)] string? connection, string? kind,
                [Description(Why)] string? code, [Description(Common)] string? cause, string? after, int? limit, CancellationToken stop) =>
                pages.ListAsync(who, request, new(reason, connection, kind, code, cause), after, limit, stop))
            .WithSummary("Lists what needs a person, at the gateway and at every destination, the oldest first, with counts by reason").Produces<AttentionList>();
        attention.MapGet("/groups", (OfficeIdentity who, AttentionGroups groups, HttpRequest request, [Description(Reasons)] string? reason, [Description(Where)] string? connection, string? kind,
                [Description(Why)] string? code, [Description(Common)] string? cause, CancellationToken stop) => groups.ListAsync(who, request, new(reason, connection, kind, code, cause), stop))
            .WithSummary("Groups what needs a person by its cause, with what to do and where").Produces<AttentionGroupList>();

        attention.MapPost("/retry", (OfficeIdentity who, AttentionWork work, AttentionOrder order, CancellationToken stop) => work.RetryAsync(who, order, stop)).RequireAuthorization(Roles.Change)
            .WithSummary("Tries all of a cause again").Produces<AttentionDone>().ProducesProblem(StatusCodes.Status409Conflict);
        attention.MapPost("/stop", (OfficeIdentity who, AttentionWork work, AttentionOrder order, CancellationToken stop) => work.StopAsync(who, order, stop)).RequireAuthorization(Roles.Change)
            .WithSummary("Stops all of a cause; what is on its way is looked up first").Produces<AttentionDone>().ProducesProblem(StatusCodes.Status409Conflict);
        attention.MapPost("/accept", (OfficeIdentity who, AttentionWork work, AttentionOrder order, CancellationToken stop) => work.AcceptAsync(who, order, stop)).RequireAuthorization(Roles.Change)
            .WithSummary("Lets all of a cause that were held for a decision go on as they were captured").Produces<AttentionDone>().ProducesProblem(StatusCodes.Status409Conflict);
        attention.MapPost("/reopen", (OfficeIdentity who, AttentionWork work, AttentionOrder order, CancellationToken stop) => work.ReopenAsync(who, order, stop)).RequireAuthorization(Roles.Change)
            .WithSummary("Lets all go on that was stopped").Produces<AttentionDone>().ProducesProblem(StatusCodes.Status409Conflict);
    }
}
