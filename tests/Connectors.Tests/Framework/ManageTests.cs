using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class ManageTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    private string Path => $"/manage/connections/{company}/{connection}";

    [Fact]
    public async Task Settings_are_described_with_type_default_and_meaning_and_secrets_are_marked()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        var form = (await http.GetFromJsonAsync<JsonElement>("/manage/settings")).GetProperty("settings").EnumerateArray().ToDictionary(setting => setting.GetProperty("name").GetString()!);

        Assert.Equal(["organisation", "confirm", "collections", "listsShelves", "refreshToken", "ambiguitySeconds", "maxConcurrent", "callsPerMinute", "callsPerDay", "pullMinutes"], form.Keys);
        Assert.Equal(("yesNo", true), (form["confirm"].GetProperty("type").GetString(), form["confirm"].GetProperty("default").GetBoolean()));
        Assert.True(form["refreshToken"].GetProperty("secret").GetBoolean());
        Assert.StartsWith("Calls at once", form["maxConcurrent"].GetProperty("meaning").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"least":1,"most":100}""", form["maxConcurrent"].GetProperty("range").GetRawText());
    }

    [Fact]
    public async Task Saved_settings_are_shown_without_their_secrets_which_stay_when_left_out()
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        var saved = await PutAsync(http, """{"organisation":"4815","refreshToken":"very secret"}""");
        await PutAsync(http, """{"organisation":"1623","confirm":false}""");
        var shown = await http.GetStringAsync(Path);

        Assert.Equal("""{"account":"recording:4815"}""", await saved.Content.ReadAsStringAsync());
        Assert.DoesNotContain("very secret", shown, StringComparison.Ordinal);
        var settings = JsonNode.Parse(shown)!["settings"]!;
        Assert.Equal(("1623", "set", false), (settings["organisation"]!.GetValue<string>(), settings["refreshToken"]!.GetValue<string>(), settings["confirm"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("""{"organisation":""}""", "organisation", "organisation is missing")]
    [InlineData("""{"organisation":"1","colour":"red"}""", "colour", "Known are: organisation, confirm, collections, listsShelves, refreshToken")]
    [InlineData("""{"organisation":"1","confirm":"perhaps"}""", "confirm", "must be yesNo")]
    [InlineData("""{"organisation":"1","maxConcurrent":0}""", "maxConcurrent", "between 1 and 100")]
    [InlineData("""{"organisation":"1","refreshToken":5}""", "refreshToken", "must be text")]
    [InlineData("""{"organisation":"1","callsPerMinute":19}""", "callsPerMinute", "between 20 and 1000000")]
    public async Task Settings_that_cannot_work_are_refused_naming_the_field(string sent, string field, string reason)
    {
        await using var host = await StartAsync();
        using var http = Client(host);

        var answer = await PutAsync(http, sent);

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.BadRequest, "connection.settings", field),
            (answer.StatusCode, problem.GetProperty("type").GetString(), problem.GetProperty("field").GetString()));
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(Path)).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guessed")]
    public async Task Without_the_shared_key_nothing_is_shown_or_taken(string? key)
    {
        await using var host = await StartAsync();
        using var http = Client(host, key);

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/manage/settings")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PutAsync(http, """{"organisation":"1"}""")).StatusCode);
    }

    [Fact]
    public async Task A_mistyped_account_can_be_put_right_until_something_was_written_to_it()
    {
        var wrong = true;
        var erp = new RecordingErp(clock);
        erp.Arriving = call => wrong ? throw new OutcomeException(new Outcome.Refused("erp.unknown", "No such organisation.", "Correct it.")) : Task.CompletedTask;
        await using var host = await StartAsync(erp);
        using var http = Client(host);
        await PutAsync(http, """{"organisation":"mistyped"}""");
        var order = A.Order(company, connection, A.Snapshot());
        await host.TakeAsync(order);
        await database.UntilAsync(order.Customer!.Id, "refused");
        wrong = false;

        var corrected = await PutAsync(http, """{"organisation":"right"}""");
        await http.PostAsJsonAsync($"{Path}/retry", new { all = true });
        await database.UntilAsync(order.RecordId, "done");
        var changed = await PutAsync(http, """{"organisation":"another"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (corrected.StatusCode, changed.StatusCode));
        Assert.All(erp.CallsNamed("create"), call => Assert.Equal("recording:right", call.Account));
        Assert.Contains("recording:right", await http.GetStringAsync(Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_counts_documents_by_state_and_retry_says_how_many()
    {
        var erp = new RecordingErp(clock);
        var bad = A.Snapshot();
        erp.Arriving = call => call.RecordId == bad.Id && call.Name == "create" ? throw new OutcomeException(new Outcome.Refused("customer.name", "No.", "Yes.")) : Task.CompletedTask;
        await using var host = await StartAsync(erp);
        using var http = Client(host);
        await PutAsync(http, """{"organisation":"1"}""");
        var good = A.Order(company, connection);
        await host.TakeAsync(good);
        await host.TakeAsync(A.Order(company, connection, bad));
        await host.TakeAsync(A.Order(company, connection, bad));
        await database.UntilAsync(good.RecordId, "done");
        await database.UntilAsync(bad.Id, "refused");

        var summary = await http.GetStringAsync($"/manage/summary/{company}/{connection}");
        var vague = await http.PostAsJsonAsync($"{Path}/retry", new { });
        var retried = await (await http.PostAsJsonAsync($"{Path}/retry", new { all = true })).Content.ReadAsStringAsync();

        var counts = JsonNode.Parse(summary)!.AsObject();
        Assert.Equal([("attention", 1), ("done", 1), ("waiting", 2)], counts.Select(state => (state.Key, state.Value!["count"]!.GetValue<int>())));
        Assert.All(counts, state => Assert.Equal(clock.GetUtcNow(), state.Value!["oldest"]!.GetValue<DateTimeOffset>()));
        Assert.Equal(HttpStatusCode.BadRequest, vague.StatusCode);
        Assert.Equal("""{"retried":1}""", retried);
    }

    private Task<RecordingHost> StartAsync(RecordingErp? erp = null) => RecordingHost.StartAsync(database, erp ?? new RecordingErp(clock), clock);

    private Task<HttpResponseMessage> PutAsync(HttpClient http, string json) =>
        http.PutAsync(Path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    private static HttpClient Client(RecordingHost host, string? key = "internal")
    {
        var http = new HttpClient { BaseAddress = host.Address };
        if (key is not null)
            http.DefaultRequestHeaders.Add("X-OrderSync-Key", key);
        return http;
    }
}
