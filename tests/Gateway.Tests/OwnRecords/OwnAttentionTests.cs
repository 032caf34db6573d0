using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.OwnRecords;

[Collection("gateway-2")]
public sealed class OwnAttentionTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F051_A_device_lists_what_was_refused_and_held_with_reason_and_first_and_last_attempt_and_only_its_reps()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        using var other = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var (refused, held, theirs) = (An.Order(sku: "NO-SUCH", customer: Guid.CreateVersion7()), An.Order(), An.Order(sku: "NO-SUCH", customer: Guid.CreateVersion7()));
        held["body"]!["customer"] = new JsonObject { ["code"] = $"C-{Guid.NewGuid():N}" };
        await device.PushAsync(refused, held);
        await other.PushAsync(theirs);
        await gateway.Execute($"update gateway.capture set received_at = received_at - interval '1 hour' where record_id = '{Id(refused)}'");

        var list = await ListAsync(device);

        Assert.Equal([Id(refused), Id(held)], list.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetGuid()).OrderBy(id => id == Id(held)));
        var row = list.GetProperty("items").EnumerateArray().Single(row => row.GetProperty("id").GetGuid() == Id(refused));
        Assert.Equal(("refused", "line.sku.unknown", "lines[0].sku"), (row.GetProperty("reason").GetString(), row.GetProperty("code").GetString(), row.GetProperty("field").GetString()));
        Assert.Contains("NO-SUCH", row.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.InRange(row.GetProperty("lastAt").GetDateTimeOffset() - row.GetProperty("firstAt").GetDateTimeOffset(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(65));
        Assert.Equal(["retry", "stop"], row.GetProperty("actions").EnumerateArray().Select(action => action.GetString()));
        Assert.Equal((1, 1), (list.GetProperty("counts").GetProperty("refused").GetInt32(), list.GetProperty("counts").GetProperty("held").GetInt32()));
        var german = await (await device.GetAsync("/v1/sync/attention?reason=refused", ("Accept-Language", "de"))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("Der Artikel NO-SUCH ist nicht bekannt.", Assert.Single(german.GetProperty("items").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
        var page = await (await device.GetAsync("/v1/sync/attention?limit=1")).Content.ReadFromJsonAsync<JsonElement>();
        var rest = await (await device.GetAsync($"/v1/sync/attention?limit=1&after={page.GetProperty("next").GetString()}")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.NotEqual(page.GetProperty("items")[0].GetProperty("id").GetGuid(), rest.GetProperty("items")[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task F058_Retry_errored_tries_all_of_the_register_and_the_counter_returns_to_none_once_the_cause_is_gone()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var sku = $"SKU-{Guid.NewGuid():N}"[..30];
        var customer = An.Customer();
        var orders = Enumerable.Range(0, 3).Select(_ => An.Order(sku: sku, customer: Id(customer))).ToArray();
        await device.PushAsync([customer, .. orders]);
        var stuck = An.Order(customer: Id(customer));
        await device.PushAsync(stuck);
        await gateway.Execute($"update gateway.delivery set state = 'attention', code = 'tax.unmapped', reason = 'Line 1: there is no tax of 8 %.' where record_id = '{Id(stuck)}'");

        var inVain = await PostAsync(device, "/v1/sync/retry-errored", null);
        Assert.Equal((4, 4L), (inVain.GetProperty("done").GetInt32(), inVain.GetProperty("left").GetInt64()));
        Assert.All(inVain.GetProperty("verdicts").EnumerateArray(), verdict => Assert.Equal("refused", verdict.GetProperty("outcome").GetString()));
        Assert.Equal(2L, await gateway.Scalar<long>($"select version::bigint from gateway.delivery d where record_id = '{Id(stuck)}'"));
        await gateway.Execute($"insert into gateway.item (company_id, sku, name) values ('{gateway.CompanyId}', '{sku}', 'Came later'); update gateway.delivery set state = 'done' where record_id = '{Id(stuck)}'");

        var mended = await PostAsync(device, "/v1/sync/retry-errored", null);

        Assert.Equal((3, 0L), (mended.GetProperty("done").GetInt32(), mended.GetProperty("left").GetInt64()));
        Assert.All(mended.GetProperty("verdicts").EnumerateArray(), verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));
        Assert.Equal(0, (await ListAsync(device)).GetProperty("items").GetArrayLength());
        var record = await gateway.RecordAsync(Id(orders[0]));
        Assert.Equal(("accepted", "2026-03-03", 1), (record.GetProperty("state").GetString(), record.GetProperty("documentDate").GetString(), record.GetProperty("captures").GetArrayLength()));
        Assert.StartsWith("SO-MAIN-", record.GetProperty("number").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task F054_What_a_device_gives_up_stays_put_aside_with_its_bytes_until_it_is_reopened_and_then_stands_as_it_stood()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        using var other = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var order = An.Order(sku: "NO-SUCH", customer: Guid.CreateVersion7());
        await device.PushAsync(order);
        var id = Id(order);

        Assert.Equal(0, (await PostAsync(other, "/v1/sync/attention/stop", new { ids = new[] { id } })).GetProperty("done").GetInt32());
        Assert.Equal(1, (await PostAsync(device, "/v1/sync/attention/stop", new { ids = new[] { id } })).GetProperty("done").GetInt32());

        Assert.Equal(0, (await ListAsync(device)).GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await PostAsync(device, "/v1/sync/attention/retry", new { ids = new[] { id } })).GetProperty("done").GetInt32());
        var again = Assert.Single(await device.PushAsync(order));
        Assert.Equal(("duplicate", "stopped"), (again.GetProperty("outcome").GetString(), again.GetProperty("state").GetString()));
        Assert.Equal("conflict", Assert.Single(await device.PushAsync(An.Order(id, rev: 2))).GetProperty("outcome").GetString());
        var aside = (await (await device.GetAsync("/v1/sync/attention?reason=stopped")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items");
        Assert.Equal("reopen", Assert.Single(Assert.Single(aside.EnumerateArray()).GetProperty("actions").EnumerateArray()).GetString());
        var record = await gateway.RecordAsync(id);
        Assert.Equal("stopped", record.GetProperty("state").GetString());
        Assert.Equal(An.Push(order)[1..^1], await gateway.Office.GetByteArrayAsync($"/v1/office/records/{id}/captures/{record.GetProperty("captures")[0].GetProperty("sha256").GetString()}"));

        Assert.Equal(1, (await PostAsync(device, "/v1/sync/attention/reopen", new { ids = new[] { id } })).GetProperty("done").GetInt32());
        Assert.Equal("refused", (await gateway.RecordAsync(id)).GetProperty("state").GetString());
        Assert.Equal("accepted", Assert.Single(await device.PushAsync(An.Customer(Guid.CreateVersion7()))).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task F054_What_the_office_has_stopped_a_device_cannot_take_up_again()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var (order, sku) = (An.Order(), $"SKU-{Guid.NewGuid():N}");
        order = An.Order(sku: sku, customer: Guid.CreateVersion7());
        await device.PushAsync(order);
        var stopped = await gateway.Office.PostAsJsonAsync("/v1/office/attention/stop", new { reason = "refused", connection = "", cause = sku });
        Assert.Equal(1, (await stopped.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("done").GetInt32());

        Assert.Equal(0, (await PostAsync(device, "/v1/sync/attention/reopen", new { ids = new[] { Id(order) } })).GetProperty("done").GetInt32());

        Assert.Equal("stopped", (await gateway.RecordAsync(Id(order))).GetProperty("state").GetString());
        await gateway.Office.PostAsJsonAsync("/v1/office/attention/reopen", new { reason = "stopped", connection = "", cause = sku });
        Assert.Equal("refused", (await gateway.RecordAsync(Id(order))).GetProperty("state").GetString());
    }

    [Fact]
    public async Task F052_The_office_tries_refused_records_again_from_their_kept_bytes_once_the_cause_is_gone()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var (sku, customer) = ($"SKU-{Guid.NewGuid():N}"[..30], An.Customer());
        await device.PushAsync(customer, An.Order(sku: sku, customer: Id(customer)), An.Order(sku: sku, customer: Id(customer)));
        var retry = new { reason = "refused", connection = "", cause = sku };
        Assert.Equal(0, (await (await gateway.Office.PostAsJsonAsync("/v1/office/attention/retry", retry)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("done").GetInt32());
        await gateway.Execute($"insert into gateway.item (company_id, sku, name) values ('{gateway.CompanyId}', '{sku}', 'Came later')");

        var done = await (await gateway.Office.PostAsJsonAsync("/v1/office/attention/retry", retry)).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((2, 0), (done.GetProperty("done").GetInt32(), done.GetProperty("left").GetInt32()));
        Assert.Equal(2, await gateway.Scalar<long>($"select count(*) from gateway.record r join gateway.order_line l using (company_id, record_id) where l.sku = '{sku}' and r.state = 'accepted'"));
    }

    private static Guid Id(JsonObject record) => record["id"]!.GetValue<Guid>();

    private async Task<JsonElement> ListAsync(TestDevice device)
    {
        var answer = await device.GetAsync("/v1/sync/attention");
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> PostAsync(TestDevice device, string path, object? body)
    {
        var answer = await device.PostAsync(path, body);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
