using System.Net;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework;
using OrderSync.Testing;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class BreakerTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    [InCi]
    public async Task The_pause_grows_from_a_second_to_five_minutes()
    {
        var erp = new RecordingErp(clock);
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        server.Under(erp, () => host);
        server.Answer = (_, _) => (503, "down");
        await host.ConnectAsync(company, connection, "sick", maxConcurrent: 1);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        var pauses = new Dictionary<int, int>();
        await Eventually.TrueAsync(async () =>
        {
            var held = (await database.DocumentAsync(order.RecordId))!.Held;
            var noted = await database.ScalarAsync<string>(
                $"select coalesce(troubles || ' ' || extract(epoch from paused_until - changed_at)::int, '') from recording.account a join recording.document d using (company_id, account) where company_id = '{company}' and holder is null union all select '' limit 1");
            if (noted.Split(' ') is [var troubles, var seconds])
                pauses.TryAdd(int.Parse(troubles, null), int.Parse(seconds, null));
            // While it is held the HTTP handler waits to repeat; then its own back-off is over.
            clock.Advance(held ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(16));
            return pauses.ContainsKey(15);
        }, "pauses");

        Assert.Equal((1, 2, 32, 300), (pauses[5], pauses[6], pauses[10], pauses[15]));
    }

    [Fact]
    public async Task Calls_that_were_under_way_when_an_account_began_to_rest_do_not_make_it_rest_longer()
    {
        const int atOnce = 12;
        var erp = new RecordingErp(clock);
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        server.Under(erp, () => host);
        server.Answer = (_, _) => (503, "down");
        await host.ConnectAsync(company, connection, "many", maxConcurrent: atOnce);
        var orders = Enumerable.Range(0, atOnce).Select(_ => A.Order(company, connection)).ToList();
        foreach (var order in orders)
            await host.TakeAsync(order);

        await Eventually.TrueAsync(async () =>
        {
            // The HTTP handler waits to repeat what it may; only that time passes, so that nothing is tried twice.
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return await database.ScalarAsync<long>($"select count(*) from recording.document where company_id = '{company}' and tries > 0 and holder is null") == atOnce;
        }, "all were tried");

        Assert.InRange(await database.ScalarAsync<int>($"select troubles from recording.account where company_id = '{company}'"), 5, atOnce - 4);
    }

    [Theory]
    [InlineData(45, null, 3600, "calls of today")]
    [InlineData(43, 3600, 3600, "blocked")]
    [InlineData(44, null, 60, "fewer calls a minute")]
    [InlineData(1070, null, 60, "under way")]
    public void Zoho_says_in_the_body_of_a_429_which_limit_it_means(int code, int? retryAfter, int seconds, string words)
    {
        var said = ZohoErrors.Limit(new ErpAnswer(HttpStatusCode.TooManyRequests, $$"""{"code":{{code}},"message":"x"}""", retryAfter is { } after ? TimeSpan.FromSeconds(after) : null));

        Assert.Equal((TimeSpan.FromSeconds(seconds), true), (said.After, said.WholeAccount));
        Assert.Contains(words, said.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_429_is_no_trouble_and_its_body_reaches_the_connector()
    {
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        server.Answer = (_, _) => (429, """{"code":45}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);

        var said = await Assert.ThrowsAsync<OutcomeException>(() => host.Http().AskAsync("Zoho", request, default, ZohoErrors.Limit));

        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<Outcome.Later>(said.Outcome).After);
    }
}
