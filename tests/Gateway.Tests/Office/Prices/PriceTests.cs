using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Prices;

/// <summary>Price lists, prices and stock of a company without an ERP, and the look-up of a price.</summary>
[Collection("office")]
public sealed class PriceTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F013_A_price_is_the_customers_own_then_their_lists_then_the_products()
    {
        var (sku, number, list) = await SetUpAsync();
        await PutAsync("prices", new { prices = new object[]
        {
            new { sku, priceList = list, unitPrice = 9 }, new { sku, priceList = list, fromQuantity = 10, unitPrice = 8 }, new { sku, customer = number, fromQuantity = 50, unitPrice = 7.5 },
        } });

        Assert.Equal("9 list, 8 list, 7.5 customer, 10 product", string.Join(", ", await LookAsync($"customer={number}&quantity=1"), await LookAsync($"customer={number}&quantity=10"),
            await LookAsync($"customer={number}&quantity=50"), await LookAsync("quantity=50")));
        Assert.Equal("9 list", await LookAsync($"customer={number}&quantity=1&currency=EUR"));
        Assert.Equal("10 product", await LookAsync($"customer={number}&quantity=1&currency=USD"));
        await PutAsync("price-lists", new { priceLists = new[] { new { name = list, currency = "EUR", active = false } } });
        Assert.Equal("10 product", await LookAsync($"customer={number}&quantity=1"));

        async Task<string> LookAsync(string query)
        {
            var answer = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/prices/look?sku={sku}&{query}");
            return $"{answer.GetProperty("unitPrice").GetRawText()} {answer.GetProperty("origin").GetString()}";
        }
    }

    [Fact]
    public async Task A_list_rises_in_version_with_its_terms_and_prices_and_with_nothing_else()
    {
        var (sku, _, list) = await SetUpAsync();
        var version = await VersionAsync();
        var price = new { sku, priceList = list, unitPrice = 9 };
        var first = await PutAsync("prices", new { prices = new[] { price } });
        var added = await VersionAsync();
        var same = await PutAsync("prices", new { prices = new[] { price } });
        await PutAsync("price-lists", new { priceLists = new[] { new { name = list, currency = "EUR" } } });
        var unchanged = await VersionAsync();
        await PutAsync("price-lists", new { priceLists = new[] { new { name = list, currency = "EUR", percent = 5 } } });
        var terms = await VersionAsync();
        var removed = await PutAsync("prices", new { prices = new[] { new { sku, priceList = list, removed = true } } });

        Assert.Equal((1, 0, 1), (Changed(first), Changed(same), Changed(removed)));
        Assert.Equal((version + 1, version + 1, version + 2, version + 3), (added, unchanged, terms, await VersionAsync()));
        Assert.Equal(0, await gateway.Scalar<long>($"select count(*) from gateway.price where sku = '{sku}'"));

        async Task<long> VersionAsync() => (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/price-lists?search={list}")).GetProperty("priceLists")[0].GetProperty("version").GetInt64();
    }

    [Fact]
    public async Task What_a_connection_brings_stays_its_own_and_is_shown_with_its_name()
    {
        var (sku, _, list) = await SetUpAsync();
        var connection = await gateway.Scalar<Guid>("select connection_id from gateway.connection where name = 'erp'");
        await gateway.Execute($"""
            insert into gateway.price_list (company_id, connection_id, key, name, active) values ('{gateway.CompanyId}', '{connection}', '{sku}', '{list}', true);
            insert into gateway.price (company_id, connection_id, key, sku, price_list, from_quantity, unit_price) values ('{gateway.CompanyId}', '{connection}', '{sku}', '{sku}', '{sku}', 0, 5);
            insert into gateway.stock (company_id, connection_id, key, sku, location, available, as_of) values ('{gateway.CompanyId}', '{connection}', '{sku}', '{sku}', 'main', 5, now())
            """);
        await PutAsync("prices", new { prices = new[] { new { sku, priceList = list, unitPrice = 9 } } });
        await PutAsync("stock", new { stock = new[] { new { sku, available = 3 } } });

        foreach (var (path, name, figure) in new[] { ("prices", "prices", "unitPrice"), ("stock", "stock", "available") })
        {
            var rows = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/{path}?search={sku}")).GetProperty(name).EnumerateArray().ToList();
            Assert.Equal(2, rows.Count);
            Assert.Equal(5, rows.Single(row => row.TryGetProperty("source", out var source) && source.GetString() == "erp").GetProperty(figure).GetDecimal());
        }

        var seen = new List<string>();
        for (string? after = ""; after is not null;)
        {
            var page = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/prices?search={sku}&limit=1{after}");
            seen.AddRange(page.GetProperty("prices").EnumerateArray().Select(row => row.GetProperty("unitPrice").GetRawText()));
            after = page.TryGetProperty("next", out var next) ? $"&after={Uri.EscapeDataString(next.GetString()!)}" : null;
        }

        Assert.Equal(["9", "5"], seen);
    }

    [Fact]
    public async Task F014_Stock_says_as_of_when_it_is_and_a_repeat_keeps_the_time()
    {
        var (sku, _, _) = await SetUpAsync();
        var first = await PutAsync("stock", new { stock = new[] { new { sku, available = 3, asOf = "2026-03-03T09:00:00Z" } } });
        var same = await PutAsync("stock", new { stock = new[] { new { sku, available = 3 } } });
        var row = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/stock?search={sku}")).GetProperty("stock")[0];
        var other = await PutAsync("stock", new { stock = new[] { new { sku, available = 2 } } });

        Assert.Equal((1, 0, 1), (Changed(first), Changed(same), Changed(other)));
        Assert.Equal(("main", new DateTimeOffset(2026, 3, 3, 9, 0, 0, TimeSpan.Zero)), (row.GetProperty("location").GetString(), row.GetProperty("asOf").GetDateTimeOffset()));
        Assert.True(await gateway.Scalar<bool>($"select as_of > '2026-04-01' from gateway.stock where sku = '{sku}'"));
    }

    [Fact]
    public async Task A_price_of_nothing_known_is_refused_by_name()
    {
        var (sku, number, list) = await SetUpAsync();
        foreach (var (price, why) in new (object, string)[]
            {
                (new { sku = "NO-SKU", priceList = list, unitPrice = 1 }, "the product NO-SKU"), (new { sku, priceList = "No list", unitPrice = 1 }, "the price list No list"),
                (new { sku, customer = "NO-CUSTOMER", unitPrice = 1 }, "the customer NO-CUSTOMER"), (new { sku, unitPrice = 1 }, "either a priceList or a customer"),
                (new { sku, priceList = list, customer = number, unitPrice = 1 }, "either a priceList or a customer"), (new { sku, priceList = list }, "is missing"),
                (new { sku, priceList = list, unitPrice = 1, fromQuantity = 5, toQuantity = 4 }, "less than fromQuantity"), (new { sku, priceList = list, unitPrice = 1, currency = "EURO" }, "not a currency"),
            })
            Assert.Contains(why, await (await gateway.Office.PutAsJsonAsync("/v1/office/prices", new { prices = new[] { price } })).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.NotFound, "product.unknown"), await gateway.Office.GetAsync("/v1/office/prices/look?sku=NO-SKU&quantity=1").CodeAsync());
        Assert.Equal((HttpStatusCode.NotFound, "customer.unknown"), await gateway.Office.GetAsync($"/v1/office/prices/look?sku={sku}&quantity=1&customer=NO").CodeAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "price.asked"), await gateway.Office.GetAsync($"/v1/office/prices/look?sku={sku}&quantity=0").CodeAsync());
    }

    [Fact]
    public async Task F027_A_line_priced_with_an_older_version_of_its_list_is_told_and_not_changed()
    {
        var (sku, _, list) = await SetUpAsync();
        await PutAsync("prices", new { prices = new[] { new { sku, priceList = list, unitPrice = 9 } } });
        var (key, version) = ($"{Guid.Empty}/{list}", await gateway.Scalar<long>($"select version from gateway.price_list where key = '{list}'"));
        var customer = Guid.CreateVersion7();
        using var device = await gateway.EnrolAsync();

        var verdicts = await device.PushAsync(An.Customer(customer), Priced(version), Priced(version - 1));

        Assert.Equal(("accepted", false), (verdicts[1].GetProperty("outcome").GetString(), verdicts[1].TryGetProperty("code", out _)));
        Assert.Equal(("accepted", "line.price.outdated", "lines[0].unitPrice"), (verdicts[2].GetProperty("outcome").GetString(), verdicts[2].GetProperty("code").GetString(), verdicts[2].GetProperty("field").GetString()));
        Assert.Contains(list, verdicts[2].GetProperty("message").GetString(), StringComparison.Ordinal);

        JsonObject Priced(long from)
        {
            var order = An.Order(customer: customer, sku: sku, price: 9);
            (order["body"]!["lines"]![0]!["priceList"], order["body"]!["lines"]![0]!["priceListVersion"]) = (key, from);
            return order;
        }
    }

    private static int Changed(JsonElement answer) => answer.GetProperty("changed").GetInt32();

    private async Task<(string Sku, string Number, string List)> SetUpAsync()
    {
        var tag = Guid.NewGuid().ToString("N")[..12];
        var (sku, number, list) = ($"P-{tag}", $"C-{tag}", $"List {tag}");
        await PutAsync("products", new { products = new[] { new { sku, name = "Priced", price = 10 } } });
        await PutAsync("price-lists", new { priceLists = new[] { new { name = list, currency = "EUR" } } });
        await PutAsync("customers", new { customers = new[] { new { id = Guid.CreateVersion7(), number, body = new { name = "Acme", priceList = list } } } });
        return (sku, number, list);
    }

    private async Task<JsonElement> PutAsync(string path, object body)
    {
        var answer = await gateway.Office.PutAsJsonAsync($"/v1/office/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
