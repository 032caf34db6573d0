using System.Globalization;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Budgets;
using OrderSync.Framework.Calls;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What an account may use in a minute and in a day: never exceeded, shared by replicas, for documents first, and told in plain words.</summary>
[OfTheFramework]
public abstract class BudgetCases(ConformanceStage stage) : LimitCases(stage)
{
    private const int Minute = 40;

    [Fact]
    public async Task No_minute_sees_more_calls_than_the_account_may_make_and_all_arrive()
    {
        var replicas = new[] { await ConnectedAsync(Limited("callsPerMinute", Minute)), await ReplicaAsync() };

        var orders = await PushManyAsync(replicas);

        NoMinuteSeesMoreThan(Minute);
        await AllOnceAsync(orders);
        Assert.Equal(0, await BegunTwiceAsync());
    }

    [Fact]
    [InCi]
    public async Task Replicas_share_the_minute_through_Redis_and_keep_to_their_parts_when_it_is_gone()
    {
        var at = (await Servers.RedisAsync()).Split(',');
        var (host, port) = (at[0].Split(':')[0], int.Parse(at[0].Split(':')[1], CultureInfo.InvariantCulture));
        await using var line = new CutLine(host, port);
        var redis = string.Join(',', at.Skip(1).Prepend($"127.0.0.1:{line.Port}"));
        var replicas = new[] { await ReplicaAsync(redis: redis), await ReplicaAsync(redis: redis) };
        await replicas[0].ConnectAsync(Home, Limited("callsPerMinute", Minute));
        await Eventually.TrueAsync(() =>
        {
            Clock.Advance(TimeSpan.FromSeconds(20));
            return replicas.All(replica => replica.SharesTheMinute);
        }, "Redis to be there for a minute");

        var orders = await PushManyAsync(replicas);
        var shared = await PlacesAsync(replicas);
        line.Cut();
        var parts = await PlacesAsync(replicas);
        orders = [.. orders, .. await PushManyAsync(replicas)];

        Assert.Equal([Minute, 0], shared);
        Assert.Equal([Minute / 2, Minute / 2], parts);
        NoMinuteSeesMoreThan(Minute);
        await AllOnceAsync(orders);
    }

    [Fact]
    public async Task A_minute_that_is_used_up_is_told_in_plain_words_and_leaves_nothing_half_begun()
    {
        var replica = await ConnectedAsync(Limited("callsPerMinute", Minute));
        await replica.TakePlacesAsync(Home, Minute);
        var customer = Capture.Customer().Record(Home);
        await replica.TakeAsync(customer);
        await RestsAsync(TimeSpan.Zero);

        var (report, calls) = (await replica.ReportAsync(customer), Counted().Count);
        await DoneAsync(customer);

        Assert.Equal((DeliveryState.InProgress, 0), (report.State, calls));
        Assert.Contains($"takes {Minute} calls a minute; it goes on at ", report.Reason!, StringComparison.Ordinal);
        Assert.Equal(0, await BegunTwiceAsync());
    }

    [Fact]
    public async Task Polls_of_the_catalogue_get_what_documents_leave_over()
    {
        var replica = await ConnectedAsync(Limited("callsPerMinute", Minute));
        var kept = (int)(Minute * (1 - (await replica.BudgetAsync(Home)).DocumentShare));
        var polls = await replica.TakePlacesAsync(Home, Minute, Purpose.Poll);
        var customer = Capture.Customer().Record(Home);

        await replica.TakeAsync(customer);
        await UntilAsync(Home.Company, customer.RecordId, "done", timePasses: false);
        var more = await replica.TakePlacesAsync(Home, Minute, Purpose.Poll);

        Assert.Equal((kept, 0), (polls, more));
        Assert.Null((await replica.StandingAsync(Home)).Rests);
    }

