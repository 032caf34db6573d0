using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.EndToEnd.Tests.Office;

/// <summary>What Zoho has comes back into the gateway, however often one of the two services is killed on the way.</summary>
[Collection("connected services")]
[InCi]
public sealed class ComeBackTests(ConnectedServices services, ITestOutputHelper output)
{
    private const string Pull = "/v1/office/connections/zoho-back/manage/pull";
    private static readonly int Rounds = Servers.Full ? 40 : 2;
    private readonly Random dice = new(Environment.TickCount);
    private readonly SortedDictionary<string, (string Name, decimal Price)> items = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> customers = new(StringComparer.Ordinal);

    [Fact]
    public async Task F107_F024_Whatever_changes_in_Zoho_and_whoever_is_killed_the_gateway_ends_with_what_Zoho_has()
    {
        await using var sandbox = await WholeSystem.StartSandboxAsync();
        using var zoho = new HttpClient { BaseAddress = new Uri(sandbox.Url, "_control/zoho/orgs/81000001/") };
        var made = await SentAsync(zoho.PutAsJsonAsync("../81000001", new { currency_code = "EUR" }));
        (await services.Office.PutAsJsonAsync("/v1/office/connections/zoho-back", new
        {
            connector = "zoho", kinds = new[] { "customer" },
            settings = new
            {
                accountsUrl = new Uri(sandbox.Url, "zoho").ToString(), organizationId = "81000001", clientId = Text(made, "client_id"), clientSecret = Text(made, "client_secret"),
                refreshToken = Text(made, "refresh_token"), callsPerMinute = 100_000, callsPerDay = 1_000_000, pullMinutes = 600,
            },
        })).EnsureSuccessStatusCode();

        for (var round = 1; round <= Rounds; round++)
        {
            await ChangeAsync(zoho);
            var victim = dice.Next(2) == 0 ? services.Zoho : services.Gateway;
            await LookAsync();
            // Not to wait for anything: to kill anywhere.
            await Task.Delay(dice.Next(400));
            await victim.KillAsync();
            await victim.StartAsync();
            await Eventually.TrueAsync(async () =>
            {
                if (await IsEqualAsync())
                    return true;
                if (await HaveEndedAsync())
                    await LookAsync();
                return false;
            }, $"the gateway to have what Zoho has in round {round}");
        }

        output.WriteLine($"{Rounds} rounds; {items.Count} items and {customers.Count} customers in the end");
    }

    // At most three go at once, so that nobody has to confirm it.
    private async Task ChangeAsync(HttpClient zoho)
    {
        foreach (var sku in items.Keys.OrderBy(_ => dice.Next()).Take(dice.Next(4)).ToList())
        {
            (await zoho.DeleteAsync($"items/{sku}")).EnsureSuccessStatusCode();
            items.Remove(sku);
        }

        foreach (var name in customers.Keys.OrderBy(_ => dice.Next()).Take(dice.Next(3)).ToList())
        {
            (await zoho.DeleteAsync($"contacts/{name}")).EnsureSuccessStatusCode();
            customers.Remove(name);
        }

        for (var i = dice.Next(1, 12); i > 0; i--)
        {
            var (sku, name, price) = ($"S-{dice.Next(40)}", $"Item {dice.Next(1000)}", dice.Next(1, 10_000) / 100m);
            await SentAsync(zoho.PutAsJsonAsync("../81000001", new { items = new[] { new { sku, name, rate = price } } }));
            items[sku] = (name, price);
        }

        for (var i = dice.Next(1, 5); i > 0; i--)
        {
            var (name, company) = ($"Shop-{dice.Next(20)}", $"Company {dice.Next(1000)}");
            var contact = new { contact_name = name, contact_type = "customer", company_name = company };
            await SentAsync(customers.ContainsKey(name) ? zoho.PutAsJsonAsync($"contacts/{name}", contact) : zoho.PostAsJsonAsync("contacts", contact));
            customers[name] = company;
        }
    }

    // A deletion is believed from the second reading on: everything is read again until all is there.
    private async Task LookAsync()
    {
        foreach (var collection in new[] { "items", "customers" })
            (await services.Office.PostAsync($"{Pull}/{collection}/reimport", null)).EnsureSuccessStatusCode();
    }

    private async Task<bool> HaveEndedAsync() => (await services.Office.GetFromJsonAsync<JsonElement>(Pull)).GetProperty("collections").EnumerateArray()
        .Where(row => Text(row, "collection") is "items" or "customers")
        .All(row => !row.GetProperty("running").GetBoolean() && row.GetProperty("waiting").GetInt64() == 0 && row.GetProperty("nextAt").GetDateTimeOffset() > DateTimeOffset.UtcNow);

    private async Task<bool> IsEqualAsync()
    {
        var products = await RowsAsync("products");
        var people = await RowsAsync("customers");
        return products.Select(row => (Text(row, "sku"), Text(row, "name"), row.GetProperty("price").GetDecimal())).Order().SequenceEqual(items.Select(item => (item.Key, item.Value.Name, item.Value.Price)).Order())
            && people.Select(row => (Text(row.GetProperty("body"), "name"), Text(row.GetProperty("body"), "company"))).Order().SequenceEqual(customers.Select(one => (one.Key, one.Value)).Order());
    }

    private async Task<List<JsonElement>> RowsAsync(string name) =>
        [.. (await services.Office.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"/v1/office/{name}?limit={1000}"))).GetProperty(name).EnumerateArray()];

    private static async Task<JsonElement> SentAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
