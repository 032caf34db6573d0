using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Gateway.Tests.Deliveries;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office.Flow;

/// <summary>What the overview draws, counted by hand.</summary>
[Collection("deliveries")]
public sealed class FlowTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task F129_What_flows_is_counted_by_minute_and_destination_and_its_errors_equal_the_list_of_them()
    {
        using var device = await gateway.EnrolAsync();
        var name = await gateway.ConnectAsync("customer", DeliveriesFixture.Pages);
        var before = await FlowAsync();
        var sent = Enumerable.Range(0, 6).Select(_ => An.Customer()).ToArray();
        await device.PushAsync(sent);
        var ids = sent.Select(customer => customer["id"]!.GetValue<Guid>()).ToArray();
        await SetAsync(name, ids[0], "state = 'done'");
        await SetAsync(name, ids[1], "state = 'done', moved_at = now() - interval '2 hours'");
        await SetAsync(name, ids[2], "state = 'attention', code = 'item.inactive', reason = 'No.'");
        await SetAsync(name, ids[3], "state = 'inProgress', moved_at = now() - interval '3 hours'");
        await SetAsync(name, ids[4], "state = 'waiting', moved_at = now() - interval '30 hours'");

        var flow = await FlowAsync();

        // What other tests sent leaves the minute while this one runs.
        Assert.InRange(Kind(flow, "lastMinute"), 6, Kind(before, "lastMinute") + 6);
        Assert.Equal(Kind(before, "today") + 6, Kind(flow, "today"));
        Assert.Equal(flow.GetProperty("records").EnumerateArray().Sum(kind => kind.GetProperty("lastHour").GetInt64()), flow.GetProperty("perMinute").EnumerateArray().Sum(one => one.GetInt64()));
        var there = flow.GetProperty("connections").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
        Assert.Equal((1L, 1L), (there.GetProperty("lastMinute").GetInt64(), there.GetProperty("lastHour").GetInt64()));
        Assert.Equal(1, there.GetProperty("perMinute").EnumerateArray().Sum(one => one.GetInt64()));
        Assert.Equal("""{"inProgress":1,"pending":1,"waiting":1}""", there.GetProperty("backlog").GetRawText());
        Assert.Equal("""{"attention":1}""", there.GetProperty("attention").GetRawText());
        Assert.Equal((ids[4], "waiting", "customer"), (there.GetProperty("oldest").GetProperty("recordId").GetGuid(), there.GetProperty("oldest").GetProperty("state").GetString(), there.GetProperty("oldest").GetProperty("kind").GetString()));
        Assert.True(flow.GetProperty("devices").GetProperty("seenToday").GetInt64() > before.GetProperty("devices").GetProperty("seenToday").GetInt64());
        var list = await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/attention");
        foreach (var reason in list.GetProperty("counts").EnumerateArray().GroupBy(count => count.GetProperty("reason").GetString()!))
            Assert.Equal(reason.Sum(count => count.GetProperty("count").GetInt64()), flow.GetProperty("attention").GetProperty(reason.Key).GetInt64());
    }

    [Fact]
    public async Task A_destination_is_running_paused_resting_away_or_waits_for_new_credentials_and_nobody_waits_for_its_connector()
    {
        var (running, paused, resting, reconnect, unset) = (await HereAsync(), await HereAsync(), await HereAsync(), await HereAsync(), await HereAsync());
        var (away, nowhere) = (await gateway.ConnectAsync("none", "away"), await gateway.ConnectAsync("none"));
        gateway.Health =
        [
            new { connectionId = await IdAsync(running) },
            new { connectionId = await IdAsync(paused), paused = new { since = DateTimeOffset.UtcNow, person = "Ada", reason = "stocktaking" } },
            new { connectionId = await IdAsync(resting), rests = new { until = DateTimeOffset.UtcNow.AddMinutes(1), reason = "Limit." } },
            new { connectionId = await IdAsync(reconnect), reconnect = "The approval was withdrawn." },
        ];

        var flow = await Eventually.GetAsync(FlowAsync, found => State(found, paused) == "paused", "the connector was asked");

        Assert.Equal(("running", "paused", "resting", "reconnect"), (State(flow, running), State(flow, paused), State(flow, resting), State(flow, reconnect)));
        Assert.Equal(("unknown", "away", "unknown"), (State(flow, unset), State(flow, away), State(flow, nowhere)));
        Assert.Equal("stocktaking", Health(flow, paused).GetProperty("reason").GetString());
        Assert.Contains("No connector", Health(flow, nowhere).GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [InCi]
    public async Task Nobody_has_anything_counted_that_flows_through_another_company()
    {
        const string Key = "os_test-key-of-a-company-that-watches-01";
        using var here = await gateway.EnrolAsync();
        await here.PushAsync(An.Customer(), An.Customer());
        await FlowAsync();
        await GatewayFixture.MigrateAsync(gateway.Database.ConnectionString, "Company that watches", Key);
        using var office = gateway.OfficeOf(Key);
        using var there = await TestDevice.EnrolAsync(office, gateway.Gateway.Url, "Wanda");
        await there.PushAsync(An.Customer());
        // What is older than a minute is remembered, by company.
        await gateway.Execute($"update gateway.record set received_at = received_at - interval '5 minutes' where company_id = (select company_id from gateway.device where device_id = '{there.Id}')");

        var flow = await office.GetFromJsonAsync<JsonElement>("/v1/office/flow");

        Assert.Equal((0L, 1L), (Kind(flow, "lastMinute"), Kind(flow, "lastHour")));
        Assert.Equal(1, flow.GetProperty("perMinute").EnumerateArray().Sum(one => one.GetInt64()));
        Assert.Equal((0, 1L, "{}"), (flow.GetProperty("connections").GetArrayLength(), flow.GetProperty("devices").GetProperty("seenToday").GetInt64(), flow.GetProperty("attention").GetRawText()));
    }

    private Task<string> HereAsync() => gateway.ConnectAsync("none", DeliveriesFixture.Pages);

    private Task<Guid> IdAsync(string name) => gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{name}'");

    private static JsonElement Health(JsonElement flow, string name) => flow.GetProperty("connections").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name).GetProperty("health");

    private static string? State(JsonElement flow, string name) => Health(flow, name).GetProperty("state").GetString();

    private static long Kind(JsonElement flow, string count) =>
        flow.GetProperty("records").EnumerateArray().Where(kind => kind.GetProperty("kind").GetString() == "customer").Sum(kind => kind.GetProperty(count).GetInt64());

    private Task SetAsync(string connection, Guid record, string set) =>
        gateway.Execute($"update gateway.delivery set {set} where record_id = '{record}' and connection_id = (select connection_id from gateway.connection where name = '{connection}')");

    private Task<JsonElement> FlowAsync() => gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/flow");
}
