using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Catalogue;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>A process that brings rows back is killed at every round trip, and at random ones: what the gateway holds ends equal to what the ERP has.</summary>
[InCi]
public sealed class PullKillTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private static readonly string[] Collections = [CollectionNames.Items, CollectionNames.Stock];
    private readonly ManualClock clock = new();

    [Fact]
    public async Task F107_Killed_at_any_round_trip_of_an_import_nothing_is_missed_and_nothing_doubled()
    {
        await using var bench = new PullBench(database, clock);
        await bench.StartAsync(CollectionNames.Items);
        for (var i = 0; i < 8; i++)
            bench.Erp.Shelf(CollectionNames.Items).Put($"{i}", PullTests.Item(i));
        var kills = 0;
        for (var (at, arrives) = (1, true); ; (at, arrives) = Servers.Full && arrives ? (at, false) : (at + 1, Servers.Full || !arrives))
        {
            bench.Erp.Shelf(CollectionNames.Items).Put($"{at % 8}", PullTests.Item(at % 8, $"Changed {at}"));
            await bench.Office.ReimportAsync(bench.Of(CollectionNames.Items), null, default);
            bench.Host!.KillAt(at, arrives);
            await UntilKilledAsync(bench);
            if (!bench.Host!.Killed)
                break;
            kills++;
            await bench.StartAgainAsync();
            await ConvergeAsync(bench);
            Assert.Equal(bench.There(CollectionNames.Items), bench.Held(CollectionNames.Items));
        }

        Assert.True(kills > 10, $"only {kills} kills");
        Assert.All(bench.Told.SelectMany(message => message.Rows).GroupBy(row => (row.Key, row.Version)), same => Assert.Single(same.Select(row => row.Body).Distinct()));
    }

    [Fact]
    public async Task F107_F024_Killed_at_random_while_the_ERP_changes_the_gateway_ends_equal_to_the_ERP_deletions_included()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var bench = new PullBench(database, clock);
        await bench.StartAsync(string.Join(',', Collections));
        foreach (var collection in Collections)
            bench.Erp.Shelf(collection).Total = count => collection == CollectionNames.Items ? count : null;

        for (var round = 0; round < (Servers.Full ? 200 : 5); round++)
        {
            foreach (var collection in Collections)
                Change(bench, collection, random);
            bench.Host!.KillAt(random.Next(1, 25), random.Next(2) == 0);
            await UntilKilledAsync(bench);
            await bench.StartAgainAsync();
            clock.Advance(TimeSpan.FromHours(25));
            await ConvergeAsync(bench, looks: 2);
            foreach (var collection in Collections)
                Assert.True(bench.There(collection).SequenceEqual(bench.Held(collection)), $"{collection} differ in round {round}, seed {seed}");
        }
    }

    // What is told again by itself, and the sweep that confirms what the one before it missed.
    private async Task ConvergeAsync(PullBench bench, int looks = 1)
    {
        for (var look = 0; look < looks; look++)
        {
            clock.Advance(TimeSpan.FromMinutes(2));
            await bench.LookAsync();
            await bench.TellAsync();
        }
    }

    // As a process that was killed: nothing more comes of it, and nobody waits for it.
    private static async Task UntilKilledAsync(PullBench bench)
    {
        var work = LookAndTellAsync(bench);
        await Task.WhenAny(work, bench.Host!.WhenKilled);
        if (!bench.Host.Killed)
            await work;
        else
            _ = work.ContinueWith(ended => ended.Exception, TaskScheduler.Default);
    }

    private static async Task LookAndTellAsync(PullBench bench)
    {
        await bench.LookAsync();
        await bench.TellAsync();
    }

    // At most three go at once, so that nobody has to confirm it.
    private static void Change(PullBench bench, string collection, Random random)
    {
        var shelf = bench.Erp.Shelf(collection);
        foreach (var key in shelf.Rows.Keys.OrderBy(_ => random.Next()).Take(random.Next(4)).ToList())
            shelf.Delete(key);
        for (var i = random.Next(8); i > 0; i--)
        {
            var number = random.Next(30);
            shelf.Put($"{number}", PullTests.Row(collection, number, changed: random.Next(2) == 0));
        }
    }
}
