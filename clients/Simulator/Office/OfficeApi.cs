using System.Text.Json;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Trace;

namespace OrderSync.Simulator.Office;

/// <summary>An item as the office loads it.</summary>
internal sealed record Product(string Sku, string Name, string Unit, decimal Price, string TaxCode, decimal? MinimumQuantity = null, decimal? QuantityStep = null);

/// <summary>A tax as the office loads it.</summary>
internal sealed record Tax(string Code, string Name, decimal Rate);

/// <summary>The gateway's office side, as far as the simulator needs it.</summary>
internal sealed class OfficeApi(Http gateway, string apiKey, Patience patience)
{
    private const int RowsInACall = 5_000;

    private sealed record Loaded(int Received, int Changed);

    private sealed record OneTime(string Code);

    private sealed record Connected(Guid Id, string Name);

    public async Task LoadTaxesAsync(IReadOnlyCollection<Tax> taxes, CancellationToken stop) =>
        await AskAsync<Loaded>("taxes", HttpMethod.Put, "v1/office/taxes", new { Taxes = taxes }, stop);

    public async Task LoadProductsAsync(IEnumerable<Product> products, CancellationToken stop)
    {
        foreach (var rows in products.Chunk(RowsInACall))
            await AskAsync<Loaded>("items", HttpMethod.Put, "v1/office/products", new { Products = rows }, stop);
    }

    /// <summary>Makes or refreshes a connection.</summary>
    public async Task ConnectAsync(string name, string connector, string[] kinds, object settings, CancellationToken stop) =>
        await AskAsync<Connected>(
            $"connection {name}", HttpMethod.Put, $"v1/office/connections/{Uri.EscapeDataString(name)}", new { connector, kinds, settings }, stop);

    /// <summary>A one-time code for a new device.</summary>
    public async Task<string> EnrolmentCodeAsync(string rep, string branch, CancellationToken stop)
    {
        var body = new { Rep = new { Name = rep }, Branch = branch };
        return (await AskAsync<OneTime>("enrolment code", HttpMethod.Post, "v1/office/enrolment-codes", body, stop)).Code;
    }

    /// <summary>How far everything is.</summary>
    public Task<OfficeSummary> SummaryAsync(CancellationToken stop) =>
        AskAsync<OfficeSummary>("summary", HttpMethod.Get, "v1/office/summary", null, stop);

    /// <summary>How far one record is; null while the gateway has not got it.</summary>
    public async Task<OfficeRecord?> StandingAsync(Guid id, CancellationToken stop)
    {
        try
        {
            return await AskAsync<OfficeRecord>("record", HttpMethod.Get, $"v1/office/records/{id}", null, stop);
        }
        catch (Refusal unknown) when (unknown.Code == "record.unknown")
        {
            return null;
        }
    }

    /// <summary>One record with all that is known of it, as the gateway tells it.</summary>
    public Task<JsonElement> RecordAsync(Guid id, CancellationToken stop) => AskAsync<JsonElement>("record", HttpMethod.Get, $"v1/office/records/{id}", null, stop);

    /// <summary>Records whose number or reference is so, or begins so.</summary>
    public async Task<IReadOnlyList<FoundRecord>> FindAsync(string field, string text, CancellationToken stop) =>
        (await AskAsync<FoundRecords>("search", HttpMethod.Get, $"v1/office/records?{field}={Uri.EscapeDataString(text)}", null, stop)).Records ?? [];

    private Task<T> AskAsync<T>(string what, HttpMethod method, string path, object? body, CancellationToken stop) =>
        patience.AskAsync(again => gateway.AskAsync<T>("gateway, " + what, Http.Request(method, path, apiKey, body), again), stop);
}
