using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.ErpSandbox.Tests.Faults;

public sealed class FaultTests(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    private readonly SandboxServer sandbox = shared.Server;
    private ZohoOrg org = null!;

    public async Task InitializeAsync()
    {
        await sandbox.ResetAsync();
        org = await sandbox.OrgAsync(new { });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_dropped_answer_leaves_the_document_written()
    {
        await FaultsAsync(new { dropAnswer = 1.0, limit = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => org.ContactAsync("Falcon"));
        Assert.Equal(1, (int)(await org.SummaryAsync())["contacts"]!);
        Assert.Equal(3062, (await org.PostAsync("contacts", new { contact_name = "Falcon" })).Code);
        Assert.Equal(1, await DrawnAsync("dropAnswer"));
    }

    [Fact]
    public async Task A_tenth_of_the_answers_is_dropped_and_the_same_seed_drops_the_same()
    {
        var first = await RunAsync("a");
        var second = await RunAsync("b");
        Assert.Equal(first, second);
        Assert.InRange(first.Count(dropped => dropped), 5, 18);
        Assert.Equal(200, (int)(await org.SummaryAsync())["contacts"]!);

        async Task<List<bool>> RunAsync(string prefix)
        {
            await FaultsAsync(new { dropAnswer = 0.1, seed = 7, paths = "/contacts$", methods = "POST" });
            var dropped = new List<bool>();
            for (var i = 0; i < 100; i++)
            {
                try
                {
                    await org.ContactAsync($"{prefix}{i}");
                    dropped.Add(false);
                }
                catch (HttpRequestException)
                {
                    dropped.Add(true);
                }
            }

            return dropped;
        }
    }

    [Fact]
    public async Task A_call_can_be_carried_out_after_its_caller_has_hung_up()
    {
        await FaultsAsync(new { commitGone = 1.0, commitLateSeconds = new[] { 5.0, 5.0 }, limit = 1 });
        using (var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
        using (var body = System.Net.Http.Json.JsonContent.Create(new { contact_name = "Falcon" }))
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/zoho/inventory/v1/contacts?organization_id=" + org.Id) { Content = body })
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Zoho-oauthtoken " + org.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sandbox.Http.SendAsync(request, patience.Token));
        }

        await Eventually.TrueAsync(() => shared.Clock.PendingTimers > 0, "the sandbox to notice that its caller has gone");
        Assert.Equal(0, (int)(await org.SummaryAsync())["contacts"]!);
        shared.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(async () => (int)(await org.SummaryAsync())["contacts"]! == 1, "the contact");
    }

    [Fact]
    public async Task A_slow_call_is_carried_out_though_its_caller_has_hung_up()
    {
        await FaultsAsync(new { slow = 1.0, slowMilliseconds = 5000, limit = 1 });
        using var patience = new CancellationTokenSource();
        using var body = System.Net.Http.Json.JsonContent.Create(new { contact_name = "Falcon" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/zoho/inventory/v1/contacts?organization_id=" + org.Id) { Content = body };
        request.Headers.TryAddWithoutValidation("Authorization", "Zoho-oauthtoken " + org.Token);
        var call = sandbox.Http.SendAsync(request, patience.Token);
        await Eventually.TrueAsync(() => shared.Clock.PendingTimers > 0, "the call to be at work");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        shared.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(async () => (int)(await org.SummaryAsync())["contacts"]! == 1, "the contact");
    }

    [Fact]
    public async Task An_error_can_come_in_a_body_with_status_200()
    {
        await FaultsAsync(new JsonObject { ["status"] = new JsonObject { ["200"] = 1.0 }, ["limit"] = 2 });
        var reply = await org.PostAsync("contacts", new { contact_name = "Falcon" });
        Assert.Equal((200, 1000), (reply.Status, reply.Code));
        Assert.Equal("Access Denied", (string?)(await org.RefreshAsync())["error"]);
        Assert.Equal(0, (int)(await org.SummaryAsync())["contacts"]!);
    }

    [Theory]
    [InlineData(429, 44)]
    [InlineData(500, 1000)]
    [InlineData(503, 1000)]
    public async Task A_status_fault_answers_before_anything_is_written(int status, int code)
    {
        await FaultsAsync(new JsonObject { ["status"] = new JsonObject { [$"{status}"] = 1.0 } });
        var reply = await org.PostAsync("contacts", new { contact_name = "Falcon" });
        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal(status == 429, reply.RetryAfter is not null);
        Assert.Equal(0, (int)(await org.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task A_late_commit_answers_504_at_once_and_writes_afterwards()
    {
        await FaultsAsync(new { commitLate = 1.0, commitLateSeconds = new[] { 1.0, 30.0 }, limit = 1 });
        var reply = await org.PostAsync("contacts", new { contact_name = "Falcon" });
        Assert.Equal(504, reply.Status);
        shared.Clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.Equal(0, (int)(await org.SummaryAsync())["contacts"]!);
        shared.Clock.Advance(TimeSpan.FromSeconds(29.1));
        await Eventually.TrueAsync(async () => (int)(await org.SummaryAsync())["contacts"]! == 1, "the late contact");
    }

    [Fact]
    public async Task A_slow_call_takes_its_time_and_succeeds()
    {
        await FaultsAsync(new { slow = 1.0, slowMilliseconds = 3000, limit = 1 });
        var call = org.ContactAsync();
        await Eventually.TrueAsync(() => shared.Clock.PendingTimers > 0, "the call to be at work");
        shared.Clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(call.IsCompleted);
        Assert.Equal(0, (int)(await org.SummaryAsync())["contacts"]!);
        shared.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await call;
    }

    [Fact]
    public async Task Faults_hit_only_the_paths_and_methods_asked_for()
    {
        await FaultsAsync(new { dropAnswer = 1.0, paths = "salesorders" });
        await org.ContactAsync();
        await FaultsAsync(new { dropAnswer = 1.0, methods = "PUT" });
        await org.ContactAsync("Eagle");
        await org.GetAsync("contacts");
        Assert.Equal(0, await DrawnAsync("dropAnswer"));
    }

    [Fact]
    public async Task The_accounts_server_fails_too_when_asked_to()
    {
        await FaultsAsync(new JsonObject { ["paths"] = "oauth", ["status"] = new JsonObject { ["500"] = 1.0 } });
        using var form = new FormUrlEncodedContent([]);
        Assert.Equal(500, (int)(await sandbox.Http.PostAsync("/zoho/oauth/v2/token", form)).StatusCode);
    }

    [Fact]
    public async Task Faults_end_when_they_are_deleted()
    {
        await FaultsAsync(new { dropAnswer = 1.0 });
        await sandbox.ControlAsync(HttpMethod.Delete, "faults");
        await org.ContactAsync();
        Assert.Equal(0.0, (double)(await sandbox.ControlAsync(HttpMethod.Get, "faults"))["settings"]!["dropAnswer"]!);
    }

    [Theory]
    [InlineData("""{"dropAnswer":1.5}""")]
    [InlineData("""{"dropAnswer":0.6,"commitLate":0.6}""")]
    [InlineData("""{"status":{"404":0.1}}""")]
    [InlineData("""{"dropAnswer":0.6,"commitGone":0.6}""")]
    [InlineData("""{"dropAnswers":0.1}""")]
    [InlineData("""{"paths":"("}""")]
    [InlineData("""{"commitLateSeconds":[5,1]}""")]
    public async Task Faults_that_make_no_sense_are_refused(string settings)
    {
        using var content = new StringContent(settings);
        Assert.Equal(400, (int)(await sandbox.Http.PutAsync("/_control/faults", content)).StatusCode);
    }

    private async Task FaultsAsync(object settings)
    {
        var answer = await sandbox.ControlAsync(HttpMethod.Put, "faults", settings);
        Assert.True(answer.ContainsKey("settings"), answer.ToJsonString());
    }

    private async Task<int> DrawnAsync(string fault) => (int?)(await sandbox.ControlAsync(HttpMethod.Get, "faults"))["drawn"]![fault] ?? 0;
}
