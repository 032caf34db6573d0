using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSync.Framework.Pull;

namespace OrderSync.Framework.Manage;

/// <summary>How many deleted rows a person was shown and says are right.</summary>
/// <param name="Rows">As the list says: <c>missing</c>.</param>
internal sealed record DeletionsRequest(long Rows);

/// <summary>What is brought back: look, look again now, read everything again, confirm deletions.</summary>
internal static class PullEndpoints
{
    public static void MapPulls(this RouteGroupBuilder manage)
    {
        manage.MapGet("/pull/attention", async (Guid company, PullOffice office, CancellationToken stop) => Results.Ok(new { Collections = await office.TroublesAsync(company, stop) }));
        // For the destination, which is not signed in here: the connector knows its signature.
        manage.MapPost("/connections/{companyId:guid}/{connectionId:guid}/hint", async (Guid companyId, Guid connectionId, IncomingCall call, Hints hints, CancellationToken stop) =>
            await hints.TakeAsync(companyId, connectionId, call, stop) switch
            {
                true => Results.NoContent(),
                false => Results.Problem(statusCode: 401, type: "hint.stranger", title: "The call is not signed by the destination."),
                null => ManageEndpoints.Unknown(),
            });
        var pull = manage.MapGroup("/connections/{companyId:guid}/{connectionId:guid}/pull");
        pull.MapGet("", async (Guid companyId, Guid connectionId, PullOffice office, CancellationToken stop) =>
            Results.Ok(new { Collections = await office.ListAsync(companyId, connectionId, stop) }));
        pull.MapPost("/{collection}/now", async (Guid companyId, Guid connectionId, string collection, PullOffice office, HttpContext http, CancellationToken stop) =>
            Done(await office.PullNowAsync(new(companyId, connectionId, collection), ManageEndpoints.PersonOf(http), stop), collection));
        pull.MapPost("/{collection}/reimport", async (Guid companyId, Guid connectionId, string collection, PullOffice office, HttpContext http, CancellationToken stop) =>
            Done(await office.ReimportAsync(new(companyId, connectionId, collection), ManageEndpoints.PersonOf(http), stop), collection));
        pull.MapPost("/{collection}/deletions", async (
            Guid companyId, Guid connectionId, string collection, DeletionsRequest wanted, PullOffice office, HttpContext http, CancellationToken stop) =>
            await office.ConfirmAsync(new(companyId, connectionId, collection), wanted.Rows, ManageEndpoints.PersonOf(http), stop) is { } deleted
                ? Results.Ok(new { Deleted = deleted })
                : Results.Problem(statusCode: 409, type: "pull.deletions", title: $"Not {wanted.Rows} of the {collection} wait for your word any more. Look at the list again."));
    }

    private static IResult Done(bool known, string collection) => known
        ? Results.NoContent()
        : Results.Problem(statusCode: 404, type: "pull.unknown", title: $"This connection does not bring back {collection}.");
}
