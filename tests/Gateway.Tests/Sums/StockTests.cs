using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Catalogue;
using OrderSync.Gateway.Tests.Collections;
using OrderSync.Gateway.Tests.Feed;
using OrderSync.Gateway.Tests.Policies;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Sums;

/// <summary>Stock as devices know it: the ERP's word, less what devices sold since, until the next word.</summary>
[Collection("office-2")]
public sealed class StockTests(GatewayFixture gateway) : IAsyncLifetime
{
    private Company.Setting? setting;

    public async Task InitializeAsync() => setting = await gateway.SetAsync("ordersTakeStock", true);

    public async Task DisposeAsync() => await setting!.DisposeAsync();

    [Fact]
    [InCi]
    public async Task F070_Stock_is_corrected_once_by_what_was_sold_and_the_next_word_replaces_it()
    {
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync());
        await gateway.StockAsync(sku, 10);
        var (first, second) = (Order(customer, sku, 2), Order(customer, sku, 3));

        await device.PushAsync(first);
        await device.PushAsync(first, second);
        await device.PushAsync(second, first);

        Assert.Equal(5, await ShownAsync(device, sku));
        Assert.Equal(5, await gateway.Scalar<decimal>($"select sum(quantity) from gateway.stock_move where sku = '{sku}'"));

