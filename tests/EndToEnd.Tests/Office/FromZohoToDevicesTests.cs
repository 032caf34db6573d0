using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Office;

/// <summary>What changes in Zoho is in a device's next pull.</summary>
[Collection("connected services")]
[InCi]
public sealed class FromZohoToDevicesTests(ConnectedServices services)
{
    private const string Pull = "/v1/office/connections/zoho-feed/manage/pull";

    [Fact]
    public async Task F022_F023_A_price_and_a_stock_change_in_Zoho_are_in_the_next_pull_and_a_deleted_item_is_a_tombstone()
    {
        await using var sandbox = await WholeSystem.StartSandboxAsync();
        using var zoho = new HttpClient { BaseAddress = new Uri(sandbox.Url, "_control/zoho/orgs/81000002/") };
        using var office = await services.CompanyAsync("Company with a feed");
        var made = await SentAsync(zoho.PutAsJsonAsync("../81000002", new { currency_code = "EUR", locations = new[] { "Main" }, items = new[] { Item("KEPT", 10, 7), Item("GONE", 20, 1) } }));
        await SentAsync(office.PutAsJsonAsync("/v1/office/connections/zoho-feed", new
        {
            connector = "zoho", kinds = new[] { "customer" },
            settings = new
            {
                accountsUrl = new Uri(sandbox.Url, "zoho").ToString(), organizationId = "81000002", clientId = Text(made, "client_id"), clientSecret = Text(made, "client_secret"),
                refreshToken = Text(made, "refresh_token"), callsPerMinute = 100_000, callsPerDay = 1_000_000, pullMinutes = 600,
            },
        }));
        using var device = await PulledDevice.EnrolAsync(office);
        var (prices, stock, gone) = (new Dictionary<string, decimal>(), new Dictionary<string, decimal>(), new List<string>());
        await UntilAsync(() => prices.Count == 2 && stock.Count == 2, "the device to have both items with their stock");
        var first = (prices["KEPT"], stock["KEPT"]);

        await SentAsync(zoho.PutAsJsonAsync("../81000002", new { items = new[] { Item("KEPT", 12.5m, 4) } }));
        (await zoho.DeleteAsync("items/GONE")).EnsureSuccessStatusCode();
        await UntilAsync(() => prices["KEPT"] == 12.5m && stock["KEPT"] == 4 && gone.Contains("products GONE"), "the device to have the new price and stock, and the tombstone");

        Assert.Equal((10m, 7m), first);
        Assert.DoesNotContain(gone, one => one.EndsWith("KEPT", StringComparison.Ordinal));

        // A deletion is believed from the second reading on: all is read again until the device has it.
        Task UntilAsync(Func<bool> has, string what) => Eventually.TrueAsync(async () =>
        {
            foreach (var (collection, told) in (await device.PullAsync()).SelectMany(group => group.Select(line => (group.Key, line))))
            {
                if (told.Line.TryGetProperty("gone", out var why))
                {
                    Assert.Equal("deleted", why.GetString());
                    gone.Add($"{collection} {told.Key}");
                }
                else if (collection == "products")
                    prices[told.Key] = told.Line.GetProperty("row").GetProperty("price").GetDecimal();
                else if (collection == "stock")
                    stock[told.Line.GetProperty("row").GetProperty("sku").GetString()!] = told.Line.GetProperty("row").GetProperty("available").GetDecimal();
            }

            if (has())
                return true;
            if (await HaveEndedAsync(office))
                foreach (var collection in new[] { "items", "stock" })
                    await office.PostAsync($"{Pull}/{collection}/reimport", null);
            return false;
        }, what);
    }

    private static object Item(string sku, decimal rate, int stock) => new { sku, name = $"Item {sku}", rate, stock = new Dictionary<string, int> { ["Main"] = stock } };

    private static async Task<bool> HaveEndedAsync(HttpClient office)
    {
        using var answer = await office.GetAsync(Pull);
        return answer.IsSuccessStatusCode && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("collections").EnumerateArray()
            .Where(row => Text(row, "collection") is "items" or "stock").All(row => !row.GetProperty("running").GetBoolean() && row.GetProperty("waiting").GetInt64() == 0);
    }

    private static async Task<JsonElement> SentAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
