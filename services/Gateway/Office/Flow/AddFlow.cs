using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Office.Flow;

/// <summary>What flows, for whoever watches.</summary>
internal static class AddFlowExtensions
{
    public static void AddFlow(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<Flow>().AddSingleton<ConnectionHealth>();

    public static void MapFlow(this IEndpointRouteBuilder office) => office.MapGet("/flow", (OfficeIdentity who, Flow flow, HttpRequest request, CancellationToken stop) => flow.GetAsync(who, request, stop)).ForOps()
        .WithSummary("Shows what flows just now: stored, delivered, waiting, and what needs a person, in counts").Produces<FlowAnswer>();
}
