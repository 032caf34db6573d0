namespace OrderSync.ErpSandbox.Zoho;

/// <summary>One operation of the API: how it is asked for, the scope it needs, what it does.</summary>
internal sealed record ZohoRoute(string Method, string Path, string Scope, Func<ZohoCall, ErpAnswer> Handle, bool NeedsOrganisation = true);

/// <summary>The list of all that the stand-in for Zoho answers.</summary>
internal static class ZohoRoutes
{
    private static readonly ZohoRoute[] Inventory =
    [
        new("GET", "/organizations", "settings.READ", ZohoItems.Organisations, NeedsOrganisation: false),
        new("GET", "/settings/taxes", "settings.READ", ZohoItems.Taxes),
        new("GET", "/settings/currencies", "settings.READ", ZohoItems.Currencies),
        new("GET", "/items", "items.READ", ZohoItems.Find),
        new("GET", "/items/{id}", "items.READ", ZohoItems.Get),
        new("GET", "/itemdetails", "items.READ", ZohoItems.Details),
        new("GET", "/contacts", "contacts.READ", ZohoContacts.Find),
        new("POST", "/contacts", "contacts.CREATE", ZohoContacts.Create),
        new("GET", "/contacts/{id}", "contacts.READ", ZohoContacts.Get),
        new("PUT", "/contacts/{id}", "contacts.UPDATE", ZohoContacts.Update),
        new("GET", "/contacts/{id}/address", "contacts.READ", ZohoContacts.Addresses),
        new("POST", "/contacts/{id}/address", "contacts.CREATE", ZohoContacts.AddAddress),
        new("GET", "/salesorders", "salesorders.READ", ZohoSalesOrders.Find),
        new("POST", "/salesorders", "salesorders.CREATE", ZohoSalesOrders.Create),
        new("GET", "/salesorders/{id}", "salesorders.READ", ZohoSalesOrders.Get),
        new("PUT", "/salesorders/{id}", "salesorders.UPDATE", ZohoSalesOrders.Update),
        new("PUT", "/salesorder/{id}/customfields", "salesorders.UPDATE", ZohoSalesOrders.UpdateCustomFields),
        new("POST", "/salesorders/{id}/status/confirmed", "salesorders.CREATE", ZohoSalesOrders.Confirm),
        new("POST", "/salesorders/{id}/status/void", "salesorders.CREATE", ZohoSalesOrders.Void),
    ];

    /// <summary>Registers the stand-in for Zoho.</summary>
    public static IServiceCollection AddZoho(this IServiceCollection services) => services
        .AddSingleton<ZohoIds>()
        .AddSingleton<ZohoTokens>()
        .AddSingleton<ZohoOrganisations>()
        .AddSingleton<IJournaled, ZohoJournaled>()
        .AddSingleton<ZohoOAuth>()
        .AddSingleton<ZohoGate>();

    /// <summary>Maps accounts server, API, control and page.</summary>
    public static void MapZoho(this WebApplication app)
    {
        foreach (var route in Inventory)
        {
            app.MapMethods("/zoho/inventory/v1" + route.Path, [route.Method], (HttpContext http, ErpExchange exchange, ZohoGate gate) =>
                exchange.RunAsync(http, (request, work) => gate.RunAsync(request, route, work), ZohoAnswer.Fault));
        }

        MapAccounts(app, "/zoho/oauth/v2/token", (oauth, request) => oauth.Token(request));
        MapAccounts(app, "/zoho/oauth/v2/token/revoke", (oauth, request) => oauth.Revoke(request));
        app.MapZohoControl();
        app.MapZohoPages();
    }

    private static void MapAccounts(WebApplication app, string path, Func<ZohoOAuth, ErpRequest, ErpAnswer> handle) =>
        app.MapPost(path, (HttpContext http, ErpExchange exchange, ZohoOAuth oauth) => exchange.RunAsync(http, async (request, work) =>
        {
            await work();
            return handle(oauth, request);
        }, ZohoAnswer.Fault));
}
