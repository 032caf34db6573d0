using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Budgets;
using OrderSync.Framework.Calls;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class BudgetTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F103_No_sixty_seconds_see_more_calls_than_the_account_may_make_and_all_documents_arrive()
    {
        var erp = new RecordingErp(clock);
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        server.Under(erp, () => host);
        await host.ConnectAsync(company, connection, callsPerMinute: 20);
        var orders = Enumerable.Range(0, 15).Select(_ => A.Order(company, connection)).ToList();
        foreach (var order in orders)
            await host.TakeAsync(order);

        foreach (var order in orders)
            await database.UntilAsync(order.RecordId, "done", clock);

        var times = server.Calls.Select(call => call.At).Order().ToList();
        Assert.True(times.Count >= 45, $"{times.Count} calls");
        Assert.All(times, time => Assert.InRange(times.Count(other => other >= time && other < time + TimeSpan.FromMinutes(1)), 1, 20));
        Assert.Equal(15, erp.Created.Count);
        Assert.Equal(0, await OpenStepsAsync());
    }

    [Fact]
    public async Task When_the_days_calls_are_used_the_account_rests_until_its_midnight_and_says_so_and_nothing_is_half_written()
    {
        var erp = new RecordingErp(clock);
        await using var server = await HttpErp.StartAsync(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        server.Under(erp, () => host);
        await host.ConnectAsync(company, connection, maxConcurrent: 1, callsPerDay: 7);
        var orders = Enumerable.Range(0, 4).Select(_ => A.Order(company, connection)).ToList();
        foreach (var order in orders)
            await host.TakeAsync(order);
        await Eventually.TrueAsync(async () => await database.ScalarAsync<long>($"select count(*) from recording.account where company_id = '{company}' and paused_until > '2026-03-03 20:00Z'") == 1, "the account to rest");

        var reports = await Task.WhenAll(orders.Select(host.ReportAsync));
        var (calls, open) = (server.Calls.Count, await OpenStepsAsync());
        clock.Advance(TimeSpan.FromHours(15));
        await Eventually.TrueAsync(async () =>
        {
            // Time goes on: a worker that was not yet waiting when the day began would else sleep for ever.
            clock.Advance(TimeSpan.FromSeconds(5));
            return await database.ScalarAsync<long>($"select count(*) from recording.document where company_id = '{company}' and state = 'done'") == 4;
        }, "all to be done");

        Assert.Equal((7, 0L), (calls, open));
        Assert.Contains(reports, report => report.Code == "account.rests");
        Assert.Equal([2, 2], [reports.Count(report => report.State == DeliveryState.Done), reports.Count(report => report.State == DeliveryState.InProgress)]);
        Assert.All(reports.Where(report => report.State == DeliveryState.InProgress), report =>
        {
            Assert.Contains(report.Code, new[] { "later", "account.rests" });
            Assert.Equal("Recording's 7 calls of today are used; it goes on at 00:00 UTC (2026-03-04 00:00 UTC).", report.Reason);
        });
        Assert.Equal(4, erp.Created.Count);
    }

    [Theory]
    [InlineData("UTC", "2026-03-03T23:59:00Z", "2026-03-03", "2026-03-04T00:00:00Z")]
    [InlineData("America/Los_Angeles", "2026-03-04T07:59:00Z", "2026-03-03", "2026-03-04T08:00:00Z")]
    [InlineData("America/Los_Angeles", "2026-03-08T12:00:00Z", "2026-03-08", "2026-03-09T07:00:00Z")]
    [InlineData("America/Santiago", "2026-09-05T12:00:00Z", "2026-09-05", "2026-09-06T04:00:00Z")]
    public void A_day_is_the_destinations_own(string zone, string now, string day, string ends)
    {
        var known = BudgetDay.Of(zone, DateTimeOffset.Parse(now, null));

        Assert.Equal((DateOnly.Parse(day, null), DateTimeOffset.Parse(ends, null)), (known.Day, known.Ends));
    }

    [Fact]
    public async Task Two_replicas_share_the_minute_through_Redis_and_keep_to_their_parts_without_it()
    {
        await using var redis = PrivateServer.Redis();
        await redis.StartAsync();
        await using var first = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, redis: redis.ConnectionString);
        await using var second = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, redis: redis.ConnectionString);
        var there = await first.ConnectAsync(company, connection, callsPerMinute: 40);
        // This is not about a slow machine.
        foreach (var host in new[] { first, second })
            host.Services.GetRequiredService<RedisWindow>().Patience = TimeSpan.FromSeconds(10);
        await Eventually.TrueAsync(async () => await database.ScalarAsync<long>(
            $"select count(*) from pg_stat_activity where datname = current_database() and application_name = '{ReplicaCount.SessionOf(RecordingConnector.Info)}'") == 2, "both replicas");
        var young = (await GrantedAsync(first, there, 50), await GrantedAsync(second, there, 50));
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return first.Services.GetRequiredService<RedisWindow>().Steady && second.Services.GetRequiredService<RedisWindow>().Steady;
        }, "Redis to be steady for a minute");
        clock.Advance(TimeSpan.FromMinutes(1));
        var uneven = (await GrantedAsync(first, there, 50), await GrantedAsync(second, there, 50));
        clock.Advance(TimeSpan.FromMinutes(2));
        await redis.KillAsync();
        var alone = (await GrantedAsync(first, there, 50), await GrantedAsync(second, there, 50));

        Assert.Equal((20, 20), young);
        Assert.Equal((40, 0), uneven);
        Assert.Equal((20, 20), alone);
    }

    [Fact]
    public async Task Redis_that_does_not_answer_three_times_is_left_alone_for_ten_seconds_and_the_limit_holds()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false, redis: await Servers.RedisAsync());
        var redis = host.Services.GetRequiredService<RedisWindow>();
        var there = await host.ConnectAsync(company, connection, callsPerMinute: 20);
        redis.Open();
        await Eventually.TrueAsync(() => redis.Usable, "Redis");
        redis.Patience = TimeSpan.Zero;

        Assert.Equal(2, await GrantedAsync(host, there, 2));
        Assert.True(redis.Usable);
        Assert.Equal(18, await GrantedAsync(host, there, 30));
        Assert.False(redis.Usable);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(redis.Usable);
    }

    [Fact]
    public async Task The_days_last_calls_are_exact_over_replicas()
    {
        await using var first = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await using var second = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var there = await first.ConnectAsync(company, connection, callsPerDay: 130);

        var granted = await Task.WhenAll(GrantedAsync(first, there, 100), GrantedAsync(second, there, 100), GrantedAsync(first, there, 50));

        Assert.Equal(130, granted.Sum());
        Assert.Equal(130, await UsedAsync());
    }

    [Fact]
    public async Task Counts_are_written_every_twenty_calls_and_at_stop()
    {
        await using (var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false))
        {
            var there = await host.ConnectAsync(company, connection, callsPerDay: 1000);
            Assert.Equal(50, await GrantedAsync(host, there, 50));
            Assert.InRange(await UsedAsync(), 31, 50);
        }

        Assert.Equal(50, await UsedAsync());
    }

    [Fact]
    public async Task Polls_get_what_is_kept_for_nobody_and_documents_get_the_rest()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var there = await host.ConnectAsync(company, connection, callsPerMinute: 100);

        var polls = await GrantedAsync(host, there, 100, Purpose.Poll);
        var documents = await GrantedAsync(host, there, 100);
        var refused = await Assert.ThrowsAsync<OutcomeException>(() => EnterAsync(host, Errand(host, there, Purpose.Poll)));

        Assert.Equal((30, 70), (polls, documents));
        Assert.False(Assert.IsType<Outcome.Later>(refused.Outcome).WholeAccount);
    }

    [Fact]
    public async Task What_has_begun_is_finished_beyond_the_limit_and_counted_and_tokens_are_free()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var there = await host.ConnectAsync(company, connection, callsPerDay: 5);
        var errand = Errand(host, there, Purpose.Document);
        await host.Services.GetRequiredService<CallDesk>().Gate.ReserveAsync(errand, default);
        await GrantedAsync(host, there, 4);

        using (errand.BeginStep())
        {
            for (var call = 0; call < 3; call++)
                await EnterAsync(host, errand);
        }

        await EnterAsync(host, Errand(host, there, Purpose.Tokens));
        var over = await Assert.ThrowsAsync<OutcomeException>(() => EnterAsync(host, errand));
        Assert.True(Assert.IsType<Outcome.Later>(over.Outcome).WholeAccount);
        Assert.Equal(7, await host.Services.GetRequiredService<DayCounts>().UsedAsync(company, there.Account, new DateOnly(2026, 3, 3), default));
    }

    private static Errand Errand(RecordingHost host, Connection there, Purpose purpose) => host.Services.GetRequiredService<CallDesk>().For(there, purpose);

    private static Task EnterAsync(RecordingHost host, Errand errand) => host.Services.GetRequiredService<CallDesk>().Gate.EnterAsync(errand, default);

    private static async Task<int> GrantedAsync(RecordingHost host, Connection there, int wanted, Purpose purpose = Purpose.Document)
    {
        var granted = 0;
        for (var call = 0; call < wanted; call++)
        {
            try
            {
                await EnterAsync(host, Errand(host, there, purpose));
                granted++;
            }
            catch (OutcomeException)
            {
                // Not this one.
            }
        }

        return granted;
    }

    private Task<long> OpenStepsAsync() => database.ScalarAsync<long>($"select count(*) from recording.step where company_id = '{company}' and (state = 'open' or attempt > 1)");

    private Task<long> UsedAsync() => database.ScalarAsync<long>($"select sum(calls)::bigint from recording.budget_day where company_id = '{company}'");
}
