using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
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
