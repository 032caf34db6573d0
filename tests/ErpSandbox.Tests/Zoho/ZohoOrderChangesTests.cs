using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Sales orders": what happens to an order after it was created.</summary>
public sealed class ZohoOrderChangesTests(SharedSandbox shared) : ZohoShop(shared)
{
    [Fact]
    public async Task A_changed_order_keeps_the_lines_that_are_named_and_loses_the_others()
    {
        var (id, line) = await OrderAsync();
        await Org.PostAsync($"salesorders/{id}/status/confirmed");
        var changed = (await Org.PutAsync("salesorders/" + id, new { line_items = new object[] { new { line_item_id = line, quantity = 3 }, new { name = "Delivery", rate = 5 } } }))["salesorder"];
        Assert.Equal($"{line} 3 4.99 {Item}", Line(changed, 0));
        Assert.Equal(("confirmed", 21.17m, 2), ((string?)changed["status"], (decimal)changed["total"]!, changed["line_items"]!.AsArray().Count));
        changed = (await Org.PutAsync("salesorders/" + id, new { line_items = new[] { new { line_item_id = (string?)changed["line_items"]![1]!["line_item_id"] } } }))["salesorder"];
        Assert.Equal((5m, "Delivery"), ((decimal)changed["total"]!, (string?)changed["line_items"]!.AsArray().Single()!["name"]));
        Assert.Equal((400, 1002), (await Org.PutAsync("salesorders/" + id, new { line_items = new[] { new { line_item_id = line } } })).Outcome);

        static string Line(JsonNode order, int at)
        {
            var line = order["line_items"]![at]!;
            return $"{line["line_item_id"]} {line["quantity"]} {line["rate"]} {line["item_id"]}";
        }
    }

    [Fact]
    public async Task A_deleted_order_is_gone_and_its_number_is_free()
    {
        var (id, _) = await OrderAsync();
        Assert.Equal((200, 0), (await Org.DeleteAsync("salesorders/" + id)).Outcome);
        Assert.Equal((404, 1002), (await Org.GetAsync("salesorders/" + id)).Outcome);
        Assert.Equal((404, 1002), (await Org.DeleteAsync("salesorders/" + id)).Outcome);
        Assert.Equal(201, (await Org.OrderAsync(Body("salesorder_number", "FS-1"))).Status);
    }

    [Fact]
    public async Task Where_orders_need_approval_a_draft_is_confirmed_only_after_it()
    {
        await Sandbox.OrgAsync(new { orders_need_approval = true });
        var (id, _) = await OrderAsync();
        Assert.Equal((400, 2), (await Org.PostAsync($"salesorders/{id}/status/confirmed")).Outcome);
        Assert.Equal((400, 2), (await Org.PostAsync($"salesorders/{id}/approve")).Outcome);
        Assert.Equal((200, 0), (await Org.PostAsync($"salesorders/{id}/submit")).Outcome);
        Assert.Equal((400, 2), (await Org.PostAsync($"salesorders/{id}/status/confirmed")).Outcome);
        Assert.Equal((200, 0), (await Org.PostAsync($"salesorders/{id}/approve")).Outcome);
        Assert.Equal((200, 0), (await Org.PostAsync($"salesorders/{id}/status/confirmed")).Outcome);
        Assert.Equal("confirmed", (string?)(await ReadAsync("salesorders", id, "salesorder"))["status"]);
    }

    [Fact]
    public async Task Up_to_25_orders_are_confirmed_in_one_call_each_with_an_answer_of_its_own()
    {
        var ((first, _), (second, _)) = (await OrderAsync(), await OrderAsync("FS-2"));
        await Org.PostAsync($"salesorders/{second}/status/void");
        var reply = await Org.PostAsync($"salesorders/status/confirmed?salesorder_ids={first},{second},1");
        Assert.Equal([0, 2, 1002], reply["salesorders"].AsArray().Select(row => (int)row!["code"]!));
        Assert.Equal("confirmed", (string?)(await ReadAsync("salesorders", first, "salesorder"))["status"]);
        Assert.Equal((400, 2), (await Org.PostAsync("salesorders/status/confirmed?salesorder_ids=" + string.Join(',', Enumerable.Range(1, 26)))).Outcome);
    }

    [Fact]
    public async Task Lists_may_lag_behind_what_is_read_by_id()
    {
        await Sandbox.OrgAsync(new { search_lag_seconds = 10 });
        var (id, _) = await OrderAsync();
        Assert.Empty((await Org.GetAsync("salesorders?salesorder_number=FS-1"))["salesorders"].AsArray());
        Assert.Equal("FS-1", (string?)(await ReadAsync("salesorders", id, "salesorder"))["salesorder_number"]);
        Shared.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single((await Org.GetAsync("salesorders?salesorder_number=FS-1"))["salesorders"].AsArray());
    }
}
