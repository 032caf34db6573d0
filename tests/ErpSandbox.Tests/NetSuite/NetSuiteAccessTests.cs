using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.NetSuite;

/// <summary>Assertions, tokens, limits, and how a fault looks.</summary>
public sealed class NetSuiteAccessTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Theory]
    [InlineData("PS256")]
    [InlineData("ES384")]
    public async Task An_assertion_is_taken_that_is_signed_by_the_key_of_a_certificate(string algorithm)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var made = await suite.ControlAsync(HttpMethod.Post, "/certificates", new { algorithm });

        var token = await suite.TokenAsync(suite.Assertion(sandbox.Clock, (header, _) => (header["alg"], header["kid"]) = (algorithm, (string)made["certificateId"]!), data => Sign(algorithm, (string)made["privateKey"]!, data)));

        Assert.Equal(3600, (int)token["expires_in"]!);
        suite.Token = (string)token["access_token"]!;
        Assert.Equal(200, (await suite.QueryAsync("SELECT id FROM customer")).Status);
    }

    [Theory]
    [InlineData("alg", "RS256")]
    [InlineData("alg", "PS256")]
    [InlineData("alg", "ES384")]
    [InlineData("alg", "none")]
    [InlineData("typ", "JOSE")]
    [InlineData("kid", "another")]
    [InlineData("iss", "another")]
    [InlineData("scope", "restlets")]
    [InlineData("aud", "http://127.0.0.1/netsuite/another/services/rest/auth/oauth2/v1/token")]
    [InlineData("exp", 3601)]
    [InlineData("exp", 0)]
    [InlineData("iat", 60)]
    public async Task An_assertion_that_is_wrong_in_one_thing_gets_no_token(string name, object value)
    {
        var suite = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var now = sandbox.Clock.GetUtcNow().ToUnixTimeSeconds();

        var answer = await suite.TokenAsync(suite.Assertion(sandbox.Clock, (header, payload) =>
            (name is "alg" or "typ" or "kid" ? header : payload)[name] = value is int seconds ? now + seconds : (JsonNode)(string)value));

        Assert.Equal("invalid_grant", (string?)answer["error"]);
    }

    [Fact]
    public async Task A_changed_assertion_and_one_of_a_withdrawn_certificate_get_no_token()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { assertionRefusal = "invalid_client" }, sandbox.Clock);
        var good = suite.Assertion(sandbox.Clock);
        var parts = good.Split('.');
        var other = suite.Assertion(sandbox.Clock, (_, payload) => payload["exp"] = sandbox.Clock.GetUtcNow().ToUnixTimeSeconds() + 900).Split('.');

        var changed = await suite.TokenAsync($"{parts[0]}.{other[1]}.{parts[2]}");
        await suite.ControlAsync(HttpMethod.Delete, $"/certificates/{suite.CertificateId}");

        Assert.Equal("invalid_client", (string?)changed["error"]);
        Assert.Equal("invalid_client", (string?)(await suite.TokenAsync(good))["error"]);
        Assert.Equal("INVALID_LOGIN", (await suite.GetAsync("customer/1")).Code);
    }

    [Fact]
    public async Task A_token_lives_as_long_as_was_said_and_opens_its_own_account_only()
    {
        var suite = await Suite.OpenAsync(sandbox.Server, new { tokenSeconds = 60 }, sandbox.Clock);
        var other = await Suite.OpenAsync(sandbox.Server, clock: sandbox.Clock);
        var alive = await suite.QueryAsync("SELECT id FROM customer");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(60));

        var dead = await suite.QueryAsync("SELECT id FROM customer");
        suite.Token = other.Token;

        Assert.Equal((200, 401), (alive.Status, dead.Status));
        Assert.Equal("INVALID_LOGIN", (await suite.QueryAsync("SELECT id FROM customer")).Code);
    }

    [Theory]
    [InlineData("concurrency", 429, "CONCURRENCY_LIMIT_EXCEEDED")]
    [InlineData("login", 401, "INVALID_LOGIN")]
    public async Task One_call_too_many_at_once_is_refused_over_all_tokens_of_the_account(string overloadAnswer, int status, string code)
    {
        await using var limited = await SandboxServer.StartAsync("documented", clock: sandbox.Clock);
        var suite = await Suite.OpenAsync(limited, new { concurrency = 5, concurrencyElsewhere = 4, overloadAnswer }, sandbox.Clock);
        await limited.ControlAsync(HttpMethod.Put, "faults", new { slow = 1, slowMilliseconds = 1000, methods = "GET" });
        var timers = sandbox.Clock.PendingTimers;
        var held = suite.GetAsync("customer?limit=1");
        // It is under way once it waits for its time to pass.
        while (sandbox.Clock.PendingTimers == timers)
            await Task.Yield();

        var refused = await suite.QueryAsync("SELECT id FROM customer");
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((status, code), (refused.Status, refused.Code));
        Assert.Equal(200, (await held).Status);
        Assert.Equal(200, (await suite.QueryAsync("SELECT id FROM customer")).Status);
    }

    [Fact]
    public async Task Too_many_calls_in_a_minute_are_refused_with_another_code()
    {
        await using var limited = await SandboxServer.StartAsync("documented", clock: sandbox.Clock);
        var suite = await Suite.OpenAsync(limited, new { callsPerMinute = 2 }, sandbox.Clock);

        var codes = new List<string?>();
        for (var call = 0; call < 3; call++)
            codes.Add((await suite.QueryAsync("SELECT id FROM customer")).Code);

        Assert.Equal([null, null, "USER_ERROR"], codes);
    }

    [Fact]
    public async Task A_fault_of_what_stands_before_NetSuite_is_a_page_and_one_of_its_own_is_not()
    {
        await using var server = await SandboxServer.StartAsync(clock: sandbox.Clock);
        var suite = await Suite.OpenAsync(server, clock: sandbox.Clock);
        async Task<Reply> FaultAsync(string status)
        {
            await server.ControlAsync(HttpMethod.Put, "faults", new { status = new Dictionary<string, double> { [status] = 1 }, limit = 1 });
            return await suite.PutAsync("customer/eid:C-1", new { companyName = "Shop" });
        }

        Assert.Equal("text/html", (await FaultAsync("503")).Type);
        Assert.Equal("UNEXPECTED_ERROR", (await FaultAsync("500")).Code);
        Assert.Equal("CONCURRENCY_LIMIT_EXCEEDED", (await FaultAsync("429")).Code);
        Assert.Empty(await suite.RowsAsync("SELECT id FROM customer"));
    }

    [Fact]
    public async Task What_was_written_stands_after_a_restart_and_a_token_is_still_good()
    {
        var state = Directory.CreateTempSubdirectory("netsuite").FullName;
        Suite suite;
        string customer;
        await using (var server = await SandboxServer.StartAsync(state: state, clock: sandbox.Clock))
        {
            suite = await Suite.OpenAsync(server, clock: sandbox.Clock);
            customer = await suite.CustomerAsync();
        }

        await using var restarted = await SandboxServer.StartAsync(state: state, clock: sandbox.Clock);
        var after = suite.On(restarted);

        Assert.Equal(customer, await after.CustomerAsync());
        Assert.Single(await after.RowsAsync("SELECT id FROM customer"));
    }

    [Fact]
    public async Task An_assertion_is_left_out_of_the_log()
    {
        var log = Path.Combine(Directory.CreateTempSubdirectory("netsuite").FullName, "log.jsonl");
        await using (var server = await SandboxServer.StartAsync(clock: sandbox.Clock, log: log))
            await Suite.OpenAsync(server, clock: sandbox.Clock);

        var line = JsonNode.Parse(Assert.Single(await File.ReadAllLinesAsync(log)))!;

        Assert.Equal(("netsuite", "***"), ((string?)line["erp"], (string?)line["body"]!["client_assertion"]));
    }

    [Fact]
    public async Task A_setting_that_is_unknown_or_cannot_be_is_refused()
    {
        foreach (var body in new[] { """{"taxLevels":"line"}""", """{"taxLevel":"document"}""", """{"items":[{"sku":"A","tax":"None"}]}""", """{"customFields":["memo"]}""" })
        {
            using var content = new StringContent(body);
            using var answer = await sandbox.Server.Http.PutAsync(new Uri("/_control/netsuite/accounts/990000-sb1", UriKind.Relative), content);
            Assert.Equal(400, (int)answer.StatusCode);
        }
    }

    private static byte[] Sign(string algorithm, string key, byte[] data)
    {
        if (algorithm == "PS256")
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(key);
            return rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }

        using var curve = ECDsa.Create();
        curve.ImportFromPem(key);
        return curve.SignData(data, HashAlgorithmName.SHA384);
    }
}
