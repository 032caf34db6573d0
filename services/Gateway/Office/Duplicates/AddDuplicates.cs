using System.ComponentModel;
using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Office.Duplicates;

/// <summary>Customers that may be there twice: <c>/v1/office/duplicates</c>.</summary>
internal static class AddDuplicatesExtensions
{
    public static void AddDuplicates(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<Duplicates>().AddSingleton<DuplicateWork>();

    public static void MapDuplicates(this IEndpointRouteBuilder office)
    {
        office.MapGet("/duplicates", (OfficeIdentity who, Duplicates duplicates, [Description("True: what was decided, the newest first.")] bool? decided,
                [Description("The value of `next` in the page before.")] Guid? after, int? limit, CancellationToken stop) => duplicates.ListAsync(who, decided, after, limit, stop))
            .WithSummary("Lists customers that may be there twice, both sides whole").Produces<DuplicateList>();
        office.MapPost("/duplicates/{id:guid}/merge", (OfficeIdentity who, DuplicateWork work, Guid id, MergeRequest request, CancellationToken stop) => work.MergeAsync(who, id, request, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Makes the two one; records of the other go on under the one that stays")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        office.MapPost("/duplicates/{id:guid}/keep", (OfficeIdentity who, DuplicateWork work, Guid id, CancellationToken stop) => work.KeepAsync(who, id, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Notes that the two are two; what waited goes on")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }
}
