using System.Net;
using System.Text.Json.Nodes;
using System.Web;

namespace OrderSync.ErpSandbox.Tests.Zoho;

/// <summary>rules.md, "Access": how someone lets an app in.</summary>
public sealed class ZohoConsentTests(SharedSandbox shared) : IClassFixture<SharedSandbox>, IAsyncLifetime
{
    private const string Back = "http://127.0.0.1:1/callback?of=zoho";
    private readonly SandboxServer sandbox = shared.Server;
    private readonly HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = shared.Server.Http.BaseAddress };

    public Task InitializeAsync() => sandbox.ResetAsync();

    public Task DisposeAsync()
    {
        browser.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Someone_lets_an_app_in_and_the_app_gets_tokens_for_the_code_once()
    {
        var org = await sandbox.OrgAsync(new { name = "Falcon" });
        var page = await browser.GetStringAsync("/zoho/oauth/v2/auth?" + await Asked(org).ReadAsStringAsync());
        Assert.Contains("ZohoInventory.FullAccess.all", page, StringComparison.Ordinal);
        Assert.Contains("Falcon (60001)", page, StringComparison.Ordinal);

        var back = await DecideAsync(org);
        Assert.Equal(("s-1", "us", "zoho"), (back["state"], back["location"], back["of"]));
        Assert.EndsWith("/zoho", back["accounts-server"], StringComparison.Ordinal);
        var tokens = await ExchangeAsync(org, back["code"]!);
        Assert.Equal(["access_token", "api_domain", "expires_in", "refresh_token", "token_type"], tokens.Select(pair => pair.Key).Order());
        org.Token = (string?)tokens["access_token"];
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        Assert.Null((await org.RefreshAsync((string?)tokens["refresh_token"]))["error"]);
        Assert.Equal("invalid_code", (string?)(await ExchangeAsync(org, back["code"]!))["error"]);
    }

    [Fact]
    public async Task A_code_lives_two_minutes_and_only_for_the_app_and_address_it_was_given_to()
    {
        var org = await sandbox.OrgAsync(new { });
        var other = await sandbox.OrgAsync(new { }, "60002");
        Assert.Equal("invalid_code", (string?)(await ExchangeAsync(other, (await DecideAsync(org))["code"]!))["error"]);
        Assert.Equal("invalid_redirect_uri", (string?)(await ExchangeAsync(org, (await DecideAsync(org))["code"]!, "http://127.0.0.1:1/other"))["error"]);
        var code = (await DecideAsync(org))["code"]!;
        shared.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("invalid_code", (string?)(await ExchangeAsync(org, code))["error"]);
    }

    [Fact]
    public async Task Whoever_rejects_sends_the_app_away_with_its_state()
    {
        var back = await DecideAsync(await sandbox.OrgAsync(new { }), decision: "reject");
        Assert.Equal(("access_denied", "s-1", null), (back["error"], back["state"], back["code"]));
    }

    [Theory]
    [InlineData("client_id", "1000.NOBODY")]
    [InlineData("response_type", "token")]
    [InlineData("scope", "")]
    [InlineData("redirect_uri", "nowhere")]
    [InlineData("organization_id", "9")]
    public async Task An_app_that_asks_wrongly_is_told_so_on_the_page_and_nobody_is_sent_back(string field, string value)
    {
        var org = await sandbox.OrgAsync(new { });
        using var answer = await browser.PostAsync("/zoho/oauth/v2/auth", Asked(org, (field, value), ("decision", "accept")));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Addresses_to_go_back_to_can_be_limited()
    {
        var org = await sandbox.OrgAsync(new { redirect_uris = new[] { "http://127.0.0.1:1/only" } });
        using var answer = await browser.PostAsync("/zoho/oauth/v2/auth", Asked(org, ("decision", "accept")));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Tokens_carry_only_the_scopes_that_were_consented_to()
    {
        var org = await sandbox.OrgAsync(new { });
        org.Token = (string?)(await ExchangeAsync(org, (await DecideAsync(org, ("scope", "ZohoInventory.contacts.READ")))["code"]!))["access_token"];
        Assert.Equal(200, (await org.GetAsync("contacts")).Status);
        Assert.Equal((401, 57), (await org.GetAsync("items")).Outcome);
    }

    [Fact]
    public async Task Without_offline_access_or_a_new_consent_there_is_no_refresh_token()
    {
        var org = await sandbox.OrgAsync(new { });
        Assert.Null((await ExchangeAsync(org, (await DecideAsync(org, ("access_type", "online")))["code"]!))["refresh_token"]);
        Assert.NotNull((await ExchangeAsync(org, (await DecideAsync(org, ("prompt", "")))["code"]!))["refresh_token"]);
        Assert.Null((await ExchangeAsync(org, (await DecideAsync(org, ("prompt", "")))["code"]!))["refresh_token"]);
        Assert.NotNull((await ExchangeAsync(org, (await DecideAsync(org))["code"]!))["refresh_token"]);
    }

    [Fact]
    public async Task The_21st_refresh_token_kills_the_first_without_a_word()
    {
        var org = await sandbox.OrgAsync(new { });
        for (var i = 2; i <= 20; i++)
            await ExchangeAsync(org, (await DecideAsync(org))["code"]!);
        Assert.Null((await org.RefreshAsync())["error"]);
        await ExchangeAsync(org, (await DecideAsync(org))["code"]!);
        Assert.Equal("invalid_code", (string?)(await org.RefreshAsync())["error"]);
        Assert.Equal((401, 57), (await org.GetAsync("contacts")).Outcome);
    }

    [Fact]
    public async Task A_refresh_token_may_be_burnt_by_its_first_use()
    {
        var org = await sandbox.OrgAsync(new { });
        await sandbox.ControlAsync(HttpMethod.Put, "zoho/orgs/60001", new { refresh_token_burns = true });
        var second = (string?)(await org.RefreshAsync())["refresh_token"];
        Assert.NotNull(second);
        Assert.Equal("invalid_code", (string?)(await org.RefreshAsync())["error"]);
        Assert.NotNull((await org.RefreshAsync(second))["refresh_token"]);
        Assert.Equal("invalid_code", (string?)(await org.RefreshAsync(second))["error"]);
    }

    [Fact]
    public async Task A_user_of_several_organisations_sees_all_of_them_and_no_other()
    {
        var org = await sandbox.OrgAsync(new { user = "ann@example.org" });
        await sandbox.OrgAsync(new { user = "ann@example.org", name = "Second" }, "60002");
        await sandbox.OrgAsync(new { user = "bob@example.org" }, "60003");
        var header = "Zoho-oauthtoken " + org.Token;
        var known = (await org.SendAsync(HttpMethod.Get, "organizations", header, null))["organizations"].AsArray();
        Assert.Equal(["60001", "60002"], known.Select(one => (string?)one!["organization_id"]));
        Assert.Equal(200, (await org.SendAsync(HttpMethod.Get, "contacts?organization_id=60002", header, null)).Status);
        Assert.Equal((400, 4029), (await org.SendAsync(HttpMethod.Get, "contacts?organization_id=60003", header, null)).Outcome);
        Assert.Equal((400, 6024), (await org.SendAsync(HttpMethod.Get, "contacts", header, null)).Outcome);
    }

    private static FormUrlEncodedContent Asked(ZohoOrg org, params (string Name, string Value)[] other)
    {
        var form = new Dictionary<string, string>
        {
            ["response_type"] = "code", ["client_id"] = (string)org.SetUp["client_id"]!, ["scope"] = "ZohoInventory.FullAccess.all,ZohoBooks.fullaccess.all",
            ["redirect_uri"] = Back, ["state"] = "s-1", ["access_type"] = "offline", ["prompt"] = "consent", ["organization_id"] = org.Id,
        };
        foreach (var (name, value) in other)
            form[name] = value;
        return new FormUrlEncodedContent(form);
    }

    private async Task<System.Collections.Specialized.NameValueCollection> DecideAsync(ZohoOrg org, (string, string)? other = null, string decision = "accept")
    {
        using var answer = await browser.PostAsync("/zoho/oauth/v2/auth", other is { } one ? Asked(org, one, ("decision", decision)) : Asked(org, ("decision", decision)));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith(Back, answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        return HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
    }

    private async Task<JsonObject> ExchangeAsync(ZohoOrg org, string code, string redirect = Back)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirect,
            ["client_id"] = (string)org.SetUp["client_id"]!, ["client_secret"] = (string)org.SetUp["client_secret"]!,
        });
        using var answer = await browser.PostAsync("/zoho/oauth/v2/token", form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }
}
