using System.Text.Json.Nodes;

namespace OrderSync.ErpSandbox.Tests.QuickBooks;

/// <summary>Tokens, limits, queries, changes, and the shapes of a fault.</summary>
public sealed class QuickBooksAccessTests(SharedSandbox sandbox) : IClassFixture<SharedSandbox>
{
    [Fact]
    public async Task The_refresh_token_changes_after_a_day_and_the_one_before_is_dead()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var first = (string)books.Made["refreshToken"]!;
        var same = await books.RefreshAsync();
        sandbox.Clock.Advance(TimeSpan.FromHours(25));

        var next = await books.RefreshAsync();

        Assert.Equal(first, (string?)same["refresh_token"]);
        Assert.NotEqual(first, (string?)next["refresh_token"]);
        Assert.Equal("invalid_grant", (string?)(await books.RefreshAsync(first))["error"]);
        Assert.NotNull((string?)(await books.RefreshAsync((string)next["refresh_token"]!))["access_token"]);
    }

    [Fact]
    public async Task The_token_before_the_newest_lives_where_that_is_set()
    {
        var books = await Books.OpenAsync(sandbox.Server, new { refreshTokenRotates = "always", previousRefreshTokenLives = true });

        var before = await books.RefreshAsync();

        // The company was opened with one refresh, so this is the token before.
        Assert.Null((string?)before["error"]);
        Assert.NotNull((string?)before["refresh_token"]);
    }

    [Fact]
    public async Task A_refused_token_is_told_in_small_letters_and_a_strange_company_too()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        var other = await Books.OpenAsync(sandbox.Server);
        books.Token = other.Token;

        var strange = await books.QueryAsync("select * from Customer");
        books.Token = "dead";
        var dead = await books.QueryAsync("select * from Customer");

        Assert.Equal((403, "3100"), (strange.Status, (string?)strange["fault"]["error"]![0]!["code"]));
        Assert.Equal((401, "3200"), (dead.Status, (string?)dead["fault"]["error"]![0]!["code"]));
    }

    [Fact]
    public async Task One_call_too_many_in_a_second_is_answered_in_XML()
    {
        await using var limited = await SandboxServer.StartAsync("documented", clock: sandbox.Clock);
        var books = await Books.OpenAsync(limited);

        var replies = new List<Reply>();
        for (var i = 0; i < 11; i++)
            replies.Add(await books.QueryAsync("select * from Customer"));

        Assert.All(replies.Take(10), reply => Assert.Equal(200, reply.Status));
        Assert.Equal((429, "application/xml"), (replies[10].Status, replies[10].Type));
        Assert.Contains("ThrottleExceeded", replies[10].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_can_come_with_a_status_that_looks_well()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        await sandbox.Server.ControlAsync(HttpMethod.Put, "faults", new { status = new Dictionary<string, double> { ["200"] = 1 }, paths = books.Realm, limit = 1 });

        var reply = await books.PostAsync("customer", new { DisplayName = "Shop" });

        Assert.Equal((200, "SystemFault"), (reply.Status, (string?)reply["Fault"]["type"]));
        Assert.Null((await books.QueryAsync("select * from Customer"))["QueryResponse"]["Customer"]);
    }

    [Fact]
    public async Task Queries_filter_order_and_page_and_refuse_what_cannot_be_asked()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        foreach (var name in new[] { "Bee", "Ant's \\ nest", "Cat" })
            await books.CustomerAsync(name);

        var page = (await books.QueryAsync("select * from Customer where Active in (true,false) orderby DisplayName desc startposition 2 maxresults 2"))["QueryResponse"]["Customer"]!.AsArray();
        var quoted = (await books.QueryAsync("select * from Customer where DisplayName = 'Ant\\'s \\\\ nest'"))["QueryResponse"]["Customer"]!.AsArray();

        Assert.Equal(["Bee", "Ant's \\ nest"], page.Select(one => (string?)one!["DisplayName"]));
        Assert.Single(quoted);
        foreach (var query in new[] { "select * from Customer where DisplayName = 'a' or DisplayName = 'b'", "select Id from Customer", "select * from Invoice where PrivateNote = 'x'", "select * from Item maxresults 1001", "select * from Customer where DisplayName = 'a" })
            Assert.Equal("4000", (await books.QueryAsync(query)).Code);
    }

    [Fact]
    public async Task Changes_show_what_was_written_and_deleted_and_go_back_30_days()
    {
        var books = await Books.OpenAsync(sandbox.Server);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(5));
        var since = sandbox.Clock.GetUtcNow();
        var estimate = (await books.PostAsync("estimate", await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null))))["Estimate"];
        await books.PostAsync("estimate?operation=delete", new { Id = (string)estimate["Id"]!, SyncToken = "0" });

        var changes = (await books.GetAsync($"cdc?entities=Customer,Estimate,Item&changedSince={Uri.EscapeDataString(since.ToString("O"))}"))["CDCResponse"][0]!["QueryResponse"]!.AsArray();

        Assert.Single(changes[0]!["Customer"]!.AsArray());
        Assert.Equal(("Deleted", (string?)estimate["Id"]), ((string?)changes[1]!["Estimate"]![0]!["status"], (string?)changes[1]!["Estimate"]![0]!["Id"]));
        Assert.Null(changes[2]!["Item"]);
        Assert.Equal(400, (await books.GetAsync($"cdc?entities=Item&changedSince={Uri.EscapeDataString(since.AddDays(-31).ToString("O"))}")).Status);
        Assert.Equal("500", (await books.GetAsync($"cdc?entities=TaxCode&changedSince={Uri.EscapeDataString(since.ToString("O"))}")).Code);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_supported_is_refused()
    {
        var books = await Books.OpenAsync(sandbox.Server);

        Assert.Equal("500", (await books.SendAsync(HttpMethod.Get, "preferences/2", version: "65")).Code);
    }

    [Fact]
    public async Task What_was_written_stands_after_a_restart_and_so_does_what_was_answered()
    {
        var state = Directory.CreateTempSubdirectory("quickbooks").FullName;
        JsonObject document;
        Reply first;
        Books books;
        await using (var server = await SandboxServer.StartAsync(state: state, clock: sandbox.Clock))
        {
            books = await Books.OpenAsync(server);
            first = await books.PostAsync("estimate?requestid=k1", document = await books.DocumentAsync("N-1", "NotApplicable", (1, 10m, null)));
        }

        await using var restarted = await SandboxServer.StartAsync(state: state, clock: sandbox.Clock);
        var after = new Books(restarted, books.Realm, books.Made) { Token = books.Token };

        Assert.Equal(first.Text, (await after.PostAsync("estimate?requestid=k1", document)).Text);
        Assert.Equal("N-1", (string?)(await after.QueryAsync("select * from Estimate"))["QueryResponse"]["Estimate"]![0]!["DocNumber"]);
    }
}
