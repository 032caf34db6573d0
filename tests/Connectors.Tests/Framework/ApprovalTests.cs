using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Web;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>A person approves a connection in the browser.</summary>
public sealed class ApprovalTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private const string Callback = "https://orders.example/oauth/callback/recording";
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task An_approval_gives_tokens_and_what_stood_in_reconnect_goes_on()
    {
        var endpoint = new TokenEndpoint();
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock) { NeedsToken = true }, clock, endpoint);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "reconnect");

        var page = await BeginAsync(host);
        var said = await EndAsync(host, StateOf(page), "good");

        await database.UntilAsync(order.RecordId, "done", clock);
        Assert.Equal(Callback, HttpUtility.ParseQueryString(page.Query)["redirect"]);
        Assert.Equal((true, "Recording is connected", "The recording ERP answers."), said);
        var kept = await database.ScalarAsync<string>($"select string_agg(encode(state_hash, 'escape') || redirect, '') || (select string_agg(encode(secret, 'escape'), '') from recording.token where company_id = '{company}') from recording.approval where company_id = '{company}'");
        Assert.DoesNotContain(StateOf(page), kept, StringComparison.Ordinal);
        Assert.DoesNotContain(endpoint.Valid, kept, StringComparison.Ordinal);
        var change = (await Client(host).GetFromJsonAsync<JsonNode>($"/manage/connections/{company}/{connection}/changes"))!["changes"]![0]!;
        Assert.Equal(("approved", "ann@office.example"), ((string?)change["action"], (string?)change["person"]));
    }

    [Fact]
    public async Task A_state_is_good_once_for_a_quarter_of_an_hour_and_for_its_own_connection()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        var used = StateOf(await BeginAsync(host));
        Assert.True((await EndAsync(host, used, "good")).Works);
        Assert.False((await EndAsync(host, used, "good")).Works);
        var late = StateOf(await BeginAsync(host));
        clock.Advance(TimeSpan.FromMinutes(15));
        var open = StateOf(await BeginAsync(host));
        // Company and connection stand in the state; whoever puts others there has no state that is known.
        var stolen = System.Buffers.Text.Base64Url.EncodeToString([.. Guid.NewGuid().ToByteArray(), .. System.Buffers.Text.Base64Url.DecodeFromChars(open)[16..]]);

        foreach (var state in new[] { used, late, stolen, "", "no state at all", new string('A', 3000) })
            Assert.StartsWith("This approval is not known here", (await EndAsync(host, state, "good")).Message, StringComparison.Ordinal);

        Assert.True((await EndAsync(host, open, "good")).Works);
    }

    [Fact]
    public async Task How_the_last_approval_went_can_be_asked_for_and_is_nobody_elses_business()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        using var http = Client(host);
        var before = await LastAsync(company);
        var first = StateOf(await BeginAsync(host));
        var begun = await LastAsync(company);
        clock.Advance(TimeSpan.FromMinutes(1));
        await EndAsync(host, first, null, "error=access_denied");
        var refused = await LastAsync(company);
        clock.Advance(TimeSpan.FromMinutes(1));
        var said = (await http.GetFromJsonAsync<JsonNode>($"/manage/approved?state={Uri.EscapeDataString(StateOf(await BeginAsync(host)))}&code=good"))!;

        Assert.Null(before);
        Assert.Equal(("ann@office.example", null), ((string?)begun!["person"], (bool?)begun["works"]));
        Assert.Equal((false, "Recording is not connected"), ((bool)refused!["works"]!, (string)refused["title"]!));
        Assert.Equal((company, connection), ((Guid)said["company"]!, (Guid)said["connection"]!));
        Assert.Equal((true, "The recording ERP answers."), ((bool)(await LastAsync(company))!["works"]!, (string)(await LastAsync(company))!["message"]!));
        Assert.Null(await LastAsync(Guid.NewGuid()));
        Assert.Null((await http.GetFromJsonAsync<JsonNode>("/manage/approved?state=x"))!["company"]);

        async Task<JsonNode?> LastAsync(Guid of) => (await http.GetFromJsonAsync<JsonNode>($"/manage/connections/{of}/{connection}/approval"))!["last"];
    }

    [Theory]
    [InlineData("error=access_denied", "Recording was told not to let OrderSync in.")]
    [InlineData("error=%3Cscript%3E", "Recording gave no code (<script>).")]
    [InlineData("code=bad", "The ERP does not know the code.")]
    [InlineData("code=weak", "Recording gave no lasting approval (no refresh token).")]
    public async Task What_went_wrong_is_told_in_plain_words_and_the_state_is_used_up(string query, string words)
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        var state = StateOf(await BeginAsync(host));

        var said = await EndAsync(host, state, null, query);

        Assert.Equal((false, "Recording is not connected"), (said.Works, said.Title));
        Assert.StartsWith(words, said.Message, StringComparison.Ordinal);
        Assert.StartsWith("This approval is not known here", (await EndAsync(host, state, "good")).Message, StringComparison.Ordinal);
    }

    private async Task<Uri> BeginAsync(RecordingHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/manage/connections/{company}/{connection}/connect");
        request.Headers.Add("X-OrderSync-Callback", Callback);
        using var answer = await Client(host).SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return new Uri((string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["url"]!);
    }

    private static string StateOf(Uri page) => HttpUtility.ParseQueryString(page.Query)["state"]!;

    private static async Task<(bool Works, string Title, string Message)> EndAsync(RecordingHost host, string state, string? code, string more = "x=1")
    {
        var said = (await Client(host).GetFromJsonAsync<JsonNode>($"/manage/approved?state={Uri.EscapeDataString(state)}{(code is null ? "" : $"&code={code}")}&{more}"))!;
        return ((bool)said["works"]!, (string)said["title"]!, (string)said["message"]!);
    }

    private static HttpClient Client(RecordingHost host)
    {
        var http = new HttpClient { BaseAddress = host.Address };
        http.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        http.DefaultRequestHeaders.Add("X-OrderSync-Person", "ann@office.example");
        return http;
    }
}
