using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.NetSuite;

/// <summary>Writing, reading and deleting records, and what is refused.</summary>
public sealed class NetSuiteRecordTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task The_same_key_is_the_same_record_and_the_answer_says_nothing_but_where_it_is()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));

        var first = await suite.PutAsync("salesOrder/eid:O-1", order);
        var again = await suite.PutAsync("salesOrder/eid:O-1?replace=item", order);

        Assert.Equal((204, "", null), (first.Status, first.Text, first.Type));
        Assert.EndsWith($"/netsuite/{suite.Id}/services/rest/record/v1/salesOrder/{first.Id}", again.Location, StringComparison.Ordinal);
        Assert.Single((await suite.GetAsync($"salesOrder/{first.Id}?expandSubResources=true"))["item"]["items"]!.AsArray());
        Assert.Single(await suite.RowsAsync("SELECT id FROM transaction"));
    }

    [Theory]
    [InlineData("add", 2)]
    [InlineData("replace", 1)]
    public async Task What_a_repeated_PUT_does_to_the_lines_is_a_setting(string putLines, int lines)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { putLines }, sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        await suite.PutAsync("salesOrder/eid:O-1", order);

        Assert.Equal(lines, (await suite.WrittenAsync(order))["item"]!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_property_nobody_knows_is_refused_with_its_path_or_silently_dropped()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { customFields = new[] { "custbody_device" } }, sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        order["custbody_device"] = "VAN-07";
        order["item"]!["items"]![0]!["qty"] = 2;

        var refused = await suite.PutAsync("salesOrder/eid:O-1", order);
        var dropped = await suite.PutAsync("salesOrder/eid:O-1", order, strict: false);
        order["item"]!["items"]![0]!.AsObject().Remove("qty");
        order["custbody_driver"] = "Ann";
        var custom = await suite.PutAsync("salesOrder/eid:O-2", order);

        Assert.Equal((400, "INVALID_CONTENT", "item.items[0].qty"), (refused.Status, refused.Code, refused.Path));
        var theirs = (await suite.GetAsync($"salesOrder/{dropped.Id}?expandSubResources=true")).Body;
        Assert.Equal(("VAN-07", 1m, null), ((string?)theirs["custbody_device"], (decimal)theirs["item"]!["items"]![0]!["quantity"]!, theirs["item"]!["items"]![0]!["qty"]));
        Assert.Equal("custbody_driver", custom.Path);
    }

    [Theory]
    [InlineData("entity", """{"externalId":"nobody"}""", "USER_ERROR", "entity")]
    [InlineData("entity", "\"C-1\"", "INVALID_CONTENT", "entity")]
    [InlineData("tranDate", "\"21.11.2026\"", "INVALID_CONTENT", "tranDate")]
    [InlineData("terms", """{"id":"77"}""", "USER_ERROR", "terms")]
    [InlineData("item", """{"items":[]}""", "USER_ERROR", "item")]
    [InlineData("item", """{"items":[{"quantity":1}]}""", "USER_ERROR", "item.items[0].item")]
    [InlineData("orderStatus", """{"id":"G"}""", "USER_ERROR", "orderStatus")]
    [InlineData("shippingAddress", """{"country":{"id":"Germany"}}""", "USER_ERROR", "shippingAddress.country")]
    public async Task A_value_that_cannot_be_is_refused_with_its_path(string field, string value, string code, string path)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        order[field] = JsonNode.Parse(value);

        var reply = await suite.PutAsync("salesOrder/eid:O-1", order);

        Assert.Equal((400, code, path), (reply.Status, reply.Code, reply.Path));
        Assert.Empty(await suite.RowsAsync("SELECT id FROM transaction"));
    }

    [Fact]
    public async Task An_item_that_was_made_inactive_is_refused_in_new_lines()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var order = await suite.OrderAsync(("A", 1, 10m));
        await suite.ControlAsync(HttpMethod.Put, "", new { items = new[] { new { sku = "A", inactive = true } } });

        Assert.Equal("item.items[0].item", (await suite.PutAsync("salesOrder/eid:O-1", order)).Path);
    }

    [Fact]
    public async Task An_external_id_in_an_address_is_plain_and_the_same_as_in_the_body_and_GET_takes_it_where_that_is_so()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var strange = await suite.PutAsync("customer/eid:C%201", new { companyName = "Shop" });
        var other = await suite.PutAsync("customer/eid:C-1", new { companyName = "Shop", externalId = "C-2" });
        var id = await suite.CustomerAsync();
        var not = await suite.GetAsync("customer/eid:C-1");
        await suite.ControlAsync(HttpMethod.Put, "", new { getByExternalId = true, externalIdCharacters = "any" });

        Assert.Equal(("INVALID_CONTENT", "INVALID_CONTENT", "NONEXISTENT_ID"), (strange.Code, other.Code, not.Code));
        Assert.Equal(id, (string?)(await suite.GetAsync("customer/eid:C-1"))["id"]);
        Assert.Equal(204, (await suite.PutAsync("customer/eid:C%201", new { companyName = "Other" })).Status);
    }

    [Fact]
    public async Task A_customer_has_a_name_nobody_has_and_in_OneWorld_a_subsidiary()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { oneWorld = true, subsidiaries = new[] { "North" } }, sandbox.Clock);
        var subsidiary = new { id = (string)(await suite.RowsAsync("SELECT id FROM subsidiary"))[0]!["id"]! };
        var homeless = await suite.PutAsync("customer/eid:C-1", new { companyName = "Shop" });
        var first = await suite.PutAsync("customer/eid:C-1", new { companyName = "Shop", subsidiary });
        var twin = await suite.PutAsync("customer/eid:C-2", new { companyName = "shop", subsidiary });
        var person = await suite.PutAsync("customer/eid:C-3", new { isPerson = true, firstName = "Ann", subsidiary });
        await suite.ControlAsync(HttpMethod.Put, "", new { numberCustomers = true });

        Assert.Equal(("USER_ERROR", 204, "USER_ERROR"), (homeless.Code, first.Status, twin.Code));
        Assert.Contains("This entity already exists", twin.Text, StringComparison.Ordinal);
        Assert.Equal("lastName", person.Path);
        Assert.Equal(204, (await suite.PutAsync("customer/eid:C-2", new { companyName = "shop", subsidiary })).Status);
    }

    [Fact]
    public async Task A_record_shows_the_fields_asked_for_and_its_lists_where_they_are()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var id = (await suite.PutAsync("salesOrder/eid:O-1", await suite.OrderAsync(("A", 1, 10m)))).Id;

        var some = (await suite.GetAsync($"salesOrder/{id}?fields=tranId,total,item")).Body;
        var list = (await suite.GetAsync($"salesOrder/{id}/item")).Body;

        Assert.Equal(("SO1", 11m, null), ((string?)some["tranId"], (decimal)some["total"]!, some["entity"]));
        Assert.EndsWith($"/salesOrder/{id}/item", (string)some["item"]!["links"]![0]!["href"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)list["totalResults"]!);
        Assert.Equal("INVALID_CONTENT", (await suite.GetAsync($"salesOrder/{id}?fields=number")).Code);
        Assert.Equal("NONEXISTENT_ID", (await suite.GetAsync("salesOrder/77")).Code);
    }

    [Fact]
    public async Task The_filter_of_a_list_finds_by_text_and_day_and_refuses_what_it_does_not_know()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        await suite.PutAsync("customer/eid:C-1", new { companyName = "Acme One", email = "a@b.com" });
        await suite.PutAsync("customer/eid:C-2", new { companyName = "Acme Two" });
        async Task<int> CountAsync(string query) => (int)(await suite.GetAsync($"customer?q={Uri.EscapeDataString(query)}"))["totalResults"];

        Assert.Equal(1, await CountAsync("email IS \"a@b.com\""));
        Assert.Equal(2, await CountAsync("companyName START_WITH \"Acme\""));
        Assert.Equal(1, await CountAsync("companyName CONTAIN \"Two\" AND email EMPTY"));
        Assert.Equal(0, await CountAsync("lastModifiedDate ON_OR_AFTER \"2027-12-01\""));
        Assert.Equal("INVALID_CONTENT", (await suite.GetAsync($"customer?q={Uri.EscapeDataString("name IS \"x\"")}")).Code);
        Assert.Equal("INVALID_CONTENT", (await suite.GetAsync($"customer?q={Uri.EscapeDataString("email IS \"x\" OR phone IS \"y\"")}")).Code);
    }

    [Theory]
    [InlineData(403, "INSUFFICIENT_PERMISSION")]
    [InlineData(400, "USER_ERROR")]
    public async Task What_the_role_may_not_do_is_said_as_the_account_says_it(int permissionAnswer, string code)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { denied = new[] { "customer" }, permissionAnswer }, sandbox.Clock);

        var reply = await suite.PutAsync("customer/eid:C-1", new { companyName = "Shop" });

        Assert.Equal((permissionAnswer, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_locked_record_cannot_be_written_and_one_that_others_need_cannot_go()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var id = (await suite.PutAsync("salesOrder/eid:O-1", await suite.OrderAsync(("A", 1, 10m)))).Id;
        await suite.ControlAsync(HttpMethod.Post, $"/records/salesOrder/{id}/lock");
        var locked = await suite.PatchAsync($"salesOrder/{id}", new { memo = "Later" });
        await suite.ControlAsync(HttpMethod.Post, "/records/salesOrder/eid:O-1/unlock");
        var needed = await suite.DeleteAsync("customer/eid:C-1");

        Assert.Contains("locked by a user defined workflow", locked.Text, StringComparison.Ordinal);
        Assert.Equal("USER_ERROR", needed.Code);
        Assert.Equal(204, (await suite.DeleteAsync($"salesOrder/{id}")).Status);
        Assert.Equal("NONEXISTENT_ID", (await suite.GetAsync($"salesOrder/{id}")).Code);
        Assert.Equal(204, (await suite.DeleteAsync("customer/eid:C-1")).Status);
    }

    [Fact]
    public async Task The_metadata_of_an_account_name_its_custom_fields()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { customFields = new[] { "custcol_lot" } }, sandbox.Clock);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/netsuite/{suite.Id}/services/rest/record/v1/metadata-catalog?select=salesOrder", UriKind.Relative));
        request.Headers.Authorization = new("Bearer", suite.Token);
        request.Headers.Add("Accept", "application/swagger+json");
        using var answer = await sandbox.Server.Http.SendAsync(request);

        var schema = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["components"]!["schemas"]!["salesOrder"]!["properties"]!;

        Assert.True((bool)schema["total"]!["readOnly"]!);
        Assert.NotNull(schema["item"]!["properties"]!["items"]!["items"]!["properties"]!["custcol_lot"]);
    }
}
