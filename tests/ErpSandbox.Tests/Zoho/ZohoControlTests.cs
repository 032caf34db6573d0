using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

public sealed class ZohoControlTests(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    private readonly SandboxServer sandbox = shared.Server;

    public Task InitializeAsync() => sandbox.ResetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_same_set_up_again_keeps_credentials_ids_and_what_was_sold()
    {
        var first = await sandbox.OrgAsync(Body(4.99m));
        var item = await first.ItemIdAsync("SKU-1");
        await first.ContactAsync();
        var second = await sandbox.OrgAsync(Body(5.49m));
        Assert.True(JsonNode.DeepEquals(first.SetUp["taxes"], second.SetUp["taxes"]));
        Assert.Equal((string?)first.SetUp["refresh_token"], (string?)second.SetUp["refresh_token"]);
        Assert.Equal(item, await second.ItemIdAsync("SKU-1"));
        Assert.Equal(5.49m, (decimal)(await second.GetAsync("items/" + item))["item"]["rate"]!);
        Assert.Equal((1, 1), ((int)(await second.SummaryAsync())["contacts"]!, (int)(await second.SummaryAsync())["items"]!));

        static object Body(decimal rate) => new
        {
            name = "Falcon",
            client_id = "1000.APP",
            client_secret = "s",
            taxes = new[] { new { tax_name = "VAT", tax_percentage = 8m } },
            items = new[] { new { sku = "SKU-1", name = "Bottle", rate, tax_percentage = 8m } },
        };
    }

    [Fact]
    public async Task Settings_that_are_not_named_stay()
    {
        await sandbox.OrgAsync(new { name = "Falcon", tax_level = "line", tie = "half_even" });
        var settings = (await sandbox.OrgAsync(new { tie = "up" })).SetUp["settings"]!;
        Assert.Equal(("Falcon", "line", "up"), ((string?)settings["name"], (string?)settings["tax_level"], (string?)settings["tie"]));
    }

    [Fact]
    public async Task Thousands_of_items_arrive_in_one_call()
    {
        var org = await sandbox.OrgAsync(new { items = Enumerable.Range(0, 5000).Select(i => new { sku = $"P-{i}", name = $"Part {i}", rate = i * 0.01m }) });
        Assert.Equal(5000, (int)(await org.SummaryAsync())["items"]!);
        Assert.Equal(49.99m, (decimal)(await org.GetAsync("items?sku=P-4999"))["items"][0]!["rate"]!);
    }

    [Theory]
    [InlineData("/_control/zoho/orgs/a%20b", "{}")]
    [InlineData("/_control/zoho/orgs/1", """{"tax_levle":"line"}""")]
    [InlineData("/_control/zoho/orgs/1", """{"tie":"sometimes"}""")]
    [InlineData("/_control/zoho/orgs/1", """{"price_precision":null}""")]
    [InlineData("/_control/zoho/orgs/1", """{"currency_code":null}""")]
    [InlineData("/_control/zoho/orgs/1", """{"items":[{"name":"no sku"}]}""")]
    [InlineData("/_control/zoho/orgs/1", """{"items":[{"sku":"A","name":"A","tax_percentage":8}]}""")]
    [InlineData("/_control/zoho/orgs/1", "nonsense")]
    public async Task A_set_up_that_makes_no_sense_is_refused_and_creates_nothing(string path, string body)
    {
        using var content = new StringContent(body);
        Assert.Equal(400, (int)(await sandbox.Http.PutAsync(path, content)).StatusCode);
        Assert.Equal(404, (int)(await sandbox.Http.GetAsync("/_control/zoho/orgs/1")).StatusCode);
    }

    [Fact]
    public async Task The_summary_counts_states_sums_what_is_not_void_and_shows_doubles()
    {
        var org = await sandbox.OrgAsync(new { });
        var customer = await org.ContactAsync("Falcon", "a@example.org", "same");
        await org.ContactAsync("Eagle", "b@example.org", "same");
        var ids = new List<string>();
        foreach (var (number, record, rate) in new[] { ("1", "x", 1.10m), ("2", "x", 2.20m), ("3", "y", 4.40m), ("4", "y", 8.80m) })
        {
            ids.Add((string)(await org.OrderAsync(new
            {
                customer_id = customer,
                salesorder_number = number,
                line_items = new[] { new { name = "A", rate } },
                custom_fields = new[] { new { api_name = "cf_ordersync_id", value = record } },
            }))["salesorder"]["salesorder_id"]!);
        }

        await org.PostAsync($"salesorders/{ids[0]}/status/confirmed");
        await org.PostAsync($"salesorders/{ids[3]}/status/void");
        var summary = await org.SummaryAsync();
        Assert.Equal((3, 1, 2, 1), ((int)summary["salesorders"]!, (int)summary["confirmed"]!, (int)summary["draft"]!, (int)summary["void"]!));
        Assert.Equal(7.70m, (decimal)summary["total"]!);
        Assert.Equal((1, 1, 2), ((int)summary["duplicates_by_custom_field"]!, (int)summary["duplicates_contacts"]!, (int)summary["contacts"]!));

        var rows = await sandbox.Http.GetFromJsonAsync<JsonArray>("/_control/zoho/orgs/60001/salesorders");
        Assert.Equal(["1 confirmed x 1.10", "2 draft x 2.20", "3 draft y 4.40", "4 void y 8.80"],
            rows!.Select(row => $"{row!["number"]} {row["status"]} {row["cf_ordersync_id"]} {row["total"]}"));
    }

    [Fact]
    public async Task A_deleted_organisation_is_gone_and_its_tokens_are_dead()
    {
        var org = await sandbox.OrgAsync(new { });
        Assert.Equal(204, (int)(await sandbox.Http.DeleteAsync("/_control/zoho/orgs/60001")).StatusCode);
        Assert.Equal(401, (await org.GetAsync("contacts")).Status);
        Assert.Equal(404, (int)(await sandbox.Http.DeleteAsync("/_control/zoho/orgs/60001")).StatusCode);
    }

    [Fact]
    public async Task Access_tokens_can_be_ended_before_their_time()
    {
        var org = await sandbox.OrgAsync(new { });
        await sandbox.Http.DeleteAsync("/_control/zoho/orgs/60001/tokens");
        Assert.Equal(401, (await org.GetAsync("contacts")).Status);
        org.Token = (string?)(await org.RefreshAsync())["access_token"];
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
    }

    [Fact]
    public async Task The_pages_show_organisations_and_their_orders_and_write_names_as_text()
    {
        var org = await sandbox.OrgAsync(new { name = "<b>Falcon</b>" });
        var customer = await org.ContactAsync("<script>alert(1)</script>");
        await org.OrderAsync(new { customer_id = customer, salesorder_number = "FS-77", line_items = new[] { new { name = "A", rate = 12.5m } } });
        var home = await sandbox.Http.GetStringAsync("/");
        Assert.Contains("&lt;b&gt;Falcon", home, StringComparison.Ordinal);
        Assert.Contains("href=\"/zoho/60001\"", home, StringComparison.Ordinal);
        var page = await sandbox.Http.GetStringAsync("/zoho/60001");
        Assert.Contains("FS-77", page, StringComparison.Ordinal);
        Assert.Contains("12.50 USD", page, StringComparison.Ordinal);
        Assert.Contains("width=device-width", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Equal(404, (int)(await sandbox.Http.GetAsync("/zoho/9")).StatusCode);
    }

    [Fact]
    public async Task The_page_of_an_organisation_shows_every_kind_and_finds_in_it()
    {
        var org = await sandbox.OrgAsync(new
        {
            locations = new[] { "Main" },
            items = new[] { new { sku = "SKU-1", name = "Bottle <i>", rate = 4.99m, stock = new Dictionary<string, int> { ["Main"] = 12 } } },
            pricebooks = new[] { new { name = "Dealers", percentage = 10 } },
        });
        var customer = await org.ContactAsync("Al Noor");
        var lines = new[] { new { name = "A", rate = 12.5m } };
        var order = (await org.OrderAsync(new { customer_id = customer, salesorder_number = "FS-77", line_items = lines }))["salesorder"]["salesorder_id"];
        var invoice = (await org.Books.PostAsync("invoices/fromsalesorder?salesorder_id=" + order))["invoice"]["invoice_id"];
        await org.PostAsync("customerpayments", new { customer_id = customer, payment_mode = "cash", amount = 5, invoices = new[] { new { invoice_id = (string?)invoice, amount_applied = 4 } } });
        await org.Books.PostAsync("estimates", new { customer_id = customer, line_items = lines });
        await org.Books.PostAsync("salesreceipts", new { customer_id = customer, payment_mode = "cash", line_items = lines });

        foreach (var (kind, text) in new[]
        {
            ("salesorders", "FS-77"), ("invoices", "8.50"), ("customerpayments", "Not used, paid by cash"), ("estimates", "QT-00001"), ("salesreceipts", "SR-00001"),
            ("contacts", "Al Noor"), ("items", "12 in stock"), ("pricebooks", "10 %"),
        })
        {
            var page = await sandbox.Http.GetStringAsync($"/zoho/60001?show={kind}");
            Assert.Contains(text, page, StringComparison.Ordinal);
            Assert.Contains($"href=\"?show={kind}\" aria-current=page", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);
            Assert.Contains("Nothing found", await sandbox.Http.GetStringAsync($"/zoho/60001?show={kind}&find=nowhere"), StringComparison.Ordinal);
        }

        Assert.Contains("FS-77", await sandbox.Http.GetStringAsync("/zoho/60001?find=fs-7"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_answered_always()
    {
        Assert.Equal(200, (int)(await sandbox.Http.GetAsync("/health")).StatusCode);
        Assert.Equal(200, (int)(await sandbox.Http.GetAsync("/alive")).StatusCode);
    }
}
