using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>What the office does with connections: their connectors' own pages, and the list of what needs a person.</summary>
[Collection("deliveries")]
public sealed class ConnectionWorkTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task F109_A_connectors_own_pages_are_reached_through_the_gateway_with_the_company_and_the_person_who_asks()
    {
        var name = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);
        var id = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{name}'");

        var shown = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/connections/{name}/manage/calls?limit=5&record={id}");
        var paused = await gateway.Office.PostAsJsonAsync($"/v1/office/connections/{name}/manage/pause", new { reason = "stocktaking" });
        var bad = await gateway.Office.PostAsJsonAsync($"/v1/office/connections/{name}/manage/bad", new { });

        Assert.Equal("yes", shown.GetProperty("said").GetString());
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.BadRequest), (paused.StatusCode, bad.StatusCode));
        var place = $"/manage/connections/{gateway.CompanyId}/{id}";
        var looked = gateway.Calls.Single(call => call.Request == $"GET {place}/calls?limit=5&record={id}");
        Assert.Equal("only-for-tests", looked.Key);
        Assert.Equal($"First key ({gateway.CompanyId})", Uri.UnescapeDataString(looked.Person));
        Assert.Contains("stocktaking", gateway.Calls.Single(call => call.Request == $"POST {place}/pause").Body, StringComparison.Ordinal);
        Assert.Contains((await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/audit?limit=20")).GetProperty("changes").EnumerateArray(),
            change => change.GetProperty("action").GetString() == "connection.pause" && change.GetProperty("subject").GetString() == name);
    }

    [Fact]
    public async Task Parked_messages_are_asked_for_under_the_callers_own_company_whatever_the_query_says()
    {
        var name = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);

        await gateway.Office.GetAsync($"/v1/office/connections/{name}/manage/parked?company={Guid.NewGuid()}&Company={Guid.NewGuid()}&limit=7");

        Assert.Equal($"GET /manage/parked?limit=7&company={gateway.CompanyId}", gateway.Calls.Single(call => call.Request.Contains("/parked?limit=7", StringComparison.Ordinal)).Request);
    }

    [Theory]
    [InlineData("..%2F..%2Fsummary")]
    [InlineData("%2e%2e/%2e%2e/summary")]
    [InlineData("a/..;/b")]
    [InlineData("a%252F..%252Fb")]
    [InlineData("a%5C..%5Cb")]
    public async Task No_path_leaves_the_pages_of_the_companys_own_connection(string path)
    {
        var name = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);
        var id = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{name}'");

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{gateway.Gateway.Url}v1/office/connections/{name}/manage/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        var answer = await gateway.Office.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain(gateway.Calls, call => call.Request.Contains("/summary", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Calls, call => call.Request.Contains(id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connector_that_does_not_answer_is_said_to_be_away_and_all_is_tried_again_when_it_is_back()
    {
        var away = await gateway.ConnectAsync("order", "away");
        var here = await gateway.ConnectAsync("order", DeliveriesFixture.Pages);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Office.PostAsJsonAsync($"/v1/office/connections/{away}/retry-all", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Office.PostAsJsonAsync($"/v1/office/connections/{here}/retry-all", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Office.PostAsJsonAsync("/v1/office/connections/nowhere/retry-all", new { })).StatusCode);
        Assert.Contains(gateway.Calls, call => call.Request.EndsWith("/retry", StringComparison.Ordinal) && call.Body.Contains("\"all\":true", StringComparison.Ordinal));
        var shown = await gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/connections/{here}");
        Assert.Equal("yes", shown.GetProperty("settings").GetProperty("said").GetString());
    }

    [Fact]
    public async Task What_can_be_connected_here_is_told_by_the_connectors_themselves_and_who_is_away_is_listed_as_away()
    {
        var list = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/connectors")).GetProperty("connectors").EnumerateArray().ToList();

        Assert.Equal(["away", DeliveriesFixture.Pages], list.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal([false, true], list.Select(one => one.GetProperty("answered").GetBoolean()));
        Assert.Equal("Pages of a test", list[1].GetProperty("about").GetProperty("title").GetString());
        Assert.Equal(new Uri(gateway.Gateway.Url, $"/oauth/callback/{DeliveriesFixture.Pages}").ToString(), list[1].GetProperty("callback").GetString());
        Assert.False(list[0].TryGetProperty("about", out _));
    }

    [Fact]
    public async Task Where_connections_stand_is_told_for_each_also_for_one_without_settings_and_one_whose_connector_is_away()
    {
        var (here, bare, away) = (await gateway.ConnectAsync("order", DeliveriesFixture.Pages), await gateway.ConnectAsync("order", DeliveriesFixture.Pages), await gateway.ConnectAsync("order", "away"));
        var id = await gateway.Scalar<Guid>($"select connection_id from gateway.connection where name = '{here}'");
        gateway.Standings = () => [new { connectionId = id, account = "a-1" }, new { connectionId = Guid.NewGuid(), account = "a-2" }];

        var rows = (await gateway.Office.GetFromJsonAsync<JsonElement>("/v1/office/standings")).GetProperty("connections").EnumerateArray().ToDictionary(row => row.GetProperty("name").GetString()!);

        Assert.Equal("a-1", rows[here].GetProperty("standing").GetProperty("account").GetString());
        Assert.Equal((true, false), (rows[bare].GetProperty("answered").GetBoolean(), rows[bare].TryGetProperty("standing", out _)));
        Assert.Equal((false, false), (rows[away].GetProperty("answered").GetBoolean(), rows[away].TryGetProperty("standing", out _)));
        Assert.Contains(gateway.Calls, call => call.Request == $"GET /manage/standing?company={gateway.CompanyId}");
    }

    [Fact]
    public async Task Settings_that_cannot_be_taken_make_no_new_connection()
    {
        var name = $"c{Guid.NewGuid():N}";

        using var refused = await gateway.Office.PutAsJsonAsync($"/v1/office/connections/{name}", new { connector = DeliveriesFixture.Pages, kinds = new[] { "order" }, settings = new { organisation = "wrong" } });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (refused.StatusCode, (await gateway.Office.GetAsync($"/v1/office/connections/{name}")).StatusCode));
        (await gateway.Office.PutAsJsonAsync($"/v1/office/connections/{name}", new { connector = DeliveriesFixture.Pages, kinds = new[] { "order" }, settings = new { organisation = "right" } })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.Office.PutAsJsonAsync($"/v1/office/connections/{name}", new { connector = DeliveriesFixture.Pages, kinds = new[] { "order" }, settings = new { organisation = "wrong" } })).StatusCode);
    }

    [Fact]
    public async Task F114_F051_What_needs_a_person_is_one_list_whether_the_gateway_or_a_destination_holds_it_up()
    {
        using var device = await gateway.EnrolAsync();
        var name = await gateway.ConnectAsync("customer");
        var (refusedThere, reconnect, waitsThere) = (An.Customer(name: "Attention there"), An.Customer(), An.Customer());
        var refused = An.Order(sku: "SKU-NONE", customer: refusedThere["id"]!.GetValue<Guid>());
        var waiting = An.Order(customer: Guid.CreateVersion7());
        var fresh = An.Order(customer: Guid.CreateVersion7());
        await device.PushAsync(refusedThere, reconnect, waitsThere, refused, waiting, fresh);
        await gateway.Execute($"update gateway.record set received_at = received_at - interval '25 hours' where record_id = '{Id(waiting)}'");
        await using var connector = await TestConnector.StartAsync(gateway, name);
        await connector.ReportAsync(await connector.ReceivedAsync(Id(refusedThere)), 1, DeliveryState.Attention, code: "item.inactive", reason: "Zoho refused it.");
        await connector.ReportAsync(await connector.ReceivedAsync(Id(reconnect)), 1, DeliveryState.Reconnect, code: "connection.reconnect");
        await connector.ReportAsync(await connector.ReceivedAsync(Id(waitsThere)), 1, DeliveryState.Waiting, at: DateTimeOffset.UtcNow.AddHours(-25), code: "dependency.waiting");
        var expected = new[] { (Id(refusedThere), "attention"), (Id(reconnect), "reconnect"), (Id(waitsThere), "waiting"), (Id(refused), "refused"), (Id(waiting), "waiting") };

        var all = await Eventually.GetAsync(() => AttentionAsync("limit=500"), list => expected.All(item => Items(list).Contains(item)), "all are listed");

        Assert.DoesNotContain(Items(all), item => item.Item1 == Id(fresh));
        var there = Assert.Single(Of(await AttentionAsync($"connection={name}&reason=attention")).EnumerateArray());
        Assert.Equal("Zoho refused it.", there.GetProperty("message").GetString());
        Assert.Contains("SKU-NONE", Of(await AttentionAsync("reason=refused&code=line.sku.unknown")).EnumerateArray().Single(item => item.GetProperty("recordId").GetGuid() == Id(refused)).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(all.GetProperty("total").GetInt64(), all.GetProperty("counts").EnumerateArray().Sum(count => count.GetProperty("count").GetInt64()));

        var paged = new List<(Guid, string)>();
        for (string? after = ""; after is not null;)
        {
            var page = await AttentionAsync($"limit=2{(after.Length > 0 ? $"&after={after}" : "")}");
            paged.AddRange(Items(page));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Items(all), paged);
    }

    private Task<JsonElement> AttentionAsync(string query) => gateway.Office.GetFromJsonAsync<JsonElement>($"/v1/office/attention?{query}");

    private static Guid Id(System.Text.Json.Nodes.JsonObject record) => record["id"]!.GetValue<Guid>();

    private static JsonElement Of(JsonElement list) => list.GetProperty("items");

    private static List<(Guid, string)> Items(JsonElement list) =>
        [.. Of(list).EnumerateArray().Select(item => (item.GetProperty("recordId").GetGuid(), item.GetProperty("reason").GetString()!))];
}
