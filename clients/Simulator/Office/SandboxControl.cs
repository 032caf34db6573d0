using System.Text.Json;
using System.Text.Json.Serialization;
using OrderSync.Money;
using OrderSync.Simulator.Fleet;

namespace OrderSync.Simulator.Office;

/// <summary>The credentials of an organisation in the sandbox.</summary>
internal sealed record SandboxOrganisation(
    [property: JsonPropertyName("organization_id")] string Id,
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("client_secret")] string ClientSecret,
    [property: JsonPropertyName("refresh_token")] string RefreshToken);

/// <summary>What an organisation holds, counted by the sandbox itself.</summary>
internal sealed record SandboxSummary(
    [property: JsonPropertyName("salesorders")] int Orders,
    [property: JsonPropertyName("void")] int Void,
    [property: JsonPropertyName("total")] decimal Total,
    [property: JsonPropertyName("duplicates_contacts")] int TwiceTheSameCustomer = 0);

/// <summary>One sales order or payment as it stands in the sandbox.</summary>
internal sealed record SandboxDocument(
    [property: JsonPropertyName("number")] string? Number,
    [property: JsonPropertyName("total")] decimal Total,
    [property: JsonPropertyName("status")] string? Status,
    [property: JsonPropertyName("cf_ordersync_id")] string? OrderSyncId);

/// <summary>Sets up an organisation in the ERP sandbox and asks it, past all our own parts, what it holds.</summary>
internal sealed class SandboxControl(Http sandbox, Patience patience)
{
    /// <summary>The organisation that replays go to.</summary>
    public const string Organisation = "10234695";

    public async Task<SandboxOrganisation> SetUpAsync(
        string currency, RoundingLevel level, IReadOnlyCollection<Tax> taxes, IEnumerable<Product> items, CancellationToken stop)
    {
        var rates = taxes.ToDictionary(t => t.Code, t => t.Rate);
        var body = new Dictionary<string, object>
        {
            ["name"] = "Replayed sales",
            ["currency_code"] = currency,
            ["price_precision"] = Currencies.Decimals(currency) ?? 2,
            ["tax_level"] = level == RoundingLevel.Line ? "line" : "document",
            ["tie"] = "half_up",
            ["taxes"] = taxes.Select(t => new { tax_name = t.Name, tax_percentage = t.Rate }).ToList(),
            ["items"] = items.Select(i => new { sku = i.Sku, name = i.Name, rate = i.Price, unit = i.Unit, tax_percentage = rates[i.TaxCode] }).ToList(),
        };
        return await AskAsync<SandboxOrganisation>("organisation", HttpMethod.Put, "", body, stop);
    }

    public Task<SandboxSummary> SummaryAsync(CancellationToken stop) =>
        AskAsync<SandboxSummary>("summary", HttpMethod.Get, "/summary", null, stop);

    public Task<IReadOnlyList<SandboxDocument>> OrdersAsync(CancellationToken stop) =>
        AskAsync<IReadOnlyList<SandboxDocument>>("sales orders", HttpMethod.Get, "/salesorders", null, stop);

    /// <summary>What goes wrong from now on; nothing if all is left out.</summary>
    public async Task FaultsAsync(object faults, CancellationToken stop) => await patience.AskAsync(
        again => sandbox.AskAsync<JsonElement>("sandbox, faults", Http.Request(HttpMethod.Put, "_control/faults", body: faults), again), stop);

    public Task<IReadOnlyList<SandboxDocument>> PaymentsAsync(CancellationToken stop) =>
        AskAsync<IReadOnlyList<SandboxDocument>>("payments", HttpMethod.Get, "/customerpayments", null, stop);

    private Task<T> AskAsync<T>(string what, HttpMethod method, string path, object? body, CancellationToken stop) =>
        patience.AskAsync(
            again => sandbox.AskAsync<T>(
                "sandbox, " + what, Http.Request(method, $"_control/zoho/orgs/{Organisation}{path}", body: body), again),
            stop);
}
