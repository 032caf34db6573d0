using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Items and settings" and "Stock"; and what the office does through the control API.</summary>
public sealed class ZohoCatalogueTests(SharedSandbox shared) : ZohoShop(shared)
{
    private const string Office = "zoho/orgs/60001/";

    [Fact]
    public async Task F022_Items_carry_category_group_codes_and_stock_by_location()
    {
        await SetUpAsync();
        var item = (await Org.GetAsync("items/" + Item))["item"];
        Assert.Equal(("Water", "Bottles", "Size", "0,5 l", "4006381333931"),
            ((string?)item["category_name"], (string?)item["group_name"], (string?)item["attribute_name1"], (string?)item["attribute_option_name1"], (string?)item["ean"]));
        Assert.Equal((17m, 2), ((decimal)item["stock_on_hand"]!, item["locations"]!.AsArray().Count));
        Assert.Null((await Org.GetAsync("items?sku=SKU-2"))["items"][0]!["stock_on_hand"]);
        var categories = (await Org.GetAsync("categories"))["categories"].AsArray();
        var (drinks, water) = (categories.Single(one => (string?)one!["name"] == "Drinks"), categories.Single(one => (string?)one!["name"] == "Water"));
        Assert.Equal((string?)drinks!["category_id"], (string?)water!["parent_category_id"]);
        Assert.Equal("SKU-1", (string?)(await Org.GetAsync("itemgroups"))["itemgroups"][0]!["items"]![0]!["sku"]);
        Assert.Equal(["Main", "Van 1"], (await Org.GetAsync("locations"))["locations"].AsArray().Select(one => (string?)one!["location_name"]));
        Assert.Single((await Org.GetAsync("items?category_id=" + water["category_id"]))["items"].AsArray());
    }

    [Fact]
    public async Task Confirming_promises_stock_and_invoicing_takes_it_where_the_line_says()
    {
        await SetUpAsync();
        var van = (string?)(await Org.GetAsync("locations"))["locations"][1]!["location_id"];
        var body = Body("salesorder_number", "FS-1");
        body["line_items"]![0]!["location_id"] = van;
        var order = (await Org.OrderAsync(body))["salesorder"];
        Assert.Equal("7/0/7", await StockAsync(1));
        await Org.PostAsync($"salesorders/{order["salesorder_id"]}/status/confirmed");
        Assert.Equal("7/2/5", await StockAsync(1));
        var invoice = (await Books.PostAsync("invoices/fromsalesorder?salesorder_id=" + order["salesorder_id"]))["invoice"];
        Assert.Equal("7/0/7", await StockAsync(1));
        await Org.PostAsync($"invoices/{invoice["invoice_id"]}/status/sent");
        Assert.Equal("5/0/5", await StockAsync(1));
        await Org.PostAsync($"invoices/{invoice["invoice_id"]}/status/void");
        Assert.Equal("7/2/5", await StockAsync(1));
        Assert.Equal("10/0/10", await StockAsync(0));
        body["salesorder_number"] = "FS-2";
        body["location_id"] = "1";
        Assert.Equal((400, 1002), (await Org.OrderAsync(body)).Outcome);
    }

