using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Gateway.Tests.Devices;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.OwnRecords;

[Collection("gateway-2")]
public sealed class ReconciliationTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F032_Each_of_a_devices_records_is_answered_with_how_it_stands_and_in_the_order_asked()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var (customer, order, refused, waiting, held, stopped, inErp, stuck) = (An.Customer(), An.Order(), An.Order(sku: "NO-SUCH"), An.Order(customer: Guid.CreateVersion7()), An.Order(), An.Order(sku: "NO-SUCH"), An.Order(), An.Order());
        foreach (var one in new[] { order, refused, stopped, inErp, stuck })
            one["body"]!["customer"] = new JsonObject { ["id"] = Id(customer) };
        held["body"]!["customer"] = new JsonObject { ["code"] = $"C-{Guid.NewGuid():N}" };
        await device.PushAsync(customer, order, refused, waiting, held, stopped, inErp, stuck);
        (await device.PostAsync("/v1/sync/attention/stop", new { ids = new[] { Id(stopped) } })).EnsureSuccessStatusCode();
        await gateway.Execute($"""
            update gateway.delivery set state = 'done', external_id = 'X-1' where record_id = '{Id(inErp)}';
            update gateway.delivery set state = 'attention' where record_id = '{Id(stuck)}'
            """);
        var never = Guid.CreateVersion7();

        var answer = await ReconcileAsync(device, [never, Id(stuck), Id(inErp), Id(stopped), Id(held), Id(waiting), Id(refused), Id(order), Id(customer)]);

        Assert.Equal(["unknown", "attention", "inErp", "stopped", "held", "waiting", "refused", "accepted", "accepted"], answer.GetProperty("records").EnumerateArray().Select(State));
        Assert.Equal(never, answer.GetProperty("records")[0].GetProperty("id").GetGuid());
        Assert.Equal((2, 1, 1), (answer.GetProperty("counts").GetProperty("accepted").GetInt32(), answer.GetProperty("counts").GetProperty("unknown").GetInt32(), answer.GetProperty("counts").GetProperty("inErp").GetInt32()));
        var asOrder = answer.GetProperty("records")[7];
        Assert.Equal(((await gateway.RecordAsync(Id(order))).GetProperty("number").GetString(), 1), (asOrder.GetProperty("number").GetString(), asOrder.GetProperty("rev").GetInt32()));
        Assert.Equal("line.sku.unknown", answer.GetProperty("records")[6].GetProperty("code").GetString());
    }

    [Fact]
    public async Task F032_Ten_thousand_ids_are_answered_in_one_call_one_more_is_refused_and_another_reps_are_unknown()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        using var sameRep = await TestDevice.EnrolAsync(gateway.Office, gateway.Gateway.Url, await RepOfAsync(device));
        using var other = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        var customers = Enumerable.Range(0, 100).Select(_ => An.Customer()).ToArray();
        await device.PushAsync(customers);
        Guid[] ids = [.. customers.Select(Id), .. Enumerable.Range(0, 9_900).Select(_ => Guid.CreateVersion7())];

        var answer = await ReconcileAsync(device, ids);

        Assert.Equal(ids, answer.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("id").GetGuid()));
        Assert.Equal((100, 9_900), (answer.GetProperty("counts").GetProperty("accepted").GetInt32(), answer.GetProperty("counts").GetProperty("unknown").GetInt32()));
        Assert.Equal(100, (await ReconcileAsync(sameRep, ids)).GetProperty("counts").GetProperty("accepted").GetInt32());
        Assert.Equal(10_000, (await ReconcileAsync(other, ids)).GetProperty("counts").GetProperty("unknown").GetInt32());
        var tooMany = await device.PostAsync("/v1/sync/reconcile", new { ids = ids.Append(Guid.NewGuid()) });
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "reconcile.tooMany"), await Task.FromResult(tooMany).CodeAsync());
    }

    [Fact]
    public async Task F030_The_times_a_device_is_told_are_those_that_stand_and_that_the_office_sees()
    {
        using var device = await gateway.EnrolAsync($"Rep {Guid.NewGuid():N}");
        device.Says["OrderSync-Waiting"] = "3";
        await device.PushAsync(An.Customer());
        var cursor = await PullAsync(device);

        var halfway = await AcknowledgeAsync(device, new { cursor });
        var complete = await AcknowledgeAsync(device, new { cursor, waiting = 0 });

        Assert.False(halfway.TryGetProperty("lastCompleteSyncAt", out _));
        var pulledAt = complete.GetProperty("lastPullAt").GetDateTimeOffset();
        Assert.True(halfway.GetProperty("lastPullAt").GetDateTimeOffset() <= pulledAt);
        Assert.Equal(pulledAt, complete.GetProperty("lastCompleteSyncAt").GetDateTimeOffset());
        var status = await (await device.GetAsync($"/v1/sync/status?cursor={cursor}")).Content.ReadFromJsonAsync<JsonElement>();
        var office = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/devices/{device.Id}");
        Assert.True(office.TryGetProperty("lastPushAt", out _) && status.TryGetProperty("lastPushAt", out _), $"{office}\n{status}");
        foreach (var name in new[] { "lastPushAt", "lastPullAt", "lastCompleteSyncAt" })
            Assert.Equal(office.GetProperty(name).GetDateTimeOffset(), status.GetProperty(name).GetDateTimeOffset());
        Assert.Equal(pulledAt.UtcDateTime, await gateway.Scalar<DateTime>($"select last_complete_sync_at from gateway.device where device_id = '{device.Id}'"));
        var again = await AcknowledgeAsync(device, new { cursor, waiting = 1 });
        Assert.Equal(pulledAt, again.GetProperty("lastCompleteSyncAt").GetDateTimeOffset());
        Assert.True(again.GetProperty("lastPullAt").GetDateTimeOffset() >= pulledAt);
    }

    private static string State(JsonElement record) => record.GetProperty("state").GetString()!;

    private static Guid Id(JsonObject record) => record["id"]!.GetValue<Guid>();

    private static async Task<JsonElement> ReconcileAsync(TestDevice device, IEnumerable<Guid> ids)
    {
        var answer = await device.PostAsync("/v1/sync/reconcile", new { ids });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string> RepOfAsync(TestDevice device) =>
        (await (await device.GetSelfAsync()).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rep").GetProperty("name").GetString()!;

    private static async Task<string> PullAsync(TestDevice device) =>
        JsonSerializer.Deserialize<JsonElement>((await (await device.GetAsync("/v1/sync/pull")).Content.ReadAsStringAsync()).TrimEnd().Split('\n')[^1]).GetProperty("end").GetProperty("cursor").GetString()!;

    private static async Task<JsonElement> AcknowledgeAsync(TestDevice device, object body) => await (await device.PostAsync("/v1/sync/pull/ack", body)).Content.ReadFromJsonAsync<JsonElement>();
}