        await gateway.StockAsync(sku, 6);
        Assert.Equal(6, await ShownAsync(device, sku));
        await device.PushAsync(first, second, Order(customer, sku, 1));
        Assert.Equal(5, await ShownAsync(device, sku));
    }

    [Fact]
    [InCi]
    public async Task F070_A_word_from_before_a_sale_does_not_undo_it()
    {
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync());
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        await device.PushAsync(Order(customer, sku, 4));
        await SummedAsync();

        await gateway.StockAsync(sku, 10, asOf: before);
        Assert.Equal(6, await ShownAsync(device, sku));
        await gateway.StockAsync(sku, 9, asOf: before);
        Assert.Equal(5, await ShownAsync(device, sku));
    }

    [Fact]
    public async Task F070_A_connections_word_replaces_what_was_sold_and_a_repeat_of_an_old_one_does_not()
    {
        await gateway.Execute($"insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{gateway.CompanyId}', gen_random_uuid(), 'stock keeper', 'keeper', '{{}}') on conflict do nothing");
        await gateway.Execute("update gateway.connection set name = 'keeper' where name = 'stock keeper'");
        await using var erp = await PullingConnector.StartAsync(gateway, "keeper");
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync());
        var word = PullingConnector.Row($"{sku}/main", new StockLevel(sku, "main", 20));
        await erp.TellAsync(CollectionNames.Stock, word);

        await device.PushAsync(Order(customer, sku, 7));
        Assert.Equal(13, await ShownAsync(device, sku));
        await erp.TellAsync(CollectionNames.Stock, word);
        Assert.Equal(13, await ShownAsync(device, sku));

        await erp.TellAsync(CollectionNames.Stock, PullingConnector.Row($"{sku}/main", new StockLevel(sku, "main", 13), version: 2, import: 2));
        Assert.Equal(13, await ShownAsync(device, sku));
    }

    [Fact]
    public async Task F070_Whatever_words_come_in_between_devices_see_the_last_word_less_what_was_sold_after_it()
    {
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync());
        await gateway.StockAsync(sku, 100);
        JsonObject[] orders = [.. Enumerable.Range(1, 24).Select(i => Order(customer, sku, 1 + (i % 3)))];

        await Task.WhenAll(
            Task.WhenAll(orders.Chunk(3).Select(part => device.PushAsync(part))),
            Task.WhenAll(orders.Reverse().Chunk(5).Select(part => device.PushAsync(part))),
            Task.WhenAll(Enumerable.Range(1, 6).Select(i => gateway.StockAsync(sku, 100 + i))));

        var shown = await ShownAsync(device, sku);
        Assert.Equal(48, await gateway.Scalar<decimal>($"select sum(quantity) from gateway.stock_move where sku = '{sku}'"));
        Assert.Equal(24, await gateway.Scalar<long>($"select count(*) from gateway.stock_move where sku = '{sku}'"));
        Assert.Equal(await gateway.Scalar<decimal>($"""
            select s.available - coalesce((select sum(m.quantity) from gateway.stock_move m where m.sku = s.sku and m.at > s.as_of), 0) from gateway.stock s where s.sku = '{sku}'
            """), shown);
    }

    [Fact]
    public async Task F070_A_sale_takes_from_the_place_of_its_branch_and_gives_back_what_no_longer_counts()
    {
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync());
        await gateway.StockAsync(sku, 10, location: "A-STORE");
        await gateway.StockAsync(sku, 10, location: "MAIN");
        var order = Order(customer, sku, 4);
        await device.PushAsync(order, Order(customer, sku, 1));
        await SummedAsync();
        Assert.Equal("A-STORE 10, MAIN 5", await PlacesAsync());

        await gateway.Execute($"update gateway.record set state = 'stopped' where record_id = '{order["id"]!.GetValue<Guid>()}'");
        await gateway.Execute($"""
            with head as (update gateway.company_feed set pos = pos + 1 where company_id = '{gateway.CompanyId}' returning pos)
            insert into gateway.feed (company_id, pos, tx, collection, key) select '{gateway.CompanyId}', pos, gen_random_uuid(), 'verdicts', '{order["id"]!.GetValue<Guid>()}' from head
            """);
        await SummedAsync();
        Assert.Equal("A-STORE 10, MAIN 9", await PlacesAsync());

        Task<string> PlacesAsync() => gateway.Scalar<string>($"select string_agg(location || ' ' || trim_scale(available - sold), ', ' order by location) from gateway.stock where sku = '{sku}'");
    }

    [Fact]
    public async Task F070_Orders_leave_stock_alone_where_the_company_has_not_set_that_they_take_it()
    {
        await setting!.DisposeAsync();
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync());
        await gateway.StockAsync(sku, 10);

        await device.PushAsync(Order(customer, sku, 2));

        Assert.Equal(10, await ShownAsync(device, sku));
    }

    [Fact]
    public async Task F070_F081_What_devices_have_of_corrected_stock_and_of_limits_is_what_the_proof_says()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var (sku, customer) = (await gateway.ItemAsync(), await gateway.CustomerAsync(new { creditLimit = 1000.50m, balance = -3m, currency = "USD" }));
        await gateway.StockAsync(sku, 10.5m);
        await device.Device.PushAsync(Order(customer, sku, 3));
        await SummedAsync();

        await device.SyncAsync();

        device.AssertEqual();
        Assert.Equal("7.5", device.Rows("stock").Values.Select(row => JsonDocument.Parse(row).RootElement).Single(row => row.GetProperty("sku").GetString() == sku).GetProperty("available").GetRawText());
    }

    private static JsonObject Order(Guid customer, string sku, int quantity)
    {
        var order = An.Order(customer: customer, price: 10m * quantity, sku: sku);
        var line = order["body"]!["lines"]![0]!;
        (line["quantity"], line["unitPrice"]) = (quantity, 10m);
        return order;
    }

    private Task SummedAsync() => Eventually.TrueAsync(
        () => gateway.Scalar<bool>($"select s.pos >= f.pos from gateway.sum_position s join gateway.company_feed f using (company_id) where company_id = '{gateway.CompanyId}'"), "the sums have followed");

    // As the device reads it.
    private async Task<decimal> ShownAsync(TestDevice device, string sku)
    {
        await SummedAsync();
        var lines = (await (await device.GetAsync("/v1/sync/pull")).Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var row = lines.Single(line => line.Contains(sku, StringComparison.Ordinal) && line.Contains("\"available\"", StringComparison.Ordinal));
        return Find(JsonDocument.Parse(row).RootElement)!.Value;

        static decimal? Find(JsonElement json) => json.ValueKind != JsonValueKind.Object ? null
            : json.TryGetProperty("available", out var available) ? available.GetDecimal()
            : json.EnumerateObject().Select(member => Find(member.Value)).FirstOrDefault(found => found is not null);
    }
}
