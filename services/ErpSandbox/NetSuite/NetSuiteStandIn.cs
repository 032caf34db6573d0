namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>NetSuite: records and queries of its REST web services.</summary>
internal sealed class NetSuiteStandIn : IStandIn
{
    private const string Services = "/netsuite/{account}/services/rest";
    private const string Records = Services + "/record/v1";

    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services
        .AddSingleton<NetSuiteTokens>()
        .AddSingleton<NetSuiteAccounts>()
        .AddSingleton<IJournaled, NetSuiteJournaled>()
        .AddSingleton<NetSuiteOAuth>()
        .AddSingleton<NetSuiteGate>();

    /// <inheritdoc/>
    public void Map(WebApplication app)
    {
        MapCall(app, "POST", Services + "/query/v1/suiteql", SuiteQlRun.Run);
        MapCall(app, "POST", Records + "/{type}", NetSuiteRecords.Post);
        MapCall(app, "PUT", Records + "/{type}/{key}", NetSuiteRecords.Put);
        MapCall(app, "PATCH", Records + "/{type}/{key}", NetSuiteRecords.Patch);
        MapCall(app, "DELETE", Records + "/{type}/{key}", NetSuiteRecords.Delete);
        MapCall(app, "GET", Records + "/{type}/{key}", NetSuiteRecords.Get);
        MapCall(app, "GET", Records + "/{type}/{key}/{part}", NetSuiteRecords.GetPart);
        MapCall(app, "GET", Records + "/{type}", NetSuiteFilter.Run);
        MapCall(app, "GET", Records + "/metadata-catalog", NetSuiteMetadata.Run);
        MapCall(app, "POST", Records + "/{type}/{key}/!transform/{target}", NetSuiteTransform.Run);
        app.MapPost(Services + "/auth/oauth2/v1/token", (HttpContext http, ErpExchange exchange, NetSuiteOAuth oauth) => exchange.RunAsync(http, async (request, work) =>
        {
            await work();
            return oauth.Token(request);
        }, NetSuiteOAuth.Fault));
        NetSuiteControl.MapControl(app);
    }

    private static void MapCall(WebApplication app, string method, string path, Func<NetSuiteCall, ErpAnswer> handle) =>
        app.MapMethods(path, [method], (HttpContext http, ErpExchange exchange, NetSuiteGate gate) =>
            exchange.RunAsync(http, (request, work) => gate.RunAsync(request, handle, work), NetSuiteAnswer.Fault));
}
