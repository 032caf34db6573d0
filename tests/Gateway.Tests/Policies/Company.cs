using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderSync.Gateway.Tests.Policies;

/// <summary>What the office does for tests of rules: settings that are cleared again, customers, stock.</summary>
internal static class Company
{
    public static async Task<Setting> SetAsync(this GatewayFixture gateway, string name, object value)
    {
        (await gateway.Office.PutAsJsonAsync($"/v1/office/settings/{name}", new { value })).EnsureSuccessStatusCode();
        return new(gateway, name);
    }

    public static async Task<Guid> CustomerAsync(this GatewayFixture gateway, object? credit = null, string? code = null, Guid? id = null, string? terms = null)
    {
        var customer = id ?? Guid.CreateVersion7();
        var row = new JsonObject { ["id"] = customer, ["code"] = code, ["body"] = new JsonObject { ["name"] = "Office customer", ["paymentTerms"] = terms } };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(credit ?? new { })!.AsObject())
            row[name] = value?.DeepClone();
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new JsonObject { ["customers"] = new JsonArray(row) })).EnsureSuccessStatusCode();
        return customer;
    }

    /// <summary>An item of its own, so that tests of one gateway never meet.</summary>
    public static async Task<string> ItemAsync(this GatewayFixture gateway, decimal? minimum = null, decimal? step = null)
    {
        var sku = $"I-{Guid.NewGuid():N}";
        (await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = new[] { new { sku, name = "Thing", price = 10.00m, minimumQuantity = minimum, quantityStep = step } } })).EnsureSuccessStatusCode();
        return sku;
    }

    public static async Task StockAsync(this GatewayFixture gateway, string sku, decimal available, DateTimeOffset? asOf = null, string? location = null) =>
        (await gateway.Office.PutAsJsonAsync("/v1/office/stock", new { stock = new[] { new { sku, location, available, asOf } } })).EnsureSuccessStatusCode();

    public static string Outcome(this JsonElement verdict) => verdict.GetProperty("outcome").GetString()!;

    public static string? Code(this JsonElement verdict) => verdict.TryGetProperty("code", out var code) ? code.GetString() : null;

    public static string? State(this JsonElement verdict) => verdict.TryGetProperty("state", out var state) ? state.GetString() : null;

    internal sealed class Setting(GatewayFixture gateway, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => (await gateway.Office.PutAsJsonAsync($"/v1/office/settings/{name}", new { value = (string?)null })).EnsureSuccessStatusCode();
    }
}
