using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>Customers as people look for them.</summary>
[Collection("office")]
public sealed class CustomerPagesTests(GatewayFixture gateway)
{
    [Fact]
    public async Task Customers_are_listed_by_name_page_after_page_and_found_by_any_part_of_what_names_them()
    {
        var stamp = Guid.NewGuid().ToString("N")[..8];
        var customers = new[] { "delta", "Alpha", "charlie", "Bravo", "alpha" }.Select((name, i) => new
        {
            id = Guid.NewGuid(), number = $"{stamp}-{i}", body = new { name = $"{name} {stamp}", email = $"{name}{i}@{stamp}.example", billing = new { city = "Springfield" } },
        }).ToArray();
        (await gateway.Office.PutAsJsonAsync("/v1/office/customers", new { customers })).EnsureSuccessStatusCode();

        var names = new List<string>();
        string? next = null;
        do
        {
            var page = await GetAsync($"by-name?search={stamp}&limit=2{(next is null ? "" : $"&after={next}")}");
            names.AddRange(page.GetProperty("customers").EnumerateArray().Select(row => row.GetProperty("name").GetString()!.Split(' ')[0]));
            next = page.TryGetProperty("next", out var value) ? value.GetString() : null;
        }
        while (next is not null);

        Assert.Equal(["alpha", "alpha", "bravo", "charlie", "delta"], names.Select(name => name.ToLowerInvariant()));
        var one = Assert.Single((await GetAsync($"by-name?search=BRAVO%20{stamp}")).GetProperty("customers").EnumerateArray());
        Assert.Equal(("Springfield", $"{stamp}-3"), (one.GetProperty("city").GetString(), one.GetProperty("number").GetString()));
        Assert.Single((await GetAsync($"by-name?search={stamp}-2")).GetProperty("customers").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.GetAsync($"/v1/office/customers/by-name?search={new string('x', 201)}")).StatusCode);
    }

    [Fact]
    public async Task A_customers_page_shows_where_it_came_from_where_it_went_and_what_was_captured_for_it()
    {
        using var device = await gateway.EnrolAsync("Finder of customers");
        var id = Guid.CreateVersion7();
        var orders = Enumerable.Range(1, 3).Select(i => An.Order(customer: id, seq: i)).ToArray();
        await device.PushAsync([An.Customer(id, "Page of Ana"), .. orders]);
        await gateway.Execute($"update gateway.delivery set external_number = 'C-PAGE-1' where record_id = '{id}'");

        var page = await GetAsync(id.ToString());

        Assert.Equal("Page of Ana", page.GetProperty("body").GetProperty("name").GetString());
        Assert.Equal(("accepted", "Finder of customers", device.Id.ToString()),
            (page.GetProperty("capture").GetProperty("state").GetString(), page.GetProperty("capture").GetProperty("rep").GetString(), page.GetProperty("capture").GetProperty("deviceId").GetString()));
        Assert.Equal(("erp", "C-PAGE-1"), (page.GetProperty("deliveries")[0].GetProperty("connection").GetString(), page.GetProperty("deliveries")[0].GetProperty("externalNumber").GetString()));
        Assert.Equal(orders.Select(order => order["id"]!.GetValue<Guid>()).Append(id).Order(), page.GetProperty("records").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()).Order());
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.GetAsync($"/v1/office/customers/{Guid.NewGuid()}")).StatusCode);
    }

    [Fact]
    public async Task A_record_says_whose_it_is()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        await device.PushAsync(An.Customer(customer, "Whose it is"), order);

        var record = await gateway.RecordAsync(order["id"]!.GetValue<Guid>());

        Assert.Equal((customer, "Whose it is", "MAIN"), (record.GetProperty("customerId").GetGuid(), record.GetProperty("customer").GetString(), record.GetProperty("branch").GetString()));
        Assert.Equal(("SKU-1", 10.00m), (record.GetProperty("lines")[0].GetProperty("sku").GetString(), record.GetProperty("lines")[0].GetProperty("amount").GetDecimal()));
    }

    private Task<JsonElement> GetAsync(string path) => gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/customers/{path}");
}
