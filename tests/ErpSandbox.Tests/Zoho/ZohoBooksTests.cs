using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Two products", "Estimates", "Sales receipts" and "Finding by a unique field".</summary>
public sealed class ZohoBooksTests(SharedSandbox shared) : ZohoShop(shared)
{
    [Fact]
    public async Task F106_Books_opens_an_order_where_Inventory_confirms_it_and_both_show_the_same_order()
    {
        var (id, _) = await OrderAsync();
        Assert.Equal(404, (await Books.SendAsync(HttpMethod.Post, $"salesorders/{id}/status/confirmed")).Status);
        Assert.Equal(404, (await Org.SendAsync(HttpMethod.Post, $"salesorders/{id}/status/open")).Status);
        Assert.Equal((200, 0), (await Books.PostAsync($"salesorders/{id}/status/open")).Outcome);
        Assert.Equal((200, 0), (await Books.PostAsync($"salesorders/{id}/status/open")).Outcome);
        Assert.Equal("confirmed", (string?)(await ReadAsync("salesorders", id, "salesorder"))["status"]);
        var inBooks = await Books.GetAsync("salesorders/" + id);
        Assert.Equal(("open", 10.78m), ((string?)inBooks["salesorder"]["status"], (decimal)inBooks["salesorder"]["total"]!));
        Assert.Equal("open", (string?)(await Books.GetAsync("salesorders?salesorder_number=FS-1"))["salesorders"][0]!["status"]);
    }

    [Fact]
    public async Task Books_filters_orders_by_what_Inventory_ignores()
    {
        await OrderAsync();
        await OrderAsync("FS-2");
        Assert.Empty((await Books.GetAsync("salesorders?customer_id=1"))["salesorders"].AsArray());
        Assert.Equal(2, (await Org.GetAsync("salesorders?customer_id=1"))["salesorders"].AsArray().Count);
        Assert.Single((await Books.GetAsync("salesorders?salesorder_number_in=FS-2,FS-3"))["salesorders"].AsArray());
        Assert.Equal(2, (await Books.GetAsync("salesorders?cf_ordersync_id=rec-FS-1"))["salesorders"].AsArray().Count);
    }

    [Fact]
    public async Task Items_are_under_settings_in_Books_and_scopes_are_its_own()
    {
        await Sandbox.OrgAsync(new { scopes = "ZohoInventory.FullAccess.all,ZohoBooks.settings.READ" });
        Assert.Equal(200, (await Books.GetAsync("items")).Status);
        Assert.Equal((401, 57), (await Books.GetAsync("contacts")).Outcome);
        await Sandbox.OrgAsync(new { scopes = "ZohoBooks.fullaccess.all" });
        Assert.Equal(200, (await Books.GetAsync("contacts")).Status);
        Assert.Equal((401, 57), (await Org.GetAsync("contacts")).Outcome);
    }

    [Fact]
    public async Task Books_has_no_filter_by_SKU_but_searches_by_text()
    {
        await Sandbox.OrgAsync(new { items = new[] { new { sku = "SKU-2", name = "Cage", rate = 1m } } });
        Assert.Equal(2, (await Books.GetAsync("items?sku=SKU-2"))["items"].AsArray().Count);
        Assert.Single((await Books.GetAsync("items?search_text=SKU-2"))["items"].AsArray());
        await Sandbox.OrgAsync(new { books_finds_items_by_sku = true });
        Assert.Single((await Books.GetAsync("items?sku=SKU-2"))["items"].AsArray());
    }

    [Fact]
    public async Task F105_An_estimate_is_created_found_changed_sent_accepted_and_deleted()
    {
        Assert.Equal(404, (await Org.SendAsync(HttpMethod.Post, "estimates", Body())).Status);
        var created = await Books.PostAsync("estimates?ignore_auto_number_generation=true", Body("estimate_number", "Q-1"));
        Assert.Equal((201, 0), created.Outcome);
        var estimate = created["estimate"];
        var path = "estimates/" + (string?)estimate["estimate_id"];
        Assert.Equal(("draft", "Q-1", 10.78m, "rec-Q-1"), ((string?)estimate["status"], (string?)estimate["estimate_number"], (decimal)estimate["total"]!, OurId(estimate)));
        Assert.Equal((400, 13011), (await Books.PostAsync("estimates?ignore_auto_number_generation=true", Body("estimate_number", "Q-1"))).Outcome);
        Assert.Single((await Books.GetAsync("estimates?estimate_number=Q-1"))["estimates"].AsArray());

        Assert.Equal(10.00m, (decimal)(await Books.PutAsync(path, new { adjustment = -0.78m, expiry_date = "2026-12-31" }))["estimate"]["total"]!);
        Assert.Equal((400, 2), (await Books.PostAsync(path + "/status/accepted")).Outcome);
        await Books.PostAsync(path + "/status/sent");
        await Books.PostAsync(path + "/status/accepted");
        Assert.Equal("accepted", (string?)(await Books.GetAsync(path))["estimate"]["status"]);
        Assert.Equal((200, 0), (await Books.DeleteAsync(path)).Outcome);
        Assert.Equal((404, 1002), (await Books.GetAsync(path)).Outcome);
        Assert.Equal(201, (await Books.PostAsync("estimates?ignore_auto_number_generation=true", Body("estimate_number", "Q-1"))).Status);
    }