    [Fact]
    [InCi]
    public async Task When_the_days_calls_are_used_the_account_says_so_and_rests_until_the_ERPs_day_ends()
    {
        var replica = await ConnectedAsync();
        // What the first asks for is kept, and the others ask less.
        var (first, second) = (Capture.Order(Home), Capture.Order(Home));
        await PushAsync(replica, first);
        var kept = Counted().Count;
        await PushAsync(replica, second);
        var (most, before) = (Math.Max(3 * (Counted().Count - kept), Counted().Count + 1), Line.Calls.Count);
        var budget = await replica.BudgetAsync(Home);
        var settings = Limited("callsPerDay", most);
        settings["maxConcurrent"] = 1;
        await replica.ConnectAsync(Home, settings);
        // The first asks for much that the others find kept.
        var orders = Enumerable.Range(0, 8).Select(_ => Capture.Order(Home)).ToList();
        foreach (var order in orders)
            await replica.TakeAsync(order);
        await RestsAsync(TimeSpan.FromHours(1));

        var (rests, ends) = ((await replica.StandingAsync(Home)).Rests!, BudgetDay.Of(budget.DayZone, Clock.GetUtcNow()).Ends);
        var reports = await Task.WhenAll(orders.Select(replica.ReportAsync));
        await DoneAsync(orders);

        Assert.Equal(ends, rests.Until);
        Assert.Equal($"{Stage.Erp.Connector.Info.Title}'s {most} calls of today are used; it goes on at 00:00 {budget.DayZone} ({ends:yyyy-MM-dd HH:mm} UTC).", rests.Reason);
        Assert.Contains(reports, report => report.State is DeliveryState.InProgress or DeliveryState.Waiting && report.Reason == rests.Reason);
        Assert.All(Counted().Skip(before).GroupBy(call => BudgetDay.Of(budget.DayZone, call.At).Day), day => Assert.InRange(day.Count(), 1, most));
        await AllOnceAsync([first, second, .. orders]);
    }

    [Fact]
    public async Task The_calls_of_a_day_are_counted_over_replicas_and_survive_a_kill()
    {
        var replicas = new[] { await ConnectedAsync(Limited("callsPerDay", 24)), await ReplicaAsync() };
        var taken = await Task.WhenAll(replicas.Select(replica => replica.TakePlacesAsync(Home, 16)));

        foreach (var replica in replicas)
            replica.Kill();
        var next = await ReplicaAsync();
        var left = await next.TakePlacesAsync(Home, 1);
        Clock.Advance(TimeSpan.FromDays(1));
        var tomorrow = await next.TakePlacesAsync(Home, 30);

        Assert.Equal((24, 0, 24), (taken.Sum(), left, tomorrow));
    }

    private JsonObject Limited(string name, int most)
    {
        var settings = Organisation.Settings();
        settings[name] = most;
        return settings;
    }

    private async Task<List<DeliverRecord>> PushManyAsync(ConnectorReplica[] replicas)
    {
        var orders = Enumerable.Range(0, 6).Select(_ => Capture.Order(Home)).ToList();
        foreach (var (i, order) in orders.Index())
            await replicas[i % replicas.Length].TakeAsync(order);
        await DoneAsync(orders);
        return orders;
    }

    // One after the other takes all it gets, in a minute that nothing else was done in.
    private async Task<List<int>> PlacesAsync(ConnectorReplica[] replicas)
    {
        Clock.Advance(TimeSpan.FromMinutes(2));
        var got = new List<int>();
        foreach (var replica in replicas)
            got.Add(await replica.TakePlacesAsync(Home, Minute + 1));
        Clock.Advance(TimeSpan.FromMinutes(2));
        return got;
    }

    private Task<long> BegunTwiceAsync() => ScalarAsync<long>($"select count(*) from {Schema}.step where company_id = $1 and (state = 'open' or attempt > 1)", Home.Company);

    private Task RestsAsync(TimeSpan longer) => Eventually.TrueAsync(() => ScalarAsync<bool>(
        $"select coalesce(paused_until > $2, false) from {Schema}.account where company_id = $1", Home.Company, Clock.GetUtcNow() + longer), "the account to rest");

    private List<ErpCall> Counted() => [.. Line.Calls.Where(call => call.Step != CallStep.Token)];

    // A call arrives a moment after it took its place, and time may have gone on by some seconds in between.
    private void NoMinuteSeesMoreThan(int most)
    {
        var times = Counted().Select(call => call.At).Order().ToList();
        Assert.True(times.Count > most, $"{times.Count} calls prove nothing");
        for (var i = most; i < times.Count; i++)
            Assert.True(times[i] - times[i - most] >= TimeSpan.FromSeconds(55), $"{most + 1} calls within {times[i] - times[i - most]}");
    }
}
