using System.ComponentModel;

namespace OrderSync.Gateway.Office.Access;

/// <summary>Keys and their roles, what was changed by whom, and what the office is told.</summary>
internal static class AddAccessExtensions
{
    public static void AddAccess(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<Alerts>().AddSingleton<AuditLog>().AddSingleton<ApiKeys>();

    public static void MapAccess(this IEndpointRouteBuilder office)
    {
        office.MapGet("/alerts", (OfficeIdentity who, Alerts alerts, HttpRequest request, [Description("True: only what somebody has seen. False: only what nobody has.")] bool? seen,
                [Description("Only what is about this device.")] Guid? device, Guid? after, int? limit, CancellationToken stop) =>
            alerts.ListAsync(who, request, seen, device, after, limit, stop)).ForOps()
            .WithSummary("Lists what the office is told, newest first").Produces<AlertList>();
        office.MapPost("/alerts/{id:guid}/seen", (OfficeIdentity who, Alerts alerts, Guid id, CancellationToken stop) => alerts.SeenAsync(who, id, stop)).RequireAuthorization(Roles.Change)
            .WithSummary("Notes that somebody has seen an alert").Produces(StatusCodes.Status204NoContent);
        office.MapGet("/audit", (OfficeIdentity who, AuditLog audit, [Description("Only changes of this thing: an id, a code or a name.")] string? subject, Guid? after, int? limit, CancellationToken stop) => audit.ListAsync(who, subject, after, limit, stop)).RequireAuthorization(Roles.Change)
            .WithSummary("Lists who changed what, newest first").Produces<AuditList>();

        var keys = office.MapGroup("/api-keys").RequireAuthorization(Roles.Own);
        keys.MapGet("", (OfficeIdentity who, ApiKeys apiKeys, CancellationToken stop) => apiKeys.ListAsync(who, stop)).WithSummary("Lists API keys, without their text").Produces<ApiKeyList>();
        keys.MapPost("", (OfficeIdentity who, ApiKeys apiKeys, ApiKeyRequest request, CancellationToken stop) => apiKeys.CreateAsync(who, request, stop))
            .WithSummary("Makes an API key and shows its text this once").Produces<NewApiKey>(StatusCodes.Status201Created);
        keys.MapPost("/{id:guid}/revoke", (OfficeIdentity who, ApiKeys apiKeys, Guid id, CancellationToken stop) => apiKeys.RevokeAsync(who, id, stop))
            .WithSummary("Revokes an API key; the last owner's cannot be").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status409Conflict);
    }
}
