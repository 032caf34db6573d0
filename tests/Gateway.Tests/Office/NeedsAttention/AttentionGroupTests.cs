using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Tests.Deliveries;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.NeedsAttention;

/// <summary>What needs a person by cause: seen as one thing, mended as one thing.</summary>
[Collection("deliveries")]
public sealed class AttentionGroupTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task F105_All_that_one_missing_item_holds_up_at_a_destination_is_one_group_which_says_what_to_do_and_where()
    {
        var (name, ids) = await StandingAsync(
            ("item.unmapped", "Line 1: Zoho has no item with SKU S-9."), ("item.unmapped", "Line 13: Zoho has no item with SKU S-9."), ("item.unmapped", "Line 2: Zoho has no item with SKU S-7."),
            ("erp.refused", "Zoho refused A-1."), ("erp.refused", "Zoho refused A-2."));

        var list = await GroupsAsync($"connection={name}");

        var groups = list.GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal(3, groups.Count);
        Assert.Equal(ids.Length, list.GetProperty("total").GetInt64());
        var group = groups.Single(one => Cause(one) == "Zoho has no item with SKU S-9.");
        Assert.Equal((2L, "item.unmapped", "products", true), (group.GetProperty("count").GetInt64(), group.GetProperty("code").GetString(), group.GetProperty("mend").GetString(), group.GetProperty("alike").GetBoolean()));
        Assert.Equal("Zoho has no item with SKU S-9.", group.GetProperty("message").GetString());
        Assert.False(groups.Single(one => one.GetProperty("code").GetString() == "erp.refused").GetProperty("alike").GetBoolean());
        var rows = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/attention?connection={name}&code=item.unmapped&cause={Uri.EscapeDataString("Zoho has no item with SKU S-9.")}");
        Assert.Equal(ids[..2].Order(), rows.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("recordId").GetGuid()).Order());
    }

    [Fact]
    public async Task F051_What_devices_were_refused_and_what_waits_for_a_customer_is_grouped_by_what_is_missing()
    {
        using var device = await gateway.EnrolAsync();
        var (sku, customer) = ($"SKU-{Guid.NewGuid():N}", $"C-{Guid.NewGuid():N}");
        var refused = new[] { An.Order(sku: sku, customer: Guid.CreateVersion7()), An.Order(sku: sku, customer: Guid.CreateVersion7()) };
        var held = new[] { ForCode(customer), ForCode(customer), ForCode(customer) };
        await device.PushAsync([.. refused, .. held]);
        // Each was sent for the first time an hour ago, as another revision.
        await gateway.Execute($"update gateway.capture set received_at = received_at - interval '1 hour' where record_id in ({string.Join(',', refused.Select(order => $"'{Id(order)}'"))})");

        var groups = (await GroupsAsync("connection=")).GetProperty("groups").EnumerateArray().ToList();

        var missing = groups.Single(one => Cause(one) == sku);
        Assert.Equal(("refused", 2L, "device", 2), (missing.GetProperty("reason").GetString(), missing.GetProperty("count").GetInt64(), missing.GetProperty("mend").GetString(), missing.GetProperty("actions").GetArrayLength()));
        var shown = (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/attention?connection=&reason=refused&cause={sku}")).GetProperty("items")[0];
        Assert.InRange(shown.GetProperty("since").GetDateTimeOffset() - shown.GetProperty("firstAt").GetDateTimeOffset(), TimeSpan.FromHours(1), TimeSpan.FromHours(1.5));
        Assert.StartsWith($"The item {sku} is not known.", missing.GetProperty("message").GetString(), StringComparison.Ordinal);
        var waits = groups.Single(one => Cause(one) == customer);
        Assert.Equal(("held", 3L, "customers"), (waits.GetProperty("reason").GetString(), waits.GetProperty("count").GetInt64(), waits.GetProperty("mend").GetString()));
        Assert.Contains(customer, waits.GetProperty("message").GetString(), StringComparison.Ordinal);
        var inVain = await gateway.PostAsync("/v1/office/attention/retry", new { reason = "refused", cause = sku });
        Assert.Equal((0L, 0L), (inVain.GetProperty("done").GetInt64(), inVain.GetProperty("left").GetInt64()));
    }

    [Fact]
    public async Task F058_A_whole_group_is_tried_again_page_by_page_and_its_counter_returns_to_none_once_the_cause_is_gone()
    {
        var (name, ids) = await StandingAsync([.. Enumerable.Repeat(("tax.unmapped", "Line 1: Zoho has no tax of 7 %."), 3)], keep: true);
        await using var connector = await TestConnector.StartAsync(gateway, name);
        var order = new { reason = "attention", connection = name, code = "tax.unmapped", cause = "Zoho has no tax of 7 %.", limit = 2 };

        var first = await gateway.PostAsync("/v1/office/attention/retry", order);
        var rest = await gateway.PostAsync("/v1/office/attention/retry", new { order.reason, order.connection, order.code, order.cause, after = first.GetProperty("next").GetString() });

        Assert.Equal((2L, 1L), (first.GetProperty("done").GetInt64(), first.GetProperty("left").GetInt64()));
        Assert.Equal((1L, 0L), (rest.GetProperty("done").GetInt64(), rest.GetProperty("left").GetInt64()));
        var audit = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/audit?limit=2")).GetProperty("changes").EnumerateArray().ToList();
        Assert.Equal([1, 2], audit.Select(line => line.GetProperty("after").GetProperty("count").GetInt32()));
        Assert.All(audit, line => Assert.Equal(("attention.retry", name), (line.GetProperty("action").GetString(), line.GetProperty("after").GetProperty("connection").GetString())));
        foreach (var id in ids)
            await connector.ReportAsync(await connector.ReceivedAsync(id, version: 2), 2, DeliveryState.Done, $"SO-{id}");
        await Eventually.TrueAsync(async () => (await GroupsAsync($"connection={name}")).GetProperty("total").GetInt64() == 0, "nothing stands any more");
        Assert.Equal(0, (await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/attention?connection={name}")).GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task F054_What_is_stopped_as_a_group_is_put_aside_for_good_can_be_listed_and_goes_on_only_when_it_is_reopened()
    {
        var (name, ids) = await StandingAsync(("erp.void", "It is void."), ("erp.void", "It is void."));
        using var device = await gateway.EnrolAsync();
        var customer = $"C-{Guid.NewGuid():N}";
        var held = new[] { ForCode(customer), ForCode(customer) };
        await device.PushAsync(held);
        var before = await FeedAsync();

        var there = await gateway.PostAsync("/v1/office/attention/stop", new { reason = "attention", connection = name });
        var here = await gateway.PostAsync("/v1/office/attention/stop", new { reason = "held", connection = "", cause = customer });

        Assert.Equal((2L, 2L), (there.GetProperty("done").GetInt64(), here.GetProperty("done").GetInt64()));
        Assert.Equal(["stopped", "stopped"], await StatesAsync(held));
        Assert.Equal(before + 2, await FeedAsync());
        Assert.Equal(0, (await GroupsAsync($"connection={name}")).GetProperty("total").GetInt64());
        Assert.Equal(2, (await GroupsAsync($"connection={name}&reason=stopped")).GetProperty("total").GetInt64());
        Assert.Equal(HttpStatusCode.Conflict, (await gateway.Office.PostAsJsonAsync("/v1/office/attention/retry", new { reason = "stopped", connection = name })).StatusCode);
        Assert.Equal(2, (await gateway.PostAsync("/v1/office/attention/reopen", new { reason = "stopped", connection = name })).GetProperty("done").GetInt64());
        Assert.Equal(2, (await gateway.PostAsync("/v1/office/attention/reopen", new { reason = "stopped", connection = "", cause = customer })).GetProperty("done").GetInt64());
        Assert.Equal(["held", "held"], await StatesAsync(held));
        Assert.Equal(before + 4, await FeedAsync());
        Assert.Equal(ids.Length, await gateway.Scalar<long>($"select count(*) from gateway.delivery d join gateway.connection c using (company_id, connection_id) where c.name = '{name}' and d.wish = 'push' and d.version = 3"));
        var audit = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/audit?limit=4")).GetProperty("changes").EnumerateArray().ToList();
        Assert.Equal(["attention.reopen", "attention.reopen", "attention.stop", "attention.stop"], audit.Select(line => line.GetProperty("action").GetString()));
        Assert.All(audit, line => Assert.Equal(2, line.GetProperty("after").GetProperty("count").GetInt32()));
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("stop")]
    public async Task What_is_done_to_a_group_at_one_destination_leaves_the_same_records_at_another_alone(string verb)
    {
        var other = await gateway.ConnectAsync("customer");
        var (name, ids) = await StandingAsync(("item.inactive", "It is inactive."), ("item.inactive", "It is inactive."));
        await StandAsync(other, ids.Select(id => (id, ("item.inactive", "It is inactive."))), keep: false);

        var done = await gateway.PostAsync($"/v1/office/attention/{verb}", new { reason = "attention", connection = name, code = "item.inactive", cause = "It is inactive." });

        Assert.Equal(2, done.GetProperty("done").GetInt64());
        Assert.Equal(2, await CountAsync("delivery", name, "and t.version = 2"));
        Assert.Equal((2, 0), (await CountAsync("delivery", other, "and t.version = 1 and t.wish = 'push' and t.state = 'attention'"), await CountAsync("outbox", other, "")));

        Task<long> CountAsync(string table, string connection, string where) =>
            gateway.Scalar<long>($"select count(*) from gateway.{table} t join gateway.connection c using (company_id, connection_id) where c.name = '{connection}' {where}");
    }

    [Fact]
    [InCi]
    public async Task What_another_company_asks_of_a_group_by_the_same_name_and_cause_touches_nothing_here()
    {
        const string Key = "os_test-key-of-a-company-that-stops-others";
        var (name, ids) = await StandingAsync(("item.inactive", "It is inactive."), ("item.inactive", "It is inactive."));
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company that stops others", Key);
        using var office = gateway.OfficeOf(Key);

        foreach (var verb in new[] { "retry", "stop" })
        {
            using var answer = await office.PostAsJsonAsync($"/v1/office/attention/{verb}", new { reason = "attention", connection = name, code = "item.inactive" });
            Assert.Equal("""{"done":0,"left":0}""", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(ids.Length, await gateway.Scalar<long>($"select count(*) from gateway.delivery d join gateway.connection c using (company_id, connection_id) where c.name = '{name}' and d.version = 1 and d.wish = 'push'"));
    }

    [Fact]
    public async Task Pages_of_a_group_show_each_record_once_though_all_stand_since_the_same_moment_and_some_leave_while_they_are_turned()
    {
        var (name, ids) = await StandingAsync([.. Enumerable.Repeat(("item.inactive", "It is inactive."), 7)]);
        await gateway.Execute($"update gateway.delivery set moved_at = now() where connection_id = (select connection_id from gateway.connection where name = '{name}')");
        var seen = new List<Guid>();
        for (string? next = ""; next is not null;)
        {
            var page = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/attention?connection={name}&reason=attention&code=item.inactive&limit=2{(next.Length > 0 ? $"&after={next}" : "")}");
            var rows = page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("recordId").GetGuid()).ToList();
            seen.AddRange(rows);
            // Somebody mends what this page shows before the next is asked for.
            await gateway.Execute($"update gateway.delivery set state = 'done' where record_id in ({string.Join(',', rows.Append(Guid.Empty).Select(id => $"'{id}'"))})");
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }

        Assert.Equal(ids.Order(), seen.Order());
        Assert.Equal(0, (await GroupsAsync($"connection={name}")).GetProperty("total").GetInt64());
    }

    // Records that stand at a connection of their own, as its connector said.
    private Task<(string Name, Guid[] Ids)> StandingAsync(params (string Code, string Reason)[] said) => StandingAsync(said, keep: false);

    private async Task<(string Name, Guid[] Ids)> StandingAsync((string Code, string Reason)[] said, bool keep)
    {
        using var device = await gateway.EnrolAsync();
        var name = await gateway.ConnectAsync("customer");
        var customers = said.Select(_ => An.Customer()).ToArray();
        await device.PushAsync(customers);
        var ids = customers.Select(Id).ToArray();
        await StandAsync(name, ids.Zip(said), keep);
        return (name, ids);
    }

    private async Task StandAsync(string name, IEnumerable<(Guid Id, (string Code, string Reason) Said)> standing, bool keep)
    {
        foreach (var (id, one) in standing)
            await gateway.Execute($"""
                update gateway.delivery set state = 'attention', code = '{one.Code}', reason = '{one.Reason}', fix = 'Mend it, then Retry.', report_version = 1
                where record_id = '{id}' and connection_id = (select connection_id from gateway.connection where name = '{name}')
                """);
        if (!keep)
            await gateway.Execute($"delete from gateway.outbox where connection_id = (select connection_id from gateway.connection where name = '{name}')");
    }

    private static JsonObject ForCode(string customer)
    {
        var order = An.Order();
        order["body"]!["customer"] = new JsonObject { ["code"] = customer };
        return order;
    }

    private static Guid Id(JsonObject record) => record["id"]!.GetValue<Guid>();

    private static string? Cause(JsonElement group) => group.TryGetProperty("cause", out var cause) ? cause.GetString() : null;

    private Task<JsonElement> GroupsAsync(string query) => gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/attention/groups?{query}");

    private Task<long> FeedAsync() => gateway.Scalar<long>($"select pos from gateway.company_feed where company_id = '{gateway.CompanyId}'");

    private Task<string[]> StatesAsync(JsonObject[] records) =>
        gateway.Scalar<string[]>($"select array_agg(state) from gateway.record where record_id in ({string.Join(',', records.Select(record => $"'{Id(record)}'"))})");
}
