namespace OrderSync.Gateway.Office.Access;

/// <summary>Keys and their roles, what was changed by whom, and what the office is told.</summary>
internal static class AddAccessExtensions
{
    public static void AddAccess(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<Alerts>().AddSingleton<AuditLog>().AddSingleton<ApiKeys>();

    public static void MapAccess(this IEndpointRouteBuilder office)
    {
        office.MapGet("/alerts", (OfficeIdentity who, Alerts alerts, HttpRequest request, bool? seen, Guid? before, int? limit, CancellationToken stop) =>
            alerts.ListAsync(who, request, seen, before, limit, stop)).ForOps();
        office.MapPost("/alerts/{id:guid}/seen", (OfficeIdentity who, Alerts alerts, Guid id, CancellationToken stop) => alerts.SeenAsync(who, id, stop)).RequireAuthorization(Roles.Change);
        office.MapGet("/audit", (OfficeIdentity who, AuditLog audit, Guid? before, int? limit, CancellationToken stop) => audit.ListAsync(who, before, limit, stop)).RequireAuthorization(Roles.Change);

        var keys = office.MapGroup("/api-keys").RequireAuthorization(Roles.Own);
        keys.MapGet("", (OfficeIdentity who, ApiKeys apiKeys, CancellationToken stop) => apiKeys.ListAsync(who, stop));
        keys.MapPost("", (OfficeIdentity who, ApiKeys apiKeys, ApiKeyRequest request, CancellationToken stop) => apiKeys.CreateAsync(who, request, stop));
        keys.MapPost("/{id:guid}/revoke", (OfficeIdentity who, ApiKeys apiKeys, Guid id, CancellationToken stop) => apiKeys.RevokeAsync(who, id, stop));
    }
}
