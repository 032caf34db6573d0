using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework;
using OrderSync.Framework.Calls;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class CallTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F109_Each_call_of_a_record_is_found_with_its_trace_duration_and_verdict()
    {
        var erp = new RecordingErp(clock);
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        server.Under(erp, () => host);
        server.Answer = (method, _) => method == "GET" ? (404, """{"message":"no such order"}""") : (201, """{"id":"E1"}""");
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "OrderSync.Framework", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done");
        await host.TakeAsync(A.Order(company, connection));

        var calls = await ListAsync(host, $"company={company}&record={order.RecordId}", 3);
        var first = await Client(host).GetFromJsonAsync<JsonNode>($"/manage/connections/{company}/{connection}/calls?record={order.RecordId}&limit=2");
        var rest = await Client(host).GetFromJsonAsync<JsonNode>($"/manage/connections/{company}/{connection}/calls?record={order.RecordId}&limit=2&before={first!["before"]}");
        var others = await Client(host).GetFromJsonAsync<JsonNode>($"/manage/calls?company={Guid.NewGuid()}&record={order.RecordId}");

        Assert.Equal(["POST", "POST", "GET"], calls.Select(call => (string?)call!["method"]));
        Assert.Equal(("refused", 404, $"{server.Address}org/look"), ((string?)calls[2]!["outcome"], (int)calls[2]!["status"]!, (string?)calls[2]!["target"]));
        Assert.Equal(("answered", 201), ((string?)calls[1]!["outcome"], (int)calls[1]!["status"]!));
        Assert.Contains("no such order", (string?)calls[2]!["response"], StringComparison.Ordinal);
        Assert.All(calls, call => Assert.Equal("0af7651916cd43dd8448eb211c80319c", (string?)call!["traceId"]));
        Assert.All(calls, call => Assert.InRange((int)call!["milliseconds"]!, 0, 60_000));
        Assert.Equal((2, 1), (first["calls"]!.AsArray().Count, rest!["calls"]!.AsArray().Count));
        Assert.Empty(others!["calls"]!.AsArray());
    }

    [Fact]
    public async Task Secrets_are_nowhere_in_the_log()
    {
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var there = await host.ConnectAsync(company, connection, refreshToken: "known/secret+of=the connection");
        server.Answer = (_, path) => (200, path.Contains("token", StringComparison.Ordinal) ? """{"access_token":"hush-1"}""" : """{"echo":"known/secret+of=the connection","number":"SO-1","client_secret":{"deep":["hush-2"]}}""");
        var desk = host.Services.GetRequiredService<CallDesk>();

        using (desk.For(there, Purpose.Document, Guid.NewGuid()).Begin())
            await server.AskAsync(host, HttpMethod.Post, "orders?organization_id=7&authtoken=hush-3", """{"note":"Bearer hush-4-abcdef","password":"hush-5","customer":"Ann"}""", "Zoho-oauthtoken hush-6");
        using (desk.For(there, Purpose.Tokens).Begin())
            await server.AskAsync(host, HttpMethod.Post, "token", "refresh=hush-7");
        var text = (await ListAsync(host, $"company={company}", 2)).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.DoesNotContain("known/secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-cookie", text, StringComparison.Ordinal);
        Assert.Contains("organization_id=7&authtoken=***", text, StringComparison.Ordinal);
        Assert.Contains("Ann", text, StringComparison.Ordinal);
        Assert.Contains("SO-1", text, StringComparison.Ordinal);
        Assert.Contains("(not kept: tokens)", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1.50,"refresh_token":"x","list":[true,null,"é"]}""", """{"a":1.50,"refresh_token":"***","list":[true,null,"é"]}""")]
    [InlineData("""{"apiKey":[1,{"b":2}],"c":3}""", """{"apiKey":"***","c":3}""")]
    [InlineData("""{"a":"b","password":"cut of""", """{"a":"b","password": (the rest is not JSON)""")]
    [InlineData("grant_type=refresh&client_secret=x&a=b", "grant_type=refresh&client_secret=***&a=b")]
    [InlineData("<Fault><Token>x</Token><Message>no</Message></Fault>", "<Fault><Token>***</Token><Message>no</Message></Fault>")]
    public void Bodies_keep_their_business_and_lose_their_secrets(string body, string kept) =>
        Assert.Equal(kept, Redaction.Json(Encoding.UTF8.GetBytes(body), 4096));

    [Fact]
    public async Task A_long_body_is_cut_and_the_cut_is_marked()
    {
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var there = await host.ConnectAsync(company, connection);
        server.Answer = (_, _) => (200, $$"""{"notes":"{{new string('n', 100_000)}}"}""");

        using (host.Services.GetRequiredService<CallDesk>().For(there, Purpose.Document).Begin())
            Assert.Equal(100_012, (await server.AskAsync(host, HttpMethod.Get, "orders")).Body.Length);
        var call = Assert.Single(await ListAsync(host, $"company={company}", 1))!;

        Assert.Equal(Snippet.Longest, ((string?)call["response"])!.Length);
        Assert.EndsWith("…", (string?)call["response"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_older_than_a_fortnight_are_gone_and_newer_ones_stay()
    {
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var there = await host.ConnectAsync(company, connection);
        foreach (var days in new[] { 0, 6, 10 })
        {
            clock.Advance(TimeSpan.FromDays(days));
            using (host.Services.GetRequiredService<CallDesk>().For(there, Purpose.Document).Begin())
                await server.AskAsync(host, HttpMethod.Get, $"day-{days}");
            await Eventually.TrueAsync(async () => (await ListAsync(host, $"company={company}", 1)).Any(call => ((string)call!["target"]!).EndsWith($"day-{days}", StringComparison.Ordinal)), "the call");
        }

        var targets = (await ListAsync(host, $"company={company}", 2)).Select(call => ((string)call!["target"]!).Split('/')[^1]);

        Assert.Equal(["day-10", "day-6"], targets);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_fails_no_push()
    {
        var erp = new RecordingErp(clock);
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        server.Under(erp, () => host);
        await host.ConnectAsync(company, connection);
        var logged = A.Order(company, connection);
        await host.TakeAsync(logged);
        await ListAsync(host, $"company={company}&record={logged.RecordId}", 3);
        await using (var revoke = database.Administrator.CreateCommand("revoke insert on recording.call from recording"))
            await revoke.ExecuteNonQueryAsync();
        try
        {
            var order = A.Order(company, connection);
            await host.TakeAsync(order);
            await database.UntilAsync(order.RecordId, "done");
        }
        finally
        {
            await using var grant = database.Administrator.CreateCommand("grant insert on recording.call to recording");
            await grant.ExecuteNonQueryAsync();
        }

        Assert.Equal(2, erp.Created.Count);
    }

    private static async Task<JsonArray> ListAsync(RecordingHost host, string query, int count) => (await Eventually.GetAsync(
        () => Client(host).GetFromJsonAsync<JsonNode>($"/manage/calls?{query}"), answer => answer!["calls"]!.AsArray().Count >= count, $"{count} calls"))!["calls"]!.AsArray();

    private static HttpClient Client(RecordingHost host)
    {
        var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        return http;
    }
}
