namespace OrderSync.ErpSandbox.Zoho;

/// <summary>One operation of the API: how it is asked for, the scope it needs, what it does, and which of the two products has it.</summary>
internal sealed record ZohoRoute(
    string Method, string Path, string Scope, Func<ZohoCall, ErpAnswer> Handle, ZohoFlavour? Only = null, bool NeedsOrganisation = true)
{
    /// <summary>Items live under settings in Books.</summary>
    public string ScopeIn(ZohoFlavour flavour) =>
        flavour == ZohoFlavour.Books && Scope.StartsWith("items.", StringComparison.Ordinal) ? "settings" + Scope[5..] : Scope;
}

/// <summary>Zoho Inventory and Zoho Books.</summary>
internal sealed class ZohoStandIn : IStandIn
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services.AddZoho();

    /// <inheritdoc/>
    public void Map(WebApplication app) => app.MapZoho();
}

/// <summary>Puts the stand-in for Zoho together.</summary>
internal static class ZohoRoutes
{
    /// <summary>Registers the stand-in for Zoho.</summary>
    public static IServiceCollection AddZoho(this IServiceCollection services) => services
        .AddSingleton<ZohoIds>()
        .AddSingleton<ZohoTokens>()
        .AddSingleton<ZohoCodes>()
        .AddSingleton<ZohoOrganisations>()
        .AddSingleton<IJournaled, ZohoJournaled>()
        .AddSingleton<ZohoOAuth>()
        .AddSingleton<ZohoGate>();

    /// <summary>Maps accounts server, API, control and page.</summary>
    public static void MapZoho(this WebApplication app)
    {
        foreach (var flavour in Enum.GetValues<ZohoFlavour>())
        {
            foreach (var route in ZohoOperations.All.Where(route => route.Only is null || route.Only == flavour))
            {
                app.MapMethods("/zoho" + flavour.Path() + route.Path, [route.Method], (HttpContext http, ErpExchange exchange, ZohoGate gate) =>
                    exchange.RunAsync(http, (request, work) => gate.RunAsync(request, flavour, route, work), ZohoAnswer.Fault));
            }
        }

        MapAccounts(app, "/zoho/oauth/v2/token", (oauth, request) => oauth.Token(request));
        MapAccounts(app, "/zoho/oauth/v2/token/revoke", (oauth, request) => oauth.Revoke(request));
        app.MapZohoConsent();
        app.MapZohoControl();
        app.MapZohoPages();
    }

    private static void MapAccounts(WebApplication app, string path, Func<ZohoOAuth, ErpRequest, ErpAnswer> handle) =>
        app.MapPost(path, (HttpContext http, ErpExchange exchange, ZohoOAuth oauth) => exchange.RunAsync(http, async (request, work) =>
        {
            await work();
            return handle(oauth, request);
        }, ZohoAnswer.AccountsFault));
}
