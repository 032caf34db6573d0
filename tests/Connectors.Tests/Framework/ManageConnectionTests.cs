using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts;
using OrderSync.Email;
using OrderSync.Framework;
using OrderSync.Framework.Connections;
using OrderSync.Testing;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class ManageConnectionTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    private string Path => $"/manage/connections/{company}/{connection}";

    [Fact]
    [InCi]
    public async Task A_person_pauses_a_connection_over_restarts_and_resumes_it()
    {
        var erp = new RecordingErp(clock);
        var (order, other, sibling) = (A.Order(company, connection), Guid.NewGuid(), Guid.NewGuid());
        await using (var host = await RecordingHost.StartAsync(database, erp, clock))
        {
            await host.ConnectAsync(company, connection);
            await host.ConnectAsync(company, sibling);
            var paused = await Client(host, "ann@office.example").PostAsJsonAsync($"{Path}/pause", new { reason = "Stocktaking" });
            Assert.Equal(HttpStatusCode.NoContent, paused.StatusCode);
            await host.TakeAsync(order);
        }

        await using var next = await RecordingHost.StartAsync(database, erp, clock);
        // Another connection of the same account is not paused.
        var free = A.Order(company, sibling);
        await next.TakeAsync(free);
        await database.UntilAsync(free.RecordId, "done");
        clock.Advance(TimeSpan.FromMinutes(10));
        var (held, report) = ((await database.DocumentAsync(order.RecordId))!, await next.ReportAsync(order));
        var state = await Client(next).GetFromJsonAsync<JsonNode>($"{Path}/state");
        var health = (await Client(next).GetFromJsonAsync<JsonNode>($"/manage/health?company={company}"))!["connections"]!.AsArray();
        await Client(next, "bob@office.example").PostAsync($"{Path}/resume", null);
        await database.UntilAsync(order.RecordId, "done", clock);
        var changes = (await Client(next).GetFromJsonAsync<JsonNode>($"{Path}/changes"))!["changes"]!.AsArray();

        Assert.Equal(("pending", "connection.paused", "The connection is paused by ann@office.example: Stocktaking."), (held.State, report.Code, report.Reason));
        Assert.Equal(("ann@office.example", "Stocktaking"), ((string?)state!["paused"]!["person"], (string?)state["paused"]!["reason"]));
        Assert.Equal([(connection, "Stocktaking"), (sibling, null)], health.Select(one => ((Guid)one!["connectionId"]!, (string?)one["paused"]?["reason"])).OrderBy(one => one.Item2 is null));
        Assert.Equal("""{"connections":[]}""", await Client(next).GetStringAsync($"/manage/health?company={Guid.NewGuid()}"));
        Assert.Equal(["resumed:bob@office.example", "paused:ann@office.example"], changes.Take(2).Select(change => $"{change!["action"]}:{change["person"]}"));
        Assert.Equal(HttpStatusCode.NotFound, (await Client(next).PostAsync($"/manage/connections/{company}/{other}/resume", null)).StatusCode);
    }

    [Fact]
    public async Task F110_A_change_of_settings_is_kept_with_before_and_after_and_without_secrets()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        using var http = Client(host, "ann@office.example");
        await PutAsync(http, """{"organisation":"1","refreshToken":"hush-one"}""");
        await PutAsync(http, """{"organisation":"1","confirm":false,"refreshToken":"hush-two"}""");
        await PutAsync(http, """{"organisation":"1","confirm":false}""");
        await PutAsync(http, """{"organisation":"","confirm":true}""");

        var changes = (await http.GetFromJsonAsync<JsonNode>($"{Path}/changes"))!["changes"]!.AsArray();

        Assert.Equal(2, changes.Count);
        Assert.Equal("""{"confirm":true,"refreshToken":"set"}""", changes[0]!["before"]!.ToJsonString());
        Assert.Equal("""{"confirm":false,"refreshToken":"changed"}""", changes[0]!["after"]!.ToJsonString());
        Assert.Equal(("ann@office.example", "settings", clock.GetUtcNow()), ((string?)changes[0]!["person"], (string?)changes[0]!["action"], changes[0]!["at"]!.GetValue<DateTimeOffset>()));
        Assert.Equal("1", (string?)changes[1]!["after"]!["organisation"]);
        Assert.DoesNotContain("hush", changes.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", await database.ScalarAsync<string>($"select string_agg(before::text || after::text, '') from recording.change where company_id = '{company}'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_says_in_plain_words_whether_the_connection_works()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock, works: false);
        using var http = Client(host);
        var unknown = await http.PostAsync($"{Path}/test", null);
        await host.ConnectAsync(company, connection);

        var works = await (await http.PostAsync($"{Path}/test", null)).Content.ReadAsStringAsync();
        erp.Arriving = _ => throw new OutcomeException(new Outcome.Reconnect("The user was locked."));
        var locked = await (await http.PostAsync($"{Path}/test", null)).Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("""{"works":true,"message":"The recording ERP answers."}""", works);
        Assert.Equal("""{"works":false,"code":"connection.reconnect","message":"The user was locked.","fix":"Connect it again in Connections."}""", locked);
    }

    [Fact]
    public async Task The_state_shows_what_of_the_budget_is_used()
    {
        var erp = new RecordingErp(clock);
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        server.Under(erp, () => host);
        await host.ConnectAsync(company, connection, callsPerMinute: 50, callsPerDay: 500);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done");

        var state = (await Client(host).GetFromJsonAsync<JsonNode>($"{Path}/state"))!;

        Assert.Equal("""{"perMinute":50,"usedThisMinute":3,"perDay":500,"usedToday":3,"dayEnds":"2026-03-04T00:00:00+00:00","atOnce":4}""", state["budget"]!.ToJsonString(ContractJson.Options));
        Assert.Equal((1, 0), ((int)state["states"]!["done"]!["count"]!, (int)state["troubles"]!));
        Assert.Null(state["paused"] ?? state["rests"] ?? state["reconnect"]);
    }

    [Fact]
    public async Task Every_field_that_is_wrong_is_told_at_once_also_before_there_is_a_connection()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        using var http = Client(host);
        const string wrong = """{"organisation":"","confirm":"perhaps","maxConcurrent":1000,"refreshToken":7,"colour":"red"}""";
        const string almost = """{"organisation":"","maxConcurrent":1000}""";

        var tried = await ErrorsAsync(await http.PostAsync("/manage/settings/try", new StringContent(wrong, System.Text.Encoding.UTF8, "application/json")));
        var saved = await ErrorsAsync(await PutAsync(http, almost));

        Assert.Equal(["colour", "confirm", "refreshToken"], tried.Select(error => error.Key).Order());
        Assert.Equal(["maxConcurrent", "organisation"], saved.Select(error => error.Key).Order());
        Assert.Contains("between 1 and 100", (string)saved["maxConcurrent"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.PostAsync("/manage/settings/try", new StringContent("""{"organisation":"1"}""", System.Text.Encoding.UTF8, "application/json"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Path)).StatusCode);

        static async Task<JsonObject> ErrorsAsync(HttpResponseMessage answer)
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["errors"]!.AsObject();
        }
    }

    [Fact]
    public async Task Where_all_connections_of_a_company_stand_is_one_question()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var second = Guid.NewGuid();
        await host.ConnectAsync(company, connection);
        await host.ConnectAsync(company, second, "another");
        using var http = Client(host, "ann@office.example");
        await http.PostAsJsonAsync($"{Path}/pause", new { reason = "Stocktaking" });

        var all = (await http.GetFromJsonAsync<JsonNode>($"/manage/standing?company={company}"))!["connections"]!.AsArray();

        Assert.Equal(new[] { connection, second }.Order(), all.Select(one => (Guid)one!["connectionId"]!).Order());
        Assert.Equal("Stocktaking", (string?)all.Single(one => (Guid)one!["connectionId"]! == connection)!["paused"]!["reason"]);
        Assert.Empty((await http.GetFromJsonAsync<JsonNode>($"/manage/standing?company={Guid.NewGuid()}"))!["connections"]!.AsArray());
    }

    [Theory]
    [InlineData(typeof(ZohoSettings))]
    [InlineData(typeof(EmailSettings))]
    public void Every_setting_of_every_connector_has_a_meaning_people_can_read(Type type)
    {
        var form = new SettingsForm(new ConnectorInfo("x", "X", [], type, TimeSpan.Zero, 1));

        Assert.All(form.Settings, setting => Assert.True(setting.Meaning.Length > 10 && !setting.Meaning.Contains(" .", StringComparison.Ordinal), $"{setting.Name}: {setting.Meaning}"));
        Assert.Contains(form.Settings, setting => setting.Required);
        Assert.Contains(form.Settings, setting => setting.Range is not null);
        Assert.Contains(form.Settings, setting => setting.Secret);
    }

    private Task<HttpResponseMessage> PutAsync(HttpClient http, string json) => http.PutAsync(Path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    private static HttpClient Client(RecordingHost host, string? person = null)
    {
        var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        if (person is not null)
            http.DefaultRequestHeaders.Add("X-OrderSync-Person", person);
        return http;
    }
}
