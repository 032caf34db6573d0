using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Gateway.Tests.Deliveries;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;
using static OrderSync.Gateway.Tests.Collections.PullingConnector;

namespace OrderSync.Gateway.Tests.Collections;

/// <summary>What connectors bring back, taken over from each collection's source. The tests share a company, so each is the source for as long as it runs.</summary>
[Collection("deliveries")]
public sealed class CollectionTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task F023_Items_of_the_source_are_taken_over_changed_and_removed_and_a_repeat_is_answered_with_what_is_held()
    {
        await using var erp = await SourceAsync(CollectionNames.Items);
        var sku = $"P-{Guid.NewGuid():N}";
        var first = await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "Lamp", Unit: "pc", Price: 12.5m, Categories: ["Light"], Barcodes: ["4006381333931"], Attributes: new Dictionary<string, string> { ["colour"] = "red" })));
        var shown = await ProductAsync(sku);
        var rest = await gateway.Scalar<string>($"select concat_ws(' ', categories[1], barcodes[1], attributes ->> 'colour') from gateway.item where sku = '{sku}'");
        var second = await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "Lamp, new", Active: false), version: 3, import: 2));
        var repeat = await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "Lamp, older"), version: 2, import: 2));
        var changed = await ProductAsync(sku);
        await erp.TellAsync(CollectionNames.Items, Gone("i1", version: 4, import: 3));

        Assert.Equal((true, 1L, 3L, 3L), (first.IsSource, first.Rows[0].Version, second.Rows[0].Version, repeat.Rows[0].Version));
        Assert.Equal(("Lamp", 12.5m, "pc", erp.Name), (shown!.Value.GetProperty("name").GetString()!, shown.Value.GetProperty("price").GetDecimal(), shown.Value.GetProperty("unit").GetString()!, shown.Value.GetProperty("source").GetString()!));
        Assert.Equal(("Lamp, new", false), (changed!.Value.GetProperty("name").GetString()!, changed.Value.GetProperty("active").GetBoolean()));
        Assert.Equal("Light 4006381333931 red", rest);
        Assert.Null(await ProductAsync(sku));
        Assert.True(await gateway.Scalar<bool>($"select removed and not active from gateway.item where sku = '{sku}'"));
    }

    [Fact]
    [InCi]
    public async Task An_older_import_and_an_older_ledger_never_overwrite_a_newer()
    {
        await using var erp = await SourceAsync(CollectionNames.Items);
        var sku = $"P-{Guid.NewGuid():N}";
        await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "New"), version: 5, import: 9));
        await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "Older import"), version: 6, import: 8));
        var name = (await ProductAsync(sku))!.Value.GetProperty("name").GetString();
        await erp.TellAsync(CollectionNames.Items, complete: false, epoch: 1, [Row("i1", new ItemLevel(sku, "Of a restored ledger"), version: 1, import: 1)]);
        await erp.TellAsync(CollectionNames.Items, complete: false, epoch: 0, [Row("i1", new ItemLevel(sku, "Of the one before"), version: 99, import: 99)]);

        Assert.Equal(("New", "Of a restored ledger"), (name, (await ProductAsync(sku))!.Value.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task An_item_that_gets_another_SKU_takes_the_old_one_away_and_one_without_says_why_it_is_not_taken()
    {
        await using var erp = await SourceAsync(CollectionNames.Items);
        var (old, renamed) = ($"P-{Guid.NewGuid():N}", $"P-{Guid.NewGuid():N}");
        await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(old, "Lamp")), Row("i2", new ItemLevel(null, "Nameless")), Row("i3", new ItemLevel($"{old}-3", "Neighbour")));

        var answer = await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(renamed, "Lamp"), version: 2));

        Assert.Equal((2L, true, false, true), (answer.Rows[0].Version, await ProductAsync(old) is null, await ProductAsync(renamed) is null, await ProductAsync($"{old}-3") is not null));
        var offer = await OfferAsync(CollectionNames.Items, erp.Name);
        Assert.Equal(("i2", "It has no SKU."), (offer.GetProperty("problems")[0].GetProperty("key").GetString(), offer.GetProperty("problems")[0].GetProperty("problem").GetString()));
    }

    [Fact]
    public async Task Of_an_item_a_connection_brings_the_office_keeps_only_what_the_destination_does_not_know()
    {
        await using var erp = await SourceAsync(CollectionNames.Items);
        var sku = $"P-{Guid.NewGuid():N}";
        await PutAsync(new { sku, name = "Of the office", price = 1, minimumQuantity = 6, quantityStep = 6 });
        await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "Of the ERP", Price: 2)));

        var answer = await PutAsync(new { sku, name = "Again of the office", price = 3, minimumQuantity = 12, quantityStep = 6 });

        var item = (await ProductAsync(sku))!.Value;
        Assert.Equal((1, 1), (answer.GetProperty("fromConnection").GetInt32(), answer.GetProperty("changed").GetInt32()));
        Assert.Equal(("Of the ERP", 2m, 12m), (item.GetProperty("name").GetString()!, item.GetProperty("price").GetDecimal(), item.GetProperty("minimumQuantity").GetDecimal()));
    }

    [Fact]
    public async Task F011_What_a_destination_never_knew_of_an_item_stays_the_offices_and_what_it_knew_goes_with_it()
    {
        await using var erp = await SourceAsync(CollectionNames.Items);
        var sku = $"P-{Guid.NewGuid():N}";
        await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "Lamp", Categories: ["Light"], Description: "Of the ERP")));
        await PutAsync(new { sku, name = "Lamp", description = "Of the office", categories = new[] { "Of the office" }, barcodes = new[] { "1" }, collections = new[] { "Spring" }, attributes = new { colour = "red" }, hasModifiers = true });
        var both = await SaidAsync();
        await erp.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(sku, "Lamp", Attributes: new Dictionary<string, string> { ["colour"] = "blue" }), version: 2));

        Assert.Equal("Of the ERP|Light|1|Spring|red|true", both);
        Assert.Equal("||1|Spring|blue|true", await SaidAsync());

        Task<string> SaidAsync() => gateway.Scalar<string>($"select concat(description, '|', categories[1], '|', barcodes[1], '|', collections[1], '|', attributes ->> 'colour', '|', has_modifiers::text) from gateway.item where sku = '{sku}'");
    }

    [Fact]
    public async Task F106_A_customer_comes_back_as_the_record_it_was_made_from_and_keeps_what_the_destination_does_not_know()
    {
        await using var erp = await SourceAsync(CollectionNames.Customers);
        using var device = await gateway.EnrolAsync();
        var captured = An.Customer();
        await device.PushAsync(captured);
        var id = captured["id"]!.GetValue<Guid>();
        var (known, stranger) = ($"Z{Guid.NewGuid():N}", $"Z{Guid.NewGuid():N}");
        var before = await gateway.Scalar<long>("select count(*) from gateway.customer");

        await erp.TellAsync(CollectionNames.Customers, Row(known, new CustomerLevel(Body("Ann of the ERP", phone: "")), record: id), Row(stranger, new CustomerLevel(Body("Somebody"))));
        await erp.TellAsync(CollectionNames.Customers, Row(stranger, new CustomerLevel(Body("Somebody else"), Active: false), version: 2));

        Assert.Equal(before + 1, await gateway.Scalar<long>("select count(*) from gateway.customer"));
        Assert.Equal($"Ann of the ERP {known} 1", await gateway.Scalar<string>($"select name || ' ' || number || ' ' || rev from gateway.customer where customer_id = '{id}'"));
        Assert.Equal("Somebody else", await gateway.Scalar<string>($"select name from gateway.customer where number = '{stranger}' and not active"));
        Assert.True(await gateway.Scalar<bool>($"select (u.body::jsonb - 'name') - 'phone' = ((convert_from(c.bytes, 'UTF8')::jsonb -> 'body') - 'name') - 'phone' from gateway.customer u join gateway.capture c on c.record_id = u.customer_id where u.customer_id = '{id}'"));
        await erp.TellAsync(CollectionNames.Customers, Gone(stranger, version: 3, import: 2));
        Assert.True(await gateway.Scalar<bool>($"select removed from gateway.customer where number = '{stranger}'"));
    }

    [Fact]
    public async Task F022_Price_lists_prices_and_stock_are_there_as_of_when_they_were_seen()
    {
        await using var erp = await SourceAsync(CollectionNames.PriceLists, CollectionNames.Prices, CollectionNames.Stock);
        var sku = $"P-{Guid.NewGuid():N}";
        await erp.TellAsync(CollectionNames.PriceLists, Row("l1", new PriceListLevel("Wholesale", Currency: "EUR")));
        await erp.TellAsync(CollectionNames.Prices, Row("l1/i1/0", new PriceLevel(sku, 2.75m, "l1")), Row("l1/i1/10", new PriceLevel(sku, 2.5m, "l1", FromQuantity: 10)));
        var stock = Row("i1/main", new StockLevel(sku, "main", 12, "Main")) with { At = new DateTimeOffset(2026, 3, 3, 9, 0, 0, TimeSpan.Zero) };
        await erp.TellAsync(CollectionNames.Stock, stock);

        await erp.TellAsync(CollectionNames.Prices, Gone("l1/i1/10"));

        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.price where sku = '{sku}' and unit_price = 2.75"));
        Assert.Equal(stock.At.UtcDateTime, await gateway.Scalar<DateTime>($"select as_of from gateway.stock where sku = '{sku}' and available = 12"));
        Assert.Equal("Wholesale", await gateway.Scalar<string>($"select name from gateway.price_list where connection_id = '{erp.Connection}'"));
    }

    [Fact]
    public async Task F107_What_the_destination_does_with_an_order_and_its_invoice_stands_in_its_timeline()
    {
        var name = await gateway.ConnectAsync("customer");
        using var device = await gateway.EnrolAsync();
        var captured = An.Customer();
        await device.PushAsync(captured);
        var id = captured["id"]!.GetValue<Guid>();
        await using (var writes = await TestConnector.StartAsync(gateway, name))
        {
            await writes.ReportAsync(await writes.ReceivedAsync(id), 1, DeliveryState.Done, "77");
            await Eventually.TrueAsync(() => writes.Acknowledged.Contains((id, 1L)), "the report is taken");
        }

        await using var erp = await PullingConnector.StartAsync(gateway, name);
        await erp.TellAsync(CollectionNames.Orders, Row("77", new DocumentLevel("SO-77", "confirmed", 12.5m)));
        await ChooseAsync(CollectionNames.Orders, name);
        await erp.TellAsync(CollectionNames.Invoices, Row("9", new DocumentLevel("INV-9", "sent", 12.5m, Balance: 12.5m, Order: "77")));
        await ChooseAsync(CollectionNames.Invoices, name);
        await erp.TellAsync(CollectionNames.Orders, Row("77", new DocumentLevel("SO-77", "confirmed", 12.5m)));
        await erp.TellAsync(CollectionNames.Invoices, Row("9", new DocumentLevel("INV-9", "sent", 12.5m, Balance: 12.5m, Order: "77")));
        await erp.TellAsync(CollectionNames.Invoices, Row("9", new DocumentLevel("INV-9", "paid", 12.5m, Balance: 0, Order: "77"), version: 2));
        await erp.TellAsync(CollectionNames.Orders, Gone("77"));

        var lines = (await gateway.RecordAsync(id)).GetProperty("timeline").EnumerateArray().Where(line => line.GetProperty("what").GetString()!.StartsWith("erp.", StringComparison.Ordinal))
            .Select(line => line.GetProperty("message").GetString()!).ToList();
        Assert.Equal([$"In {name} the order SO-77 is confirmed.", $"In {name} the invoice INV-9 is sent; 12.50 of it is open.", $"In {name} the invoice INV-9 is paid.", $"In {name} the order SO-77 is deleted."], lines);
    }

    [Fact]
    [InCi]
    public async Task Only_the_source_is_taken_over_and_another_one_takes_its_place_without_a_gap()
    {
        await using var first = await SourceAsync(CollectionNames.Items);
        await using var second = await PullingConnector.StartAsync(gateway, await gateway.ConnectAsync("order"));
        var (shared, left) = ($"P-{Guid.NewGuid():N}", $"P-{Guid.NewGuid():N}");
        await first.TellAsync(CollectionNames.Items, Row("i1", new ItemLevel(shared, "Of the first")), Row("i2", new ItemLevel(left, "Left over")));
        var ignored = await second.TellAsync(CollectionNames.Items, Row("x1", new ItemLevel(shared, "Of the second")));
        second.Answers.Clear();

        await ChooseAsync(CollectionNames.Items, second.Name);
        var told = await Eventually.GetAsync(() => Task.FromResult(second.Answers.FirstOrDefault()), answer => answer is not null, "the new source to be told");
        var between = (await ProductAsync(shared), await ProductAsync(left));
        var taken = await second.TellAsync(CollectionNames.Items, complete: true, epoch: 0, [Row("x1", new ItemLevel(shared, "Of the second"))]);
        await Eventually.TrueAsync(async () => await ProductAsync(left) is null, "what the former source left to be removed");

        Assert.Equal((false, 0L), (ignored.IsSource, ignored.Rows[0].Version));
        Assert.True(told!.IsSource && told.SourceVersion > ignored.SourceVersion);
        Assert.True(between is ({ }, { }));
        Assert.Equal((true, 1L, "Of the second"), (taken.IsSource, taken.Rows[0].Version, (await ProductAsync(shared))!.Value.GetProperty("name").GetString()));
        var audited = await gateway.LastChangeAsync();
        Assert.Equal(("collection.source", CollectionNames.Items), (audited.GetProperty("action").GetString(), audited.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task A_source_is_chosen_only_among_those_that_offer_the_collection()
    {
        var nobody = await gateway.Office.PutAsJsonAsync("/v1/office/collections/items", new { source = "nobody-knows" });
        var nothing = await gateway.Office.PutAsJsonAsync("/v1/office/collections/planets", new { source = "erp" });
        var empty = await gateway.Office.PutAsJsonAsync("/v1/office/collections/items", new { source = "" });

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (nobody.StatusCode, nothing.StatusCode, empty.StatusCode));
        Assert.Equal(("collection.notOffered", "collection.unknown", "collection.source"), (await CodeAsync(nobody), await CodeAsync(nothing), await CodeAsync(empty)));
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();

    private static CustomerBody Body(string name, string? phone = null) => new(name, null, null, null, phone, null, null, null, null, null, null, null);

    // A connection of this test, and the source of these collections.
    private async Task<PullingConnector> SourceAsync(params IReadOnlyList<string> collections)
    {
        var name = await gateway.ConnectAsync("order");
        var connector = await PullingConnector.StartAsync(gateway, name);
        foreach (var collection in collections)
        {
            await connector.TellAsync(collection);
            await ChooseAsync(collection, name);
        }

        return connector;
    }

    private async Task ChooseAsync(string collection, string name)
    {
        var answer = await gateway.Office.PutAsJsonAsync($"/v1/office/collections/{collection}", new { source = name });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> PutAsync(object product)
    {
        var answer = await gateway.Office.PutAsJsonAsync("/v1/office/products", new { products = new[] { product } });
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> OfferAsync(string collection, string name) =>
        (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/collections")).GetProperty("collections").EnumerateArray().Single(one => one.GetProperty("collection").GetString() == collection)
            .GetProperty("offers").EnumerateArray().Single(offer => offer.GetProperty("connection").GetString() == name);

    private async Task<JsonElement?> ProductAsync(string sku) =>
        (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/products?search={sku}")).GetProperty("products").EnumerateArray()
            .Where(item => item.GetProperty("sku").GetString() == sku).Select(item => (JsonElement?)item).FirstOrDefault();
}
