using System.ComponentModel;
using OrderSync.Gateway.Activities.Forms;
using OrderSync.Gateway.Office;

namespace OrderSync.Gateway.Activities;

/// <summary>What the office sees and sets of activities: the log of visits, and forms.</summary>
internal static class AddActivitiesExtensions
{
    public static void AddActivities(this IServiceCollection services) => services.AddSingleton<VisitLog>().AddSingleton<OfficeForms>().AddSingleton<HeldResponses>();

    public static void MapActivities(this IEndpointRouteBuilder look, IEndpointRouteBuilder change)
    {
        look.MapGet("/visits", (OfficeIdentity who, VisitLog visits,
                [Description("Id of the rep.")] Guid rep, [Description("Day on which they began, such as 2026-11-22.")] DateOnly day, CancellationToken stop) => visits.ListAsync(who, rep, day, stop))
            .WithSummary("Lists a rep's visits of a day with all that was captured during them").Produces<VisitList>();
        look.MapGet("/forms", (OfficeIdentity who, OfficeForms forms, CancellationToken stop) => forms.ListAsync(who, stop))
            .WithSummary("Lists the newest version of each form").Produces<FormList>();
        look.MapGet("/forms/{name}/versions/{version}", (OfficeIdentity who, OfficeForms forms, string name, [Description("Version of the form.")] int version, CancellationToken stop) => forms.GetAsync(who, name, version, stop))
            .WithSummary("Shows one version of a form").Produces<FormVersion>().ProducesProblem(StatusCodes.Status404NotFound);
        change.MapPut("/forms/{name}", (OfficeIdentity who, OfficeForms forms, string name, FormRequest request, CancellationToken stop) => forms.PublishAsync(who, name, request, stop))
            .WithSummary("Publishes a version of a form; what was filled in with an older one stays judged by that").Produces<FormVersion>().ProducesProblem(StatusCodes.Status409Conflict);
    }
}
