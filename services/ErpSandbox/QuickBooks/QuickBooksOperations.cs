using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>QuickBooks Online.</summary>
internal sealed class QuickBooksStandIn : IStandIn
{
    private const string Company = "/quickbooks/v3/company/{realm}";

    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services
        .AddSingleton<QuickBooksTokens>()
        .AddSingleton<QuickBooksCompanies>()
        .AddSingleton<IJournaled, QuickBooksJournaled>()
        .AddSingleton<QuickBooksOAuth>()
        .AddSingleton<QuickBooksGate>();

    /// <inheritdoc/>
    public void Map(WebApplication app)
    {
        MapCall(app, "GET", "/query", QuickBooksQuery.Run);
        MapCall(app, "POST", "/query", QuickBooksQuery.Run);
        MapCall(app, "GET", "/cdc", QuickBooksChanges.Run);
        MapCall(app, "GET", "/companyinfo/{id}", QuickBooksOperations.Info);
        foreach (var entity in QuickBooksOperations.Entities)
        {
            MapCall(app, "POST", $"/{Small(entity)}", call => QuickBooksRows.Post(call, entity));
            MapCall(app, "GET", $"/{Small(entity)}/{{id}}", call => QuickBooksRows.Get(call, entity));
        }

        MapTokens(app, "/quickbooks/oauth2/v1/tokens/bearer", (oauth, request) => oauth.Token(request));
        MapTokens(app, "/quickbooks/v2/oauth2/tokens/revoke", (oauth, request) => oauth.Revoke(request));
        QuickBooksConsent.MapConsent(app);
        QuickBooksControl.MapControl(app);
    }

    private static string Small(QuickBooksEntity entity) => entity.Name.ToLowerInvariant();

    private static void MapCall(WebApplication app, string method, string path, Func<QuickBooksCall, ErpAnswer> handle) =>
        app.MapMethods(Company + path, [method], (HttpContext http, ErpExchange exchange, QuickBooksGate gate) =>
            exchange.RunAsync(http, (request, work) => gate.RunAsync(request, handle, work), QuickBooksAnswer.Fault));

    private static void MapTokens(WebApplication app, string path, Func<QuickBooksOAuth, ErpRequest, ErpAnswer> handle) =>
        app.MapPost(path, (HttpContext http, ErpExchange exchange, QuickBooksOAuth oauth) => exchange.RunAsync(http, async (request, work) =>
        {
            await work();
            return handle(oauth, request);
        }, QuickBooksAnswer.TokenFault));
}

/// <summary>All kinds of rows that the stand-in has.</summary>
internal static class QuickBooksOperations
{
    public static IReadOnlyList<QuickBooksEntity> Entities { get; } =
    [
        .. QuickBooksNames.All,
        .. QuickBooksSales.All,
        QuickBooksPayments.Payment,
        ReadOnly("TaxCode", "Name"), ReadOnly("TaxRate", "Name"), ReadOnly("PaymentMethod", "Name"), ReadOnly("Department", "Name"), ReadOnly("Term", "Name"),
        ReadOnly("Preferences"), ReadOnly("CompanyInfo"),
    ];

    /// <summary>GET /companyinfo/{realm}</summary>
    public static ErpAnswer Info(QuickBooksCall call) => QuickBooksAnswer.Of("CompanyInfo", CompanyInfo(call.Company), call.Now);

    /// <summary>What the company is called and where it is.</summary>
    public static JsonObject CompanyInfo(QuickBooksCompany company) => new()
    {
        ["CompanyName"] = company.Settings.CompanyName, ["Country"] = company.Settings.Country, ["Id"] = "1", ["Active"] = true,
    };

    /// <summary>What the company has switched on.</summary>
    public static JsonObject Preferences(QuickBooksCompany company) => new()
    {
        ["SalesFormsPrefs"] = new JsonObject { ["CustomTxnNumbers"] = company.Settings.CustomTxnNumbers, ["AllowDiscount"] = company.Settings.AllowDiscount, ["AllowShipping"] = false },
        ["CurrencyPrefs"] = new JsonObject { ["MultiCurrencyEnabled"] = company.Settings.MultiCurrency, ["HomeCurrency"] = QuickBooksJson.RefTo(company.Settings.HomeCurrency) },
        ["TaxPrefs"] = new JsonObject { ["UsingSalesTax"] = true, ["PartnerTaxEnabled"] = false },
        ["AccountingInfoPrefs"] = new JsonObject { ["BookCloseDate"] = company.Settings.BookCloseDate?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) },
        ["Id"] = "2", ["Active"] = true,
    };

    private static QuickBooksEntity ReadOnly(string name, params string[] filters) =>
        new(name, QuickBooksNames.Set(), QuickBooksNames.Set([.. filters, "Id", "Active", "MetaData.LastUpdatedTime"])) { HasActive = true, InChanges = name is not ("TaxCode" or "TaxRate" or "Preferences") };
}
