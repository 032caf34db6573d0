using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;
using OrderSync.Framework.Pull;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>When a collection is looked at, by whom, and what people see of it.</summary>
public sealed class PullLoopTests(LedgerFixture database) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private const string Items = CollectionNames.Items;
    private readonly ManualClock clock = new();
    private PullBench bench = null!;

    public Task InitializeAsync()
    {
        bench = new(database, clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    [InCi]
    public async Task A_new_connection_is_looked_at_at_once_and_then_at_its_pace()
    {
        bench.Erp.Shelf(Items).Put("1", PullTests.Item(1));
        await using var host = await RecordingHost.StartAsync(database, bench.Erp, clock);
        await host.ConnectAsync(bench.Company, bench.Connection, $"org-{bench.Company:N}", pullMinutes: 30);
        await UntilLooksAsync(1);

        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Single(bench.Erp.CallsNamed(Items));
        await UntilLooksAsync(2);
        Assert.True(bench.Erp.CallsNamed(Items).ElementAt(1).At - bench.Erp.CallsNamed(Items).First().At >= TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task A_connection_that_brings_nothing_back_is_never_looked_at()
    {
        await bench.StartAsync(pullMinutes: 0);

        await bench.LookAsync();

        Assert.Empty(bench.Erp.Calls);
        Assert.Empty(await bench.Office.ListAsync(bench.Company, bench.Connection, default));
    }

    [Fact]
    public async Task Two_replicas_look_once()
    {
        await bench.StartAsync();
        await bench.LookAsync();
        clock.Advance(TimeSpan.FromMinutes(10));
        var first = await bench.ClaimAsync(holder: 11);

        var second = await bench.ClaimAsync(holder: 12);

        Assert.NotNull(first);
        Assert.Null(second);
        await database.ScalarAsync<object>("update recording.pull set holder = null where holder = 11 returning 1");
    }

    [Fact]
    public async Task A_page_of_a_claim_that_was_taken_over_changes_nothing()
    {
        await bench.StartAsync(Items);
        bench.Erp.Shelf(Items).Put("1", PullTests.Item(1));
        await bench.LookAsync();
        clock.Advance(TimeSpan.FromMinutes(10));
        var claim = await bench.ClaimAsync(holder: 11);
        var run = await bench.Table.BeginAsync(claim!, changes: true, default);
        await database.ScalarAsync<object>($"update recording.pull set holder = 12 where holder = 11 returning 1");

        await Assert.ThrowsAsync<PullLostException>(() => bench.Table.WriteAsync(run, new ReadPage([new("1", "{}", [1])], 0, 1, "1", null), default));

        Assert.Equal(1, await database.ScalarAsync<long>($"select version from recording.pulled where company_id = '{bench.Company}' and key = '1'"));
        await database.ScalarAsync<object>("update recording.pull set holder = null where holder = 12 returning 1");
    }

    [Fact]
    [InCi]
    public async Task Looks_use_only_what_documents_leave_of_the_day()
    {
        bench.Erp.Shelf(Items).PageSize = 1;
        for (var i = 0; i < 40; i++)
            bench.Erp.Shelf(Items).Put($"{i}", PullTests.Item(i));
        await bench.StartAsync(Items, callsPerDay: 100);
        await bench.LookAsync();

        Assert.Equal(30, bench.Erp.Calls.Count);
        var stands = await bench.StandingAsync(Items);
        Assert.Contains("calls of today are used", stands.Reason!, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromDays(1));
        await bench.LookAsync();
        Assert.Equal(40, bench.Erp.Calls.Count);
    }

    [Fact]
    public async Task A_refusal_says_why_and_the_look_goes_on_at_its_page_once_it_is_mended()
    {
        bench.Erp.Shelf(Items).PageSize = 2;
        for (var i = 0; i < 6; i++)
            bench.Erp.Shelf(Items).Put($"{i}", PullTests.Item(i));
        var calls = 0;
        bench.Erp.Arriving = call => call.Name == Items && ++calls is 2 ? throw new OutcomeException(new Outcome.Refused("erp.right", "The user may not read items.", "Give the user the right, then pull again.")) : Task.CompletedTask;
        await bench.StartAsync(Items);
        await bench.LookAsync();
        var stands = await bench.StandingAsync(Items);

        Assert.True(await bench.Office.PullNowAsync(bench.Of(Items), "Ann", default));
        await bench.LookAsync();

        Assert.Equal(("erp.right", 2L, true), (stands.Code, stands.Read, stands.Running));
        Assert.Equal((4, 6L, (string?)null), (calls, (await bench.StandingAsync(Items)).Rows, (await bench.StandingAsync(Items)).Code));
    }

    [Fact]
    public async Task An_approval_that_was_withdrawn_rests_the_account_for_documents_too()
    {
        bench.Erp.Arriving = _ => throw new OutcomeException(new Outcome.Reconnect("The ERP no longer takes our sign-in."));
        await bench.StartAsync();

        await bench.LookAsync();

        Assert.Single(bench.Erp.Calls);
        Assert.True(await database.ScalarAsync<bool>($"select reconnect from recording.account where company_id = '{bench.Company}'"));
    }

    [Fact]
    public async Task An_approval_that_was_withdrawn_and_given_anew_meanwhile_rests_nothing()
    {
        bench.Erp.Arriving = async _ =>
        {
            bench.Erp.Arriving = _ => Task.CompletedTask;
            await bench.Host!.ConnectAsync(bench.Company, bench.Connection, refreshToken: "new", pullMinutes: 10);
            throw new OutcomeException(new Outcome.Reconnect("The ERP no longer takes our sign-in."));
        };
        await bench.StartAsync();

        await bench.LookAsync();

        Assert.False(await database.ScalarAsync<bool>($"select reconnect from recording.account where company_id = '{bench.Company}'"));
    }

    [Fact]
    public async Task The_office_sees_each_collection_and_asks_for_looks()
    {
        bench.Erp.Shelf(Items).Put("1", PullTests.Item(1));
        await bench.StartAsync();
        await bench.LookAsync();
        using var manage = new HttpClient { BaseAddress = new Uri(bench.Host!.Address, $"/manage/connections/{bench.Company}/{bench.Connection}/pull/") };
        manage.DefaultRequestHeaders.Add("X-OrderSync-Key", "internal");
        manage.DefaultRequestHeaders.Add("X-OrderSync-Person", "Ann");

        var list = (await manage.GetFromJsonAsync<JsonElement>("../pull")).GetProperty("collections").EnumerateArray().ToList();
        var now = await manage.PostAsync("items/now", null);
        var again = await manage.PostAsync("items/reimport", null);
        var unknown = await manage.PostAsync("nothing/now", null);
        var nothing = await manage.PostAsJsonAsync("items/deletions", new { rows = 7 });

        Assert.Equal(CollectionNames.All.Order(StringComparer.Ordinal), list.Select(one => one.GetProperty("collection").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(1, list.Single(one => one.GetProperty("collection").GetString() == Items).GetProperty("rows").GetInt64());
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.Conflict), (now.StatusCode, again.StatusCode, unknown.StatusCode, nothing.StatusCode));
        Assert.Equal("pull.now,pull.reimport", await database.ScalarAsync<string>(
            $"select string_agg(action, ',' order by number) from recording.change where company_id = '{bench.Company}' and person = 'Ann' and action like 'pull.%'"));
    }

    private Task UntilLooksAsync(int looks) => Eventually.TrueAsync(() =>
    {
        if (bench.Erp.CallsNamed(Items).Count() < looks)
            clock.Advance(TimeSpan.FromSeconds(10));
        return bench.Erp.CallsNamed(Items).Count() >= looks;
    }, $"look {looks}");
}
