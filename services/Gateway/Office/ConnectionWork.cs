using System.Text.Json;
using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Office;

/// <summary>What the office does with connections.</summary>
internal static class ConnectionWork
{
    public static void MapConnectionWork(this IEndpointRouteBuilder office)
    {
        office.MapGet("/connections/{name}", (OfficeIdentity who, Connections connections, string name, CancellationToken stop) => connections.GetAsync(who, name, stop))
            .WithSummary("Shows a connection with its settings; secrets only as set or not").Produces<ConnectionDetail>().ProducesProblem(StatusCodes.Status404NotFound);
        office.MapPost("/connections/{name}/retry-all", (OfficeIdentity who, Connections connections, string name, CancellationToken stop) => connections.RetryAllAsync(who, name, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Tries all again that stands still at a connection").Produces<JsonElement>().ProducesProblem(StatusCodes.Status404NotFound);

        const string Path = "/connections/{name}/manage/{**path}";
        office.MapGet(Path, (OfficeIdentity who, Connections connections, string name, string path, HttpRequest request, CancellationToken stop) => connections.ForwardAsync(who, name, path, request, stop))
            .WithSummary("Looks at the connector's own pages of a connection, such as state, calls or attention").Produces<JsonElement>().ProducesProblem(StatusCodes.Status404NotFound);
        office.MapMethods(Path, [HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete],
                (OfficeIdentity who, Connections connections, string name, string path, HttpRequest request, CancellationToken stop) => connections.ForwardAsync(who, name, path, request, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Does something at a connection, such as test, pause or resume").Accepts<JsonElement>(isOptional: true, "application/json").Produces<JsonElement>().Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }
}