    [Fact]
    public async Task A_sales_receipt_needs_a_payment_mode_and_drops_what_its_thin_description_does_not_name()
    {
        var body = Body("receipt_number", "R-1");
        body["discount"] = 1m;
        Assert.Equal((400, 4), (await Books.PostAsync("salesreceipts?ignore_auto_number_generation=true", body)).Outcome);
        body["payment_mode"] = "barter";
        Assert.Equal((400, 2), (await Books.PostAsync("salesreceipts?ignore_auto_number_generation=true", body)).Outcome);
        body["payment_mode"] = "cash";
        var receipt = (await Books.PostAsync("salesreceipts?ignore_auto_number_generation=true", body))["sales_receipt"];
        Assert.Equal((10.78m, "paid", "R-1", ""), ((decimal)receipt["total"]!, (string?)receipt["status"], (string?)receipt["receipt_number"], (string?)receipt["reference_number"]));
        Assert.Empty(receipt["custom_fields"]!.AsArray());
        Assert.Single((await Books.GetAsync("salesreceipts?receipt_number=R-1"))["sales_receipts"].AsArray());

        await Sandbox.OrgAsync(new { salesreceipt_extras = true, salesreceipt_custom_fields = new[] { "cf_ordersync_id" } });
        body["receipt_number"] = "R-2";
        receipt = (await Books.PostAsync("salesreceipts?ignore_auto_number_generation=true", body))["sales_receipt"];
        Assert.Equal((9.70m, "PO-1", "rec-R-1"), ((decimal)receipt["total"]!, (string?)receipt["reference_number"], OurId(receipt)));
    }

    [Fact]
    public async Task F104_An_upsert_by_a_unique_field_creates_once_and_changes_afterwards()
    {
        await Sandbox.OrgAsync(new { unique_custom_fields = new[] { "cf_ordersync_id" } });
        var body = Body();
        body.Remove("custom_fields");
        Assert.Equal((404, 1002), (await UpsertAsync("rec-9", false, body)).Outcome);
        var first = await UpsertAsync("rec-9", true, body);
        Assert.Equal((201, "rec-9"), (first.Status, OurId(first["salesorder"])));
        var second = await UpsertAsync("REC-9", true, new JsonObject { ["adjustment"] = -0.78m });
        Assert.Equal((200, 10.00m), (second.Status, (decimal)second["salesorder"]["total"]!));
        Assert.Equal(1, (int)(await Org.SummaryAsync())["salesorders"]!);

        body = Body("salesorder_number", "FS-9");
        body["custom_fields"]![0]!["value"] = "rec-9";
        Assert.Equal((400, 13011), (await Org.OrderAsync(body)).Outcome);
        await Sandbox.OrgAsync(new { unique_custom_fields = Array.Empty<string>() });
        Assert.Equal((400, 2), (await UpsertAsync("rec-9", true, body)).Outcome);
    }

    [Fact]
    public async Task A_contact_is_changed_or_created_by_a_unique_field_too()
    {
        await Sandbox.OrgAsync(new { unique_custom_fields = new[] { "cf_ordersync_id" } });
        var made = await UpsertAsync("c-9", true, new JsonObject { ["contact_name"] = "Falcon", ["contact_number"] = "C-9", ["credit_limit"] = 500m }, "contacts");
        Assert.Equal((201, "C-9", 500m), (made.Status, (string?)made["contact"]["contact_number"], (decimal)made["contact"]["credit_limit"]!));
        Assert.Equal("Eagle", (string?)(await UpsertAsync("c-9", true, new JsonObject { ["contact_name"] = "Eagle" }, "contacts"))["contact"]["contact_name"]);
    }

    [Fact]
    public async Task In_Books_an_order_may_have_an_address_of_its_own_and_a_new_salesperson_by_name()
    {
        var body = Body();
        body["salesperson_name"] = "Ann";
        var order = (await Books.PostAsync("salesorders", body))["salesorder"];
        Assert.Equal("Ann", (string?)order["salesperson_name"]);
        var id = (string?)order["salesorder_id"];
        Assert.Equal((200, 0), (await Books.PutAsync($"salesorders/{id}/address/shipping", new { city = "Dubai" })).Outcome);
        Assert.Equal("Dubai", (string?)(await Books.GetAsync("salesorders/" + id))["salesorder"]["shipping_address"]!["city"]);
        Assert.Equal("Ann", (string?)(await Books.GetAsync("users"))["users"][0]!["name"]);
        Assert.Equal("", (string?)(await Org.PostAsync("salesorders", body))["salesorder"]["salesperson_name"]);
    }

    [Theory]
    [InlineData("shipping", "billing")]
    [InlineData("billing", "shipping")]
    public async Task An_address_put_onto_an_order_takes_the_place_of_that_one_and_leaves_the_other(string put, string other)
    {
        var address = (string)(await Books.PostAsync($"contacts/{Customer}/address", new { city = "Sharjah" }))["address_info"]["address_id"]!;
        var body = Body();
        body["shipping_address_id"] = address;
        body["billing_address_id"] = address;
        var id = (string)(await Books.PostAsync("salesorders", body))["salesorder"]["salesorder_id"]!;

        await Books.PutAsync($"salesorders/{id}/address/{put}", new { city = "Dubai" });

        var order = (await Books.GetAsync("salesorders/" + id))["salesorder"];
        Assert.Equal(("", "Dubai"), ((string?)order[$"{put}_address_id"], (string?)order[$"{put}_address"]!["city"]));
        Assert.Equal((address, "Sharjah"), ((string?)order[$"{other}_address_id"], (string?)order[$"{other}_address"]!["city"]));
    }

    private async Task<ZohoReply> UpsertAsync(string value, bool create, JsonObject body, string list = "salesorders")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/zoho/books/v3/{list}?organization_id={Org.Id}") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", "Zoho-oauthtoken " + Org.Token);
        request.Headers.Add("X-Unique-Identifier-Key", "cf_ordersync_id");
        request.Headers.Add("X-Unique-Identifier-Value", value);
        request.Headers.Add("X-Upsert", create ? "true" : "false");
        using var answer = await Sandbox.Http.SendAsync(request);
        return new ZohoReply((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject(), null);
    }
}
