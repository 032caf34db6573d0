using System.ComponentModel;
using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Office.CustomerChanges;

/// <summary>Captured changes of customers that somebody else has changed as well: <c>/v1/office/customer-changes</c>.</summary>
internal static class AddCustomerChangesExtensions
{
    public static void AddCustomerChanges(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<HeldChanges>();

    public static void MapCustomerChanges(this IEndpointRouteBuilder office)
    {
        office.MapGet("/customer-changes", (OfficeIdentity who, HeldChanges changes, [Description("The value of `next` in the page before.")] Guid? after, int? limit, CancellationToken stop) =>
                changes.ListAsync(who, after, limit, stop))
            .WithSummary("Lists captured changes of customers that somebody else has changed meanwhile, with both versions").Produces<HeldChangeList>();
        office.MapPost("/customer-changes/{id:guid}/take", (OfficeIdentity who, HeldChanges changes, Guid id, CancellationToken stop) => changes.TakeAsync(who, id, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Takes the captured version").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
        office.MapPost("/customer-changes/{id:guid}/leave", (OfficeIdentity who, HeldChanges changes, Guid id, CancellationToken stop) => changes.LeaveAsync(who, id, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Leaves the customer as it is and puts the change aside").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
    }
}
