using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using OrderSync.Framework.Parked;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Framework.Manage;

/// <summary>Which parked messages.</summary>
/// <param name="Ids">These.</param>
/// <param name="All">The oldest thousand.</param>
internal sealed record ParkedRequest(IReadOnlyList<Guid>? Ids, bool All);

/// <summary>Messages that could not be read: look, send again, put aside. Without a company those that name none are meant.</summary>
internal static class ParkedEndpoints
{
    private const int Most = 1000;

    public static void MapParked(this RouteGroupBuilder manage)
    {
        var parked = manage.MapGroup("/parked");
        parked.MapGet("", async (Guid? company, string? after, int? limit, ParkedMessages messages, CancellationToken stop) =>
        {
            if (ManageEndpoints.WhyNotLimit(limit ?? 50, Most) is { } wrong)
                return wrong;
            var place = Place.TryParse(after, out var read) ? read : (Place?)null;
            return Results.Ok(await messages.ListAsync(company ?? Guid.Empty, place, limit ?? 50, stop));
        });
        parked.MapGet("/count", async (Guid? company, ParkedMessages messages, CancellationToken stop) => Results.Ok(await messages.CountAsync(company ?? Guid.Empty, stop)));
        parked.MapPost("/replay", async (Guid? company, ParkedRequest wanted, ParkedMessages messages, [FromServices] BrokerQueues queues, HttpContext http, CancellationToken stop) =>
            await IdsAsync(company, wanted, messages, stop) is { } ids
                ? Results.Ok(new { Replayed = await messages.ReplayAsync(company ?? Guid.Empty, ids, queues, ManageEndpoints.PersonOf(http), stop) })
                : Which());
        parked.MapPost("/discard", async (Guid? company, ParkedRequest wanted, ParkedMessages messages, HttpContext http, CancellationToken stop) =>
            await IdsAsync(company, wanted, messages, stop) is { } ids
                ? Results.Ok(new { Discarded = await messages.DiscardAsync(company ?? Guid.Empty, ids, ManageEndpoints.PersonOf(http), stop) })
                : Which());
    }

    private static async Task<IReadOnlyList<Guid>?> IdsAsync(Guid? company, ParkedRequest wanted, ParkedMessages messages, CancellationToken stop) => wanted switch
    {
        { All: true, Ids: null } => await messages.AllAsync(company ?? Guid.Empty, stop),
        { All: false, Ids.Count: > 0 and <= Most } => wanted.Ids,
        _ => null,
    };

    private static IResult Which() => Results.Problem(statusCode: 400, type: "parked.which", title: $"Say which: {{\"ids\": […]}}, at most {Most}, or {{\"all\": true}}.");
}
