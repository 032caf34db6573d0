using System.Net.Http.Json;
using OrderSync.Testing;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Access" and "Limits".</summary>
public sealed class ZohoAccessTests(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    private readonly SandboxServer sandbox = shared.Server;

    public Task InitializeAsync() => sandbox.ResetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_refresh_token_gives_access_tokens_and_the_address_of_the_API_and_never_rotates()
    {
        var org = await sandbox.OrgAsync(new { name = "Falcon" });
        var first = await org.RefreshAsync();
        var second = await org.RefreshAsync();
        Assert.Equal(["access_token", "api_domain", "expires_in", "token_type"], first.Select(pair => pair.Key).Order());
        Assert.EndsWith("/zoho", (string)first["api_domain"]!, StringComparison.Ordinal);
        Assert.Equal(3600, (int)second["expires_in"]!);
        Assert.NotEqual((string)first["access_token"]!, (string)second["access_token"]!);
    }

    [Fact]
    public async Task Refusals_of_the_accounts_server_come_with_status_200()
    {
        var org = await sandbox.OrgAsync(new { });
        Assert.Equal("invalid_client", (string?)(await org.RefreshAsync(secret: "wrong"))["error"]);
        Assert.Equal("invalid_code", (string?)(await org.RefreshAsync(refreshToken: "wrong"))["error"]);
    }

    [Fact]
    public async Task A_revoked_refresh_token_and_its_access_tokens_are_dead_until_the_organisation_is_connected_again()
    {
        var org = await sandbox.OrgAsync(new { });
        var revoked = await sandbox.Http.PostAsync($"/zoho/oauth/v2/token/revoke?token={(string?)org.SetUp["refresh_token"]}", null);
        Assert.Contains("success", await revoked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("invalid_code", (string?)(await org.RefreshAsync())["error"]);
        Assert.Equal((401, 57), Outcome(await org.GetAsync("contacts")));

        var again = await sandbox.OrgAsync(new { });
        Assert.Equal(200, (await again.GetAsync("contacts")).Status);
        Assert.NotEqual((string?)org.SetUp["refresh_token"], (string?)again.SetUp["refresh_token"]);
    }

    [Fact]
    public async Task An_access_token_lives_one_hour()
    {
        var org = await sandbox.OrgAsync(new { });
        shared.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        shared.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((401, 57), Outcome(await org.GetAsync("contacts")));
    }

    [Fact]
    public async Task The_oldest_of_more_than_15_live_access_tokens_is_dropped()
    {
        var org = await sandbox.OrgAsync(new { });
        var oldest = org.Token;
        for (var i = 0; i < 14; i++)
            await org.RefreshAsync();
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        org.Token = (string?)(await org.RefreshAsync())["access_token"];
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        org.Token = oldest;
        Assert.Equal((401, 57), Outcome(await org.GetAsync("contacts")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Zoho-oauthtoken nonsense")]
    [InlineData("Bearer {token}")]
    [InlineData("{token}")]
    public async Task A_call_without_a_live_token_under_its_own_scheme_is_401_with_code_57(string? header)
    {
        var org = await sandbox.OrgAsync(new { });
        header = header?.Replace("{token}", org.Token, StringComparison.Ordinal);
        Assert.Equal((401, 57), Outcome(await org.SendAsync(HttpMethod.Get, "contacts?organization_id=" + org.Id, header, null)));
    }

    [Fact]
    public async Task Every_call_names_the_organisation_of_its_token()
    {
        var org = await sandbox.OrgAsync(new { name = "Falcon" });
        await sandbox.OrgAsync(new { name = "Other" }, "60002");
        var header = "Zoho-oauthtoken " + org.Token;
        Assert.Equal((400, 6024), Outcome(await org.SendAsync(HttpMethod.Get, "contacts", header, null)));
        Assert.Equal((400, 4029), Outcome(await org.SendAsync(HttpMethod.Get, "contacts?organization_id=60002", header, null)));
        Assert.Equal((400, 4029), Outcome(await org.SendAsync(HttpMethod.Get, "contacts?organization_id=9", header, null)));

        var known = await org.SendAsync(HttpMethod.Get, "organizations", header, null);
        Assert.Equal("60001", (string?)known["organizations"].AsArray().Single()!["organization_id"]);
    }

    [Fact]
    public async Task A_call_outside_the_granted_scopes_is_refused_and_confirming_needs_CREATE()
    {
        var org = await sandbox.OrgAsync(new { scopes = "ZohoInventory.contacts.ALL,ZohoInventory.salesorders.READ,ZohoInventory.salesorders.UPDATE" });
        await org.ContactAsync();
        Assert.Equal(200, (await org.GetAsync("salesorders")).Status);
        Assert.Equal((401, 57), Outcome(await org.PostAsync("salesorders/1/status/confirmed")));
        Assert.Equal((401, 57), Outcome(await org.GetAsync("items")));
        await sandbox.OrgAsync(new { missing_scope_status = 403 });
        Assert.Equal((403, 57), Outcome(await org.GetAsync("items")));
    }

    [Fact]
    public async Task The_101st_call_in_a_minute_is_429_with_code_44_until_the_minute_has_passed()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));
        await using var limited = await SandboxServer.StartAsync("documented", clock: clock);
        var org = await limited.OrgAsync(new { });
        await org.GetAsync("contacts");
        clock.Advance(TimeSpan.FromSeconds(20));
        for (var i = 1; i < 100; i++)
            Assert.Equal(200, (await org.GetAsync("contacts")).Status);

        var refused = await org.GetAsync("contacts");
        Assert.Equal((429, 44), Outcome(refused));
        Assert.Equal(TimeSpan.FromSeconds(40), refused.RetryAfter);
        clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        Assert.Equal((429, 44), Outcome(await org.GetAsync("contacts")));
    }

    [Fact]
    public async Task The_limits_are_those_of_one_organisation_and_a_refused_call_writes_nothing()
    {
        await using var limited = await SandboxServer.StartAsync("documented", clock: new ManualClock(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)));
        var org = await limited.OrgAsync(new { calls_per_minute = 1 });
        var other = await limited.OrgAsync(new { calls_per_minute = 1 }, "60002");
        await org.ContactAsync();
        Assert.Equal(429, (await org.PostAsync("contacts", new { contact_name = "Late" })).Status);
        await other.ContactAsync();
        Assert.Equal(1, (int)(await org.SummaryAsync())["contacts"]!);
    }

    [Fact]
    public async Task When_the_calls_of_the_day_are_used_up_the_code_is_45_until_the_next_day()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));
        await using var limited = await SandboxServer.StartAsync("documented", clock: clock);
        var org = await limited.OrgAsync(new { calls_per_day = 2 });
        await org.GetAsync("contacts");
        await org.GetAsync("contacts");
        Assert.Equal((429, 45), Outcome(await org.GetAsync("contacts")));
        clock.Advance(TimeSpan.FromHours(14));
        org.Token = (string?)(await org.RefreshAsync())["access_token"];
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
    }

    [Theory]
    [InlineData("free", 1_000)]
    [InlineData("standard", 2_000)]
    [InlineData("professional", 5_000)]
    [InlineData("premium", 10_000)]
    public async Task The_calls_of_a_day_are_those_of_the_plan(string plan, int calls)
    {
        await using var limited = await SandboxServer.StartAsync("documented", clock: new ManualClock(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)));
        var org = await limited.OrgAsync(new { plan, calls_per_minute = 100_000, calls_used_today = calls - 1 });
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        Assert.Equal((429, 45), Outcome(await org.GetAsync("contacts")));
    }

    [Fact]
    public async Task Who_goes_far_over_the_limit_can_be_shut_out_for_an_hour_with_code_43()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));
        await using var limited = await SandboxServer.StartAsync("documented", clock: clock);
        var org = await limited.OrgAsync(new { calls_per_minute = 1, block_above_calls_per_minute = 2 });
        await org.GetAsync("contacts");
        Assert.Equal((429, 44), Outcome(await org.GetAsync("contacts")));
        var blocked = await org.GetAsync("contacts");
        Assert.Equal((429, 43), Outcome(blocked));
        Assert.Equal(TimeSpan.FromHours(1), blocked.RetryAfter);
        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal((429, 43), Outcome(await org.GetAsync("contacts")));
        clock.Advance(TimeSpan.FromMinutes(30));
        org.Token = (string?)(await org.RefreshAsync())["access_token"];
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
    }

    [Fact]
    public async Task A_call_beyond_those_allowed_at_one_time_is_429_with_code_1070()
    {
        var clock = new ManualClock();
        await using var limited = await SandboxServer.StartAsync("documented", clock: clock);
        var org = await limited.OrgAsync(new { concurrent_calls = 1 });
        await limited.ControlAsync(HttpMethod.Put, "faults", new { slow = 1.0, slowMilliseconds = 5000, methods = "GET", limit = 1 });
        var slow = org.GetAsync("contacts");
        await Eventually.TrueAsync(() => clock.PendingTimers > 0, "the first call to be at work");
        Assert.Equal((429, 1070), Outcome(await org.GetAsync("contacts")));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((200, 0), Outcome(await slow));
        Assert.Equal((200, 0), Outcome(await org.GetAsync("contacts")));
    }

    [Fact]
    public async Task The_11th_access_token_in_ten_minutes_is_denied_with_status_200()
    {
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));
        await using var limited = await SandboxServer.StartAsync("documented", clock: clock);
        var org = await limited.OrgAsync(new { });
        for (var i = 1; i < 10; i++)
            Assert.Null((await org.RefreshAsync())["error"]);
        Assert.Equal("Access Denied", (string?)(await org.RefreshAsync())["error"]);
        clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null((await org.RefreshAsync())["error"]);
    }

    [Fact]
    public async Task The_unlimited_profile_limits_nothing()
    {
        var org = await sandbox.OrgAsync(new { calls_per_minute = 1, calls_per_day = 1 });
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_code_1038()
    {
        var org = await sandbox.OrgAsync(new { });
        var (path, header) = ("contacts?organization_id=" + org.Id, "Zoho-oauthtoken " + org.Token);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["JSONString"] = "{}" });
        using var broken = new StringContent("{\"contact_name\":", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal((400, 1038), Outcome(await org.SendAsync(HttpMethod.Post, path, header, form)));
        Assert.Equal((400, 1038), Outcome(await org.SendAsync(HttpMethod.Post, path, header, broken)));
        Assert.Equal((400, 1038), Outcome(await org.SendAsync(HttpMethod.Post, path, header, JsonContent.Create(new[] { 1 }))));
    }

    private static (int Status, int Code) Outcome(ZohoReply reply) => (reply.Status, reply.Code);
}
