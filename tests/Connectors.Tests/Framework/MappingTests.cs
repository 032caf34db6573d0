using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework;
using OrderSync.Framework.Connections;
using OrderSync.Framework.Mappings;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>The office maps things of ours to things of the destination.</summary>
public sealed class MappingTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    private string Path => $"/manage/connections/{company}/{connection}";

    [Fact]
    public async Task F110_What_is_mapped_is_named_by_the_ERP_counts_at_once_and_is_kept_with_before_and_after()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        using var http = Client(host);
        var candidates = await http.GetFromJsonAsync<JsonNode>($"{Path}/mappings/shelf/candidates");

        await PutAsync(http, "shelf", """{"entries":[{"ours":" North ","id":"1"},{"ours":"South","id":"2"}]}""");
        var first = await OpenAsync(host);
        await PutAsync(http, "shelf", """{"entries":[{"ours":"north","id":"2"}]}""");
        var second = await OpenAsync(host);

        Assert.Equal("""{"listed":true,"candidates":[{"id":"1","name":"Shelf 1"},{"id":"2","name":"Shelf 2"}]}""", candidates!.ToJsonString());
        Assert.Equal(("1", "2", null), (first.Mapped("shelf", "NORTH"), first.Mapped("shelf", null, "nobody", "south"), first.Mapped("shelf", "west")));
        Assert.Equal(("2", null), (second.Mapped("shelf", "North"), second.Mapped("shelf", "South")));
        var change = (await http.GetFromJsonAsync<JsonNode>($"{Path}/changes"))!["changes"]![0]!;
        Assert.Equal(("mapping", "ann@office.example"), ((string?)change["action"], (string?)change["person"]));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"shelf":{"North":"Shelf 1 (1)","South":"Shelf 2 (2)"}}"""), change["before"]), change.ToJsonString());
        Assert.Equal("""{"shelf":{"north":"Shelf 2 (2)"}}""", change["after"]!.ToJsonString());
        var shown = (await http.GetFromJsonAsync<JsonNode>($"{Path}/mappings"))!["mappings"]!.AsArray();
        Assert.Equal(["shelf", "note"], shown.Select(kind => (string)kind!["name"]!));
        Assert.Equal("Shelf 2", (string)shown[0]!["entries"]![0]!["name"]!);
    }

    [Fact]
    public async Task What_the_connection_says_cannot_be_listed_is_taken_as_it_is_entered()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        await host.Services.GetRequiredService<ConnectionStore>().SaveAsync(company, connection, new JsonObject { ["organisation"] = "org", ["listsShelves"] = false }, default);
        using var http = Client(host);

        await PutAsync(http, "shelf", """{"entries":[{"ours":"North","id":"Shelf 9"}]}""");

        Assert.Equal("Shelf 9", (await OpenAsync(host)).Mapped("shelf", "North"));
        Assert.Equal("""{"listed":false,"candidates":[]}""", (await http.GetFromJsonAsync<JsonNode>($"{Path}/mappings/shelf/candidates"))!.ToJsonString());
        Assert.False((bool)(await http.GetFromJsonAsync<JsonNode>($"{Path}/mappings"))!["mappings"]![0]!["listed"]!);
    }

    [Fact]
    public async Task The_same_again_is_no_change_and_another_company_sees_nothing()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        using var http = Client(host);
        await PutAsync(http, "note", """{"entries":[{"ours":"colour","id":"whatever it is"}]}""");
        await PutAsync(http, "note", """{"entries":[{"ours":"colour","id":"whatever it is"}]}""");

        Assert.Single((await http.GetFromJsonAsync<JsonNode>($"{Path}/changes"))!["changes"]!.AsArray(), change => (string?)change!["action"] == "mapping");
        Assert.Empty((await http.GetFromJsonAsync<JsonNode>($"/manage/connections/{Guid.NewGuid()}/{connection}/mappings/note"))!["entries"]!.AsArray());
    }

    [Fact]
    public async Task F105_What_waits_for_a_mapping_is_counted_and_goes_on_by_itself_once_it_is_there()
    {
        var erp = new RecordingErp(clock);
        var (north, south) = (A.Order(company, connection), A.Order(company, connection));
        var mapped = false;
        erp.Arriving = call => call.Name == "create" && (call.RecordId == north.RecordId || call.RecordId == south.RecordId) && !mapped
            ? throw new OutcomeException(new Outcome.Refused("shelf.unmapped", "No shelf.", "Map it.", new Unmapped("shelf", call.RecordId == north.RecordId ? "North" : "South")))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        using var http = Client(host);
        await host.TakeAsync(north);
        await host.TakeAsync(south);
        await database.UntilAsync(north.RecordId, "refused");
        await database.UntilAsync(south.RecordId, "refused");

        var waiting = (await http.GetFromJsonAsync<JsonNode>($"{Path}/mappings/shelf"))!["missing"]!.AsArray();
        mapped = true;
        using var answer = await http.PostAsync($"{Path}/mappings/shelf", Json("""{"entries":[{"ours":"north","id":"1"}]}"""));

        Assert.Equal(["North 1", "South 1"], waiting.Select(row => $"{row!["ours"]} {row["documents"]}"));
        Assert.Equal(1, (int)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["released"]!);
        await database.UntilAsync(north.RecordId, "done");
        Assert.Equal("refused", (await database.DocumentAsync(south.RecordId))!.State);
        Assert.Equal("South", (string?)Assert.Single((await http.GetFromJsonAsync<JsonNode>($"{Path}/mappings/shelf"))!["missing"]!.AsArray())!["ours"]);
    }

    [Fact]
    public async Task Some_of_it_is_mapped_anew_or_no_longer_and_the_rest_stays()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        using var http = Client(host);
        await PutAsync(http, "note", """{"entries":[{"ours":"colour","id":"a"},{"ours":"size","id":"b"},{"ours":"cut","id":"c"}]}""");

        using var answer = await http.PostAsync($"{Path}/mappings/note", Json("""{"entries":[{"ours":"Colour","id":"z"},{"ours":"cut","id":null}]}"""));

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var now = await OpenAsync(host);
        Assert.Equal(("z", "b", null), (now.Mapped("note", "colour"), now.Mapped("note", "size"), now.Mapped("note", "cut")));
        var change = (await http.GetFromJsonAsync<JsonNode>($"{Path}/changes"))!["changes"]![0]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"note":{"Colour":"z","size":"b"}}"""), change["after"]), change.ToJsonString());
    }

    [Fact]
    public async Task What_is_refused_leaves_all_that_was_mapped_as_it_was()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        using var http = Client(host);
        await PutAsync(http, "shelf", """{"entries":[{"ours":"North","id":"1"}]}""");

        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, $"{Path}/mappings/shelf") { Content = Json("""{"entries":[{"ours":"South","id":"2"},{"ours":"West","id":"9"}]}""") };
            using var refused = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var now = await OpenAsync(host);
        Assert.Equal(("1", null), (now.Mapped("shelf", "North"), now.Mapped("shelf", "South")));
        Assert.Single((await http.GetFromJsonAsync<JsonNode>($"{Path}/changes"))!["changes"]!.AsArray(), change => (string?)change!["action"] == "mapping");
    }

    [Theory]
    [InlineData("shelf", """{"entries":[{"ours":"North","id":"9"}]}""", "mapping.unknownId", "Recording has no shelf with id 9. Choose one of the candidates for North.")]
    [InlineData("shelf", """{"entries":[{"ours":"North","id":"1"},{"ours":"NORTH","id":"2"}]}""", "mapping.twice", "NORTH")]
    [InlineData("shelf", """{"entries":[{"ours":"","id":"1"}]}""", "mapping.entries", "Each entry needs ours and id")]
    [InlineData("shelf", """{"entries":[{"ours":"a\u0000b","id":"1"}]}""", "mapping.entries", "Each entry needs ours and id")]
    [InlineData("shelf", "{}", "mapping.entries", "Send entries")]
    [InlineData("colour", """{"entries":[]}""", "mapping.unknownKind", "Recording maps no colour; it maps shelf, note.")]
    public async Task What_cannot_be_mapped_is_refused_in_plain_words(string kind, string body, string code, string words)
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        using var http = Client(host);

        using var answer = await http.PutAsync($"{Path}/mappings/{kind}", new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(code, (string?)problem["type"]);
        Assert.Contains(words, (string?)problem["title"], StringComparison.OrdinalIgnoreCase);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_the_connection_does_not_take_can_be_read_and_a_record_of_it_is_refused_in_its_words()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock);
        await host.ConnectAsync(company, connection);
        var quote = A.Order(company, connection) with { Kind = "quote" };
        await host.TakeAsync(quote);
        await database.UntilAsync(quote.RecordId, "refused");
        var report = await host.ReportAsync(quote);

        var said = await Client(host).GetFromJsonAsync<JsonNode>($"{Path}/capabilities");

        Assert.Equal(
            """{"capabilities":[{"name":"order","taken":true},{"name":"customer","taken":true},{"name":"quote","taken":false,"why":"There are no quotes there.","fix":"Stop it here."}]}""",
            said!.ToJsonString());
        Assert.Equal(("kind.unsupported", "There are no quotes there.", "Stop it here."), (report.Code, report.Reason, report.Fix));
    }

    [Fact]
    public async Task F069_F077_A_sale_that_a_destination_does_not_take_is_visible_and_holds_up_nothing_and_a_lead_is_a_customer_there()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var (customer, lead) = (A.Snapshot(), A.Customer(company, connection, name: "Kiosk") with { Kind = "lead" });
        var (sale, order) = (A.Order(company, connection, customer) with { Kind = "sale" }, A.Order(company, connection, customer));

        foreach (var record in new[] { sale, order, lead })
            await host.TakeAsync(record);
        await database.UntilAsync(sale.RecordId, "refused");
        await database.UntilAsync(order.RecordId, "done");
        await database.UntilAsync(lead.RecordId, "done");

        var report = await host.ReportAsync(sale);
        Assert.Equal(("kind.unsupported", "Recording does not take a record of kind sale."), (report.Code, report.Reason));
        Assert.Equal(new[] { customer.Id, order.RecordId, lead.RecordId }.Order(), erp.Created.Select(document => document.RecordId).Order());
    }

    private static StringContent Json(string body) => new(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));

    private static async Task PutAsync(HttpClient http, string kind, string body, string? path = null)
    {
        using var answer = await http.PutAsync(path ?? $"{http.BaseAddress!.AbsolutePath}mappings/{kind}", new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<OrderSync.Framework.Connection> OpenAsync(RecordingHost host) =>
        (await host.Services.GetRequiredService<ConnectionStore>().FindAsync(company, connection, default))!;

    private HttpClient Client(RecordingHost host)
    {
        var http = new HttpClient { BaseAddress = new Uri(host.Address, $"{Path}/") };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        http.DefaultRequestHeaders.Add("X-OrderSync-Person", "ann@office.example");
        return http;
    }
}
