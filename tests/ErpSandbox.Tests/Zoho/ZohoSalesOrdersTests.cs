using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Sales orders".</summary>
public sealed class ZohoSalesOrdersTests(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    private readonly SandboxServer sandbox = shared.Server;
    private ZohoOrg org = null!;
    private string customer = null!;
    private string item = null!;

    public async Task InitializeAsync()
    {
        await sandbox.ResetAsync();
        org = await sandbox.OrgAsync(new
        {
            taxes = new[] { new { tax_name = "VAT", tax_percentage = 8m } },
            items = new object[] { new { sku = "SKU-1", name = "Bottle", rate = 4.99m, unit = "pcs", tax_percentage = 8m }, new { sku = "OLD", name = "Old", rate = 1m, status = "inactive" } },
        });
        customer = await org.ContactAsync();
        item = await org.ItemIdAsync("SKU-1");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task F101_An_order_is_created_as_draft_with_its_own_number_and_read_back_the_same()
    {
        var created = await org.OrderAsync(Order("FS-1"));
        Assert.Equal((201, 0), Outcome(created));
        var order = created["salesorder"];
        Assert.Equal(("draft", "FS-1", "PO-1", "rec-FS-1"), ((string?)order["status"], (string?)order["salesorder_number"], (string?)order["reference_number"], OurId(order)));
        Assert.Equal((9.98m, 0.80m, 10.78m), ((decimal)order["sub_total"]!, (decimal)order["tax_total"]!, (decimal)order["total"]!));
        var read = await org.GetAsync("salesorders/" + (string?)order["salesorder_id"]);
        Assert.True(JsonNode.DeepEquals(order, read["salesorder"]));
    }

    [Fact]
    public async Task Answers_carry_the_fields_that_say_how_money_was_rounded()
    {
        var order = (await org.OrderAsync(Order("FS-1")))["salesorder"];
        Assert.Equal(2, (int)order["price_precision"]!);
        Assert.Equal(
            ("entity_level", "round_half_up", "round_half_up", "no_rounding", "no_override", 0m, false),
            ((string?)order["tax_rounding"], (string?)order["rounding_mode"], (string?)order["bcy_rounding_mode"], (string?)order["transaction_rounding_type"],
                (string?)order["tax_override_preference"], (decimal)order["roundoff_value"]!, (bool)order["is_item_level_tax_calc"]!));
        Assert.True(order.AsObject().ContainsKey("discount_applied_on_amount"));
        Assert.True(order.AsObject().ContainsKey("sub_total_inclusive_of_tax"));
        Assert.Null(order["line_items"]![0]!["tax_amount"]);
    }

    [Fact]
    public async Task A_number_is_taken_once_for_ever()
    {
        var first = await org.OrderAsync(Order("FS-1"));
        Assert.Equal((400, 13011), Outcome(await org.OrderAsync(Order(" fs-1 "))));
        await org.PostAsync($"salesorders/{Id(first)}/status/void");
        Assert.Equal((400, 13011), Outcome(await org.OrderAsync(Order("FS-1"))));
        Assert.Equal(201, (await org.OrderAsync(Order("FS1"))).Status);
    }

    [Fact]
    public async Task The_code_for_a_taken_number_is_a_setting_since_it_is_not_documented()
    {
        await sandbox.OrgAsync(new { duplicate_number_code = 4711 });
        await org.OrderAsync(Order("FS-1"));
        Assert.Equal((400, 4711), Outcome(await org.OrderAsync(Order("FS-1"))));
    }

    [Fact]
    public async Task Fifty_callers_with_one_number_create_one_order()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => org.OrderAsync(Order("FS-1"))));
        Assert.Single(replies, reply => reply.Status == 201);
        Assert.Equal(1, (int)(await org.SummaryAsync())["salesorders"]!);
    }

    [Fact]
    public async Task Without_the_flag_Zoho_numbers_orders_itself_and_refuses_a_number_of_ours()
    {
        var body = Order("FS-1");
        Assert.Equal((400, 2), Outcome(await org.PostAsync("salesorders", body)));
        body.Remove("salesorder_number");
        var own = await org.PostAsync("salesorders", body);
        Assert.Equal("SO-00001", (string?)own["salesorder"]["salesorder_number"]);
        Assert.Equal((400, 4), Outcome(await org.OrderAsync(body)));
    }

    [Fact]
    public async Task An_order_is_found_by_number_or_reference_and_by_nothing_of_ours()
    {
        await org.OrderAsync(Order("FS-1"));
        await org.OrderAsync(Order("FS-2"));
        Assert.Equal(["FS-1"], await NumbersAsync("salesorder_number=FS-1"));
        Assert.Equal(["FS-1", "FS-2"], await NumbersAsync("reference_number=PO-1"));
        Assert.Empty(await NumbersAsync("salesorder_number=FS-3"));
        Assert.Equal(["FS-1", "FS-2"], await NumbersAsync("cf_ordersync_id=rec-FS-1"));
        Assert.Equal(["FS-1", "FS-2"], await NumbersAsync("customer_id=1"));
        Assert.False((await org.GetAsync("salesorders"))["salesorders"][0]!.AsObject().ContainsKey("custom_fields"));
    }

    [Fact]
    public async Task A_draft_is_confirmed_and_voided_and_a_void_order_is_neither_changed_nor_confirmed()
    {
        var id = Id(await org.OrderAsync(Order("FS-1")));
        Assert.Equal((200, 0), Outcome(await org.PostAsync($"salesorders/{id}/status/confirmed")));
        Assert.Equal((200, 0), Outcome(await org.PostAsync($"salesorders/{id}/status/confirmed")));
        Assert.Equal("confirmed", await StatusAsync(id));
        Assert.Equal((200, 0), Outcome(await org.PostAsync($"salesorders/{id}/status/void")));
        Assert.Equal("void", await StatusAsync(id));
        Assert.Equal((400, 2), Outcome(await org.PostAsync($"salesorders/{id}/status/confirmed")));
        Assert.Equal((400, 2), Outcome(await org.PutAsync("salesorders/" + id, new { notes = "x" })));
        Assert.Equal((404, 1002), Outcome(await org.PostAsync("salesorders/1/status/confirmed")));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name_and_works_the_figures_out_again()
    {
        var id = Id(await org.OrderAsync(Order("FS-1")));
        var changed = await org.PutAsync("salesorders/" + id, new { adjustment = -0.78m });
        Assert.Equal((10.00m, "FS-1", "rec-FS-1"), ((decimal)changed["salesorder"]["total"]!, (string?)changed["salesorder"]["salesorder_number"], OurId(changed["salesorder"])));
        await org.PutAsync($"salesorder/{id}/customfields", new { custom_fields = new[] { new { api_name = "cf_ordersync_id", value = "rec-9" } } });
        Assert.Equal("rec-9", OurId((await org.GetAsync("salesorders/" + id))["salesorder"]));
    }

    [Fact]
    public async Task A_discount_counts_only_in_the_place_its_type_names()
    {
        var body = Order("FS-1");
        body["discount"] = 1m;
        body["line_items"]![0]!["discount"] = "10%";
        body["discount_type"] = "item_level";
        var perLine = (await org.OrderAsync(body))["salesorder"];
        Assert.Equal((8.98m, 0m), ((decimal)perLine["sub_total"]!, (decimal)perLine["discount_total"]!));
        body["salesorder_number"] = "FS-2";
        body["discount_type"] = "entity_level";
        var perOrder = (await org.OrderAsync(body))["salesorder"];
        Assert.Equal((9.98m, 1m), ((decimal)perOrder["sub_total"]!, (decimal)perOrder["discount_total"]!));

        await sandbox.OrgAsync(new { discounts_given = "item_level" });
        body["salesorder_number"] = "FS-3";
        Assert.Equal(0m, (decimal)(await org.OrderAsync(body))["salesorder"]["discount_total"]!);
    }

    [Fact]
    public async Task A_tax_is_named_by_id_and_a_percentage_or_amount_is_dropped()
    {
        var body = Order("FS-1");
        var line = body["line_items"]![0]!.AsObject();
        line.Remove("tax_id");
        line["tax_percentage"] = 8;
        line["tax_amount"] = 0.80m;
        Assert.Equal(0m, (decimal)(await org.OrderAsync(body))["salesorder"]["tax_total"]!);

        await sandbox.OrgAsync(new { line_without_tax = "item_tax" });
        body["salesorder_number"] = "FS-2";
        Assert.Equal(0.80m, (decimal)(await org.OrderAsync(body))["salesorder"]["tax_total"]!);
    }

    [Fact]
    public async Task An_address_goes_by_id_and_never_inline()
    {
        var address = (string?)(await org.PostAsync($"contacts/{customer}/address", new { city = "Dubai" }))["address_info"]["address_id"];
        var body = Order("FS-1");
        body["shipping_address_id"] = address;
        Assert.Equal("Dubai", (string?)(await org.OrderAsync(body))["salesorder"]["shipping_address"]!["city"]);
        body["salesorder_number"] = "FS-2";
        body["shipping_address"] = new JsonObject { ["city"] = "Ajman" };
        Assert.Equal((400, 2), Outcome(await org.OrderAsync(body)));
        await sandbox.OrgAsync(new { inline_address = "drop" });
        Assert.Equal("Dubai", (string?)(await org.OrderAsync(body))["salesorder"]["shipping_address"]!["city"]);
        body["salesorder_number"] = "FS-3";
        body["shipping_address_id"] = "1";
        Assert.Equal((400, 1002), Outcome(await org.OrderAsync(body)));
    }

    [Fact]
    public async Task A_custom_field_the_organisation_has_not_defined_is_dropped_without_a_word()
    {
        await sandbox.OrgAsync(new { salesorder_custom_fields = Array.Empty<string>() });
        var created = await org.OrderAsync(Order("FS-1"));
        Assert.Equal(201, created.Status);
        Assert.Empty(created["salesorder"]["custom_fields"]!.AsArray());
    }

    [Theory]
    [InlineData("customer_id", "\"1\"", 1002)]
    [InlineData("customer_id", "null", 4)]
    [InlineData("line_items", "[]", 4)]
    [InlineData("line_items", "[{\"item_id\":\"1\"}]", 1002)]
    [InlineData("line_items", "[{\"quantity\":1}]", 4)]
    [InlineData("line_items", "[{\"name\":\"A\",\"tax_id\":\"1\"}]", 1002)]
    [InlineData("line_items", "[{\"name\":\"A\",\"rate\":\"5\"}]", 2)]
    [InlineData("line_items", "[{\"name\":\"A\",\"quantity\":0}]", 2)]
    [InlineData("line_items", "[{\"name\":\"A\",\"rate\":1e20}]", 2)]
    [InlineData("line_items", "[{\"name\":\"{long}\"}]", 2)]
    [InlineData("line_items", "[{\"item_id\":\"{inactive}\"}]", 2)]
    [InlineData("date", "\"21.11.2026\"", 2)]
    [InlineData("date", "\"2026-02-30\"", 2)]
    [InlineData("discount", "\"5 percent\"", 2)]
    [InlineData("discount", "\"101%\"", 2)]
    [InlineData("discount", "\"-1\"", 2)]
    [InlineData("discount", "\"10.00\"", 2)] // more than the order
    [InlineData("discount_type", "\"line\"", 2)]
    [InlineData("is_inclusive_tax", "\"true\"", 2)]
    [InlineData("shipping_charge", "-1", 2)]
    [InlineData("salesperson_id", "\"1\"", 1002)]
    [InlineData("reference_number", "\"{long}\"", 2)]
    [InlineData("contact_persons_associated", "[{\"contact_person_id\":\"1\"}]", 1002)]
    public async Task An_order_that_breaks_the_documented_form_is_refused_and_takes_no_number(string field, string value, int code)
    {
        var inactive = await org.ItemIdAsync("OLD");
        var body = Order("FS-1");
        body[field] = JsonNode.Parse(value.Replace("{long}", new string('x', 101), StringComparison.Ordinal).Replace("{inactive}", inactive, StringComparison.Ordinal));
        Assert.Equal((400, code), Outcome(await org.OrderAsync(body)));
        Assert.Equal(201, (await org.OrderAsync(Order("FS-1"))).Status);
    }

    private JsonObject Order(string number) => new()
    {
        ["customer_id"] = customer,
        ["salesorder_number"] = number,
        ["reference_number"] = "PO-1",
        ["date"] = "2026-11-21",
        ["line_items"] = new JsonArray(new JsonObject { ["item_id"] = item, ["quantity"] = 2, ["rate"] = 4.99m, ["tax_id"] = org.TaxId() }),
        ["custom_fields"] = new JsonArray(new JsonObject { ["api_name"] = "cf_ordersync_id", ["value"] = "rec-" + number.Trim() }),
    };

    private static string? OurId(JsonNode order) => (string?)order["custom_fields"]!.AsArray().SingleOrDefault()?["value"];

    private static string Id(ZohoReply reply) => (string)reply["salesorder"]["salesorder_id"]!;

    private async Task<string?> StatusAsync(string id) => (string?)(await org.GetAsync("salesorders/" + id))["salesorder"]["status"];

    private async Task<List<string?>> NumbersAsync(string filter) =>
        (await org.GetAsync("salesorders?" + filter))["salesorders"].AsArray().Select(row => (string?)row!["salesorder_number"]).ToList();

    private static (int Status, int Code) Outcome(ZohoReply reply) => (reply.Status, reply.Code);
}