    [Fact]
    public async Task Whether_a_stock_move_shows_as_a_change_of_the_item_is_a_setting()
    {
        await SetUpAsync();
        Shared.Clock.Advance(TimeSpan.FromMinutes(30));
        var since = Uri.EscapeDataString(Shared.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", System.Globalization.CultureInfo.InvariantCulture));
        await ControlAsync(HttpMethod.Patch, "items/SKU-1", new { stock = new Dictionary<string, int> { ["Main"] = 3 } });
        Assert.Equal("3/0/3", await StockAsync(0));
        Assert.Empty((await Org.GetAsync("items?last_modified_time=" + since))["items"].AsArray());
        await Sandbox.OrgAsync(new { stock_bumps_last_modified = true });
        await ControlAsync(HttpMethod.Patch, "items/SKU-1", new { stock = new Dictionary<string, int> { ["Main"] = 4 } });
        Assert.Single((await Org.GetAsync("items?last_modified_time=" + since))["items"].AsArray());
    }

    [Fact]
    public async Task F023_Price_lists_have_rates_by_item_and_quantity_or_a_percentage_and_customers_have_one()
    {
        await SetUpAsync();
        var books = (await Org.GetAsync("pricebooks"))["pricebooks"].AsArray();
        var (dealer, summer) = (books[0]!, books[1]!);
        Assert.Equal(("per_item", "volume", 4.5m), ((string?)dealer["pricebook_type"], (string?)dealer["pricing_scheme"], (decimal)dealer["pricebook_items"]![0]!["pricebook_rate"]!));
        Assert.Equal(4m, (decimal)dealer["pricebook_items"]![0]!["price_brackets"]![1]!["pricebook_rate"]!);
        Assert.Equal(("fixed_percentage", 10m, false), ((string?)summer["pricebook_type"], (decimal)summer["percentage"]!, (bool)summer["is_increase"]!));
        var contact = await Org.PutAsync("contacts/" + Customer, new { pricebook_id = (string?)dealer["pricebook_id"] });
        Assert.Equal("Dealers", (string?)contact["contact"]["pricebook_name"]);
    }

    [Fact]
    public async Task The_same_set_up_again_leaves_every_item_and_list_as_it_was()
    {
        await SetUpAsync();
        Shared.Clock.Advance(TimeSpan.FromMinutes(30));
        var before = (await Org.GetAsync("items")).Body.ToJsonString() + (await Org.GetAsync("pricebooks")).Body.ToJsonString();
        await SetUpAsync();
        Assert.Equal(before, (await Org.GetAsync("items")).Body.ToJsonString() + (await Org.GetAsync("pricebooks")).Body.ToJsonString());
        await Sandbox.OrgAsync(new { items = new[] { new { sku = "SKU-1", rate = 5.49m } } });
        var item = (await Org.GetAsync("items/" + Item))["item"];
        Assert.Equal((5.49m, "Bottle", "Water"), ((decimal)item["rate"]!, (string?)item["name"], (string?)item["category_name"]));
    }

    [Fact]
    public async Task The_office_changes_rows_by_SKU_name_or_number_and_lists_show_them_as_modified()
    {
        var (order, _) = await OrderAsync();
        Shared.Clock.Advance(TimeSpan.FromMinutes(30));
        var since = Uri.EscapeDataString(Shared.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(5.49m, (decimal)(await ControlAsync(HttpMethod.Patch, "items/SKU-1", new { rate = 5.49m }))["rate"]!);
        Assert.Equal(0, (int)(await ControlAsync(HttpMethod.Put, "contacts/Al%20Noor%20Grocery", new { contact_name = "Falcon" }))["code"]!);
        await ControlAsync(HttpMethod.Patch, "salesorders/FS-1", new { status = "onhold" });
        Assert.Single((await Org.GetAsync("items?last_modified_time=" + since))["items"].AsArray());
        Assert.Equal("Falcon", (string?)(await Org.GetAsync("contacts?last_modified_time=" + since))["contacts"].AsArray().Single()!["contact_name"]);
        Assert.Equal("onhold", (string?)(await Org.GetAsync("salesorders?last_modified_time=" + since))["salesorders"].AsArray().Single()!["status"]);
        Assert.Equal(0, (int)(await ControlAsync(HttpMethod.Post, "salesorders/FS-1/status/void"))["code"]!);
        Assert.Equal("void", (string?)(await ReadAsync("salesorders", order, "salesorder"))["status"]);
    }

    [Fact]
    public async Task The_office_creates_documents_with_bodies_of_the_API()
    {
        var (order, _) = await OrderAsync();
        Assert.Equal(10.78m, (decimal)(await ControlAsync(HttpMethod.Post, "invoices/fromsalesorder?salesorder_id=" + order, new { }))["invoice"]!["total"]!);
        var made = await ControlAsync(HttpMethod.Post, "customerpayments", new { customer_id = Customer, payment_mode = "cash", amount = 5, date = "2026-11-21" });
        Assert.Equal(5m, (decimal)made["payment"]!["amount"]!);
        Assert.Equal(1, (int)(await Org.SummaryAsync())["customerpayments"]!);
        Assert.Equal(4, (int)(await ControlAsync(HttpMethod.Post, "customerpayments", new { customer_id = Customer }))["code"]!);
    }

    [Fact]
    public async Task Items_and_contacts_are_deleted_unless_a_document_names_them()
    {
        await OrderAsync();
        await Sandbox.OrgAsync(new { items = new[] { new { sku = "SKU-9", name = "Unsold", rate = 1m } } });
        var other = await Org.ContactAsync("Eagle", "e@example.org");
        Assert.Equal((400, 2), (await Org.DeleteAsync("items/" + Item)).Outcome);
        Assert.Equal((400, 2), (await Org.DeleteAsync("contacts/" + Customer)).Outcome);
        Assert.Equal((200, 0), (await Org.DeleteAsync("contacts/" + other)).Outcome);
        Assert.Equal(0, (int)(await ControlAsync(HttpMethod.Delete, "items/SKU-9"))["code"]!);
        Assert.Equal(["SKU-1"], (await Org.GetAsync("items"))["items"].AsArray().Select(one => (string?)one!["sku"]));
        Assert.Equal(201, (await Org.PostAsync("contacts", new { contact_name = "Eagle" })).Status);

        await Org.PostAsync($"contacts/{Customer}/inactive");
        Assert.Equal((400, 2), (await Org.OrderAsync(Body("salesorder_number", "FS-2"))).Outcome);
        await Org.PostAsync($"contacts/{Customer}/active");
        await Org.PostAsync($"items/{Item}/inactive");
        Assert.Equal((400, 2), (await Org.OrderAsync(Body("salesorder_number", "FS-2"))).Outcome);
        Assert.Empty((await Org.GetAsync("items?filter_by=Status.Active"))["items"].AsArray());
    }

    [Theory]
    [InlineData("""{"items":[{"sku":"A","name":"A","stock":{"Nowhere":1}}]}""")]
    [InlineData("""{"items":[{"sku":"A"}]}""")]
    [InlineData("""{"items":[{"sku":"A","name":"A","status":"gone"}]}""")]
    [InlineData("""{"pricebooks":[{"name":"P","items":[{"sku":"NONE","rate":1}]}]}""")]
    [InlineData("""{"locations":[""]}""")]
    public async Task A_set_up_that_refers_to_nothing_is_refused(string body)
    {
        using var content = new StringContent(body);
        Assert.Equal(400, (int)(await Sandbox.Http.PutAsync("/_control/zoho/orgs/60001", content)).StatusCode);
    }

    [Theory]
    [InlineData("items/SKU-1", """{"colour":"red"}""", 400)]
    [InlineData("items/SKU-1", """{"stock_on_hand":5}""", 400)]
    [InlineData("items/SKU-1", """{"item_id":"1"}""", 400)]
    [InlineData("items/SKU-1", """{"stock":{"Nowhere":5}}""", 400)]
    [InlineData("items/NONE", """{"rate":5}""", 404)]
    [InlineData("planets/1", """{"rate":5}""", 404)]
    public async Task A_change_of_what_is_not_there_or_follows_from_other_things_is_refused(string path, string body, int status)
    {
        using var content = new StringContent(body);
        Assert.Equal(status, (int)(await Sandbox.Http.PatchAsync("/_control/" + Office + path, content)).StatusCode);
    }

    private Task SetUpAsync() => Sandbox.OrgAsync(new
    {
        locations = new[] { "Main", "Van 1" },
        categories = new[] { new { name = "Water", parent = "Drinks" } },
        items = new object[]
        {
            new { sku = "SKU-1", category = "Water", group = "Bottles", attribute = "Size", option = "0,5 l", ean = "4006381333931", stock = new Dictionary<string, int> { ["Main"] = 10, ["Van 1"] = 7 } },
            new { sku = "SKU-2", name = "Service", rate = 1m },
        },
        pricebooks = new object[]
        {
            new { name = "Dealers", items = new[] { new { sku = "SKU-1", rate = 4.5m, brackets = new[] { new { start_quantity = 1, end_quantity = (int?)9, pricebook_rate = 4.5m }, new { start_quantity = 10, end_quantity = (int?)null, pricebook_rate = 4m } } } } },
            new { name = "Summer", percentage = 10 },
        },
    });

    private async Task<string> StockAsync(int at)
    {
        var place = (await Org.GetAsync("items/" + Item))["item"]["locations"]![at]!;
        return $"{place["location_stock_on_hand"]:0.##}/{place["location_committed_stock"]}/{place["location_available_for_sale_stock"]}";
    }

    private Task<JsonObject> ControlAsync(HttpMethod method, string path, object? body = null) => Sandbox.ControlAsync(method, Office + path, body);
}
