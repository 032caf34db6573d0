using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSync.Framework.Connections;
using OrderSync.Framework.OAuth;

namespace OrderSync.Framework.Manage;

/// <summary>A person approves a connection at the destination: where to go, and what came back.</summary>
internal static class ApprovalEndpoints
{
    public static void MapApprovals(this RouteGroupBuilder manage)
    {
        manage.MapPost("/connections/{companyId:guid}/{connectionId:guid}/connect", BeginAsync);
        manage.MapGet("/connections/{companyId:guid}/{connectionId:guid}/approval", async (Guid companyId, Guid connectionId, Approvals approvals, CancellationToken stop) =>
            Results.Ok(new { Last = await approvals.LastAsync(companyId, connectionId, stop) }));
        // For a person who comes from the destination and is not signed in here: the state says whose it is.
        manage.MapGet("/approved", async (HttpRequest request, Approvals approvals, CancellationToken stop) => Results.Ok(await approvals.EndAsync(
            request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal), stop)));
    }

    private static async Task<IResult> BeginAsync(
        Guid companyId, Guid connectionId, ConnectionStore connections, Approvals approvals, ConnectorInfo info, HttpContext http, CancellationToken stop)
    {
        if (!Uri.TryCreate(http.Request.Headers[InternalKey.Callback].ToString(), UriKind.Absolute, out var redirect))
            return Results.Problem(statusCode: 400, type: "connect.callback", title: $"The header {InternalKey.Callback} is missing: it names the address the approval leads back to.");
        if (await connections.FindAsync(companyId, connectionId, stop) is not { } connection)
            return ManageEndpoints.Unknown();
        return await approvals.BeginAsync(connection, redirect, ManageEndpoints.PersonOf(http), stop) is { } begun
            ? Results.Ok(begun)
            : Results.Problem(statusCode: 409, type: "connect.unsupported", title: $"{info.Title} is connected by entering credentials in its settings, not by an approval.");
    }
}
