namespace OrderSync.Gateway.Office.Setup;

/// <summary>What a company sets for its devices: settings and quick keys.</summary>
internal static class AddSetupExtensions
{
    public static void AddSetup(this IServiceCollection services) => services.AddSingleton<CompanySettings>().AddSingleton<QuickKeys>();

    public static void MapSetup(this IEndpointRouteBuilder look, IEndpointRouteBuilder change)
    {
        look.MapGet("/settings", (OfficeIdentity who, CompanySettings settings, CancellationToken stop) => settings.ListAsync(who, stop))
            .WithSummary("Lists the company's settings with their defaults and ranges").Produces<SettingList>();
        change.MapPut("/settings/{name}", (OfficeIdentity who, CompanySettings settings, string name, SettingRequest request, CancellationToken stop) => settings.PutAsync(who, name, request, stop))
            .WithSummary("Changes a setting of the company, or gives it its default again").Produces<SettingRow>().ProducesProblem(StatusCodes.Status404NotFound);
        look.MapGet("/quick-keys", (OfficeIdentity who, QuickKeys keys, CancellationToken stop) => keys.ListAsync(who, stop))
            .WithSummary("Lists the layouts of quick keys").Produces<QuickKeyLayouts>();
        change.MapPut("/quick-keys/{name}", (OfficeIdentity who, QuickKeys keys, string name, QuickKeyRequest request, CancellationToken stop) => keys.PutAsync(who, name, request, stop))
            .WithSummary("Makes or replaces a layout of quick keys").Produces<QuickKeyLayout>();
        change.MapDelete("/quick-keys/{name}", (OfficeIdentity who, QuickKeys keys, string name, CancellationToken stop) => keys.DeleteAsync(who, name, stop))
            .WithSummary("Removes a layout of quick keys").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }
}
