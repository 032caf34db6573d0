using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.EndToEnd.Tests.Office;

/// <summary>One company with two ERPs at once.</summary>
[Collection("connected services")]
[InCi]
public sealed class TwoErpsTests(ConnectedServices services)
{
    private const string Realm = "82000001";

    [Fact]
    public async Task F103_F104_A_company_with_Zoho_and_QuickBooks_has_each_order_once_in_both_and_the_one_that_refuses_does_not_hold_the_other()
    {
        await services.WithQuickBooksAsync();
        await using var sandbox = await WholeSystem.StartSandboxAsync();
        using var control = new HttpClient { BaseAddress = new Uri(sandbox.Url, "_control/") };
        using var office = await services.CompanyAsync("Company with two ERPs");
        await ConnectAsync(office, control, sandbox.Url);
        using var device = await PulledDevice.EnrolAsync(office);
        var customer = An.Customer(Guid.CreateVersion7());
        var orders = Enumerable.Range(0, 8).Select(i => An.Order(Guid.CreateVersion7(), (Guid)customer["id"]!, lines: 1 + i, seq: 2 + i)).ToList();
        var ids = orders.Select(order => $"{(Guid)order["id"]!}").Order(StringComparer.Ordinal).ToList();

        // QuickBooks' books are closed for the day: it refuses them all.
        await SentAsync(control.PutAsJsonAsync($"quickbooks/companies/{Realm}", new { bookCloseDate = "2026-12-31" }));
        await device.PushAsync([customer, .. orders]);
        await UntilAsync(office, "zoho", "done", orders.Count);
        await UntilAsync(office, "quickbooks", "attention", orders.Count);
        Assert.Equal(ids, await InZohoAsync(control));
        Assert.Empty(await InQuickBooksAsync(control));

        await SentAsync(control.PutAsJsonAsync($"quickbooks/companies/{Realm}", new { bookCloseDate = (string?)null }));
        await SentAsync(office.PostAsync("/v1/office/connections/quickbooks/retry-all", null));
        await UntilAsync(office, "quickbooks", "done", orders.Count);

        Assert.Equal(ids, await InZohoAsync(control));
        Assert.Equal(ids, await InQuickBooksAsync(control));
    }

    private static async Task ConnectAsync(HttpClient office, HttpClient control, Uri sandbox)
    {
        object[] taxes = [new { code = "T8", name = "Eight", rate = 8 }];
        object[] products = [new { sku = "SKU-1", name = "Bottle cage", unit = "pcs", price = 10, taxCode = "T8" }];
        await SentAsync(office.PutAsJsonAsync("/v1/office/taxes", new { taxes }));
        await SentAsync(office.PutAsJsonAsync("/v1/office/products", new { products }));
        string[] kinds = ["order", "customer"];
        var zoho = await SentAsync(control.PutAsJsonAsync($"zoho/orgs/{Realm}", new
        {
            currency_code = "USD", tax_level = "document", taxes = new[] { new { tax_name = "Eight", tax_percentage = 8 } }, items = new[] { new { sku = "SKU-1", name = "Bottle cage", rate = 10, tax_percentage = 8 } },
        }));
        await SentAsync(office.PutAsJsonAsync("/v1/office/connections/zoho", new
        {
            connector = "zoho", kinds, settings = new
            {
                accountsUrl = new Uri(sandbox, "zoho").ToString(), organizationId = Realm, clientId = Text(zoho, "client_id"), clientSecret = Text(zoho, "client_secret"), refreshToken = Text(zoho, "refresh_token"),
                taxLevel = "document", pullMinutes = 600,
            },
        }));
        var quickBooks = await SentAsync(control.PutAsJsonAsync($"quickbooks/companies/{Realm}", new
        {
            homeCurrency = "USD", taxLevel = "group", taxes = new[] { new { name = "Eight", rate = 8 } }, items = new[] { new { sku = "SKU-1", name = "Bottle cage", price = 10 } },
        }));
        await SentAsync(office.PutAsJsonAsync("/v1/office/connections/quickbooks", new
        {
            connector = "quickbooks", kinds, settings = new
            {
                url = new Uri(sandbox, "quickbooks").ToString(), realmId = Realm, clientId = Text(quickBooks, "clientId"), clientSecret = Text(quickBooks, "clientSecret"), refreshToken = Text(quickBooks, "refreshToken"),
                taxLevel = "document", pullMinutes = 600,
            },
        }));
    }

    private static Task UntilAsync(HttpClient office, string connection, string state, int count) => Eventually.TrueAsync(async () =>
        (await office.GetFromJsonAsync<JsonElement>("/v1/office/summary")).GetProperty("destinations").EnumerateArray()
            .Where(row => Text(row, "connection") == connection && Text(row, "kind") == "order").Sum(row => row.GetProperty(state).GetInt32()) == count, $"{count} orders of {connection} to be {state}");

    private static async Task<List<string>> InZohoAsync(HttpClient control) => [.. (await control.GetFromJsonAsync<JsonElement>($"zoho/orgs/{Realm}/salesorders")).EnumerateArray()
        .Select(row => Text(row, "cf_ordersync_id")).Order(StringComparer.Ordinal)];

    private static async Task<List<string>> InQuickBooksAsync(HttpClient control) => [.. (await control.GetFromJsonAsync<JsonElement>($"quickbooks/companies/{Realm}/estimate")).EnumerateArray()
        .Select(row => Text(row, "PrivateNote").Split(' ')[^1]).Order(StringComparer.Ordinal)];

    private static async Task<JsonElement> SentAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
