using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Framework.Pull;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>What comes back from a destination: read page by page, kept, told until it is held.</summary>
[InCi]
public sealed class PullTests(LedgerFixture database) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private readonly ManualClock clock = new();
    private PullBench bench = null!;

    public Task InitializeAsync()
    {
        bench = new(database, clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await bench.DisposeAsync();

    [Fact]
    public async Task F023_New_changed_and_discontinued_rows_of_each_collection_are_told_once()
    {
        await bench.StartAsync();
        foreach (var collection in CollectionNames.All)
            Fill(collection, 7);
        await bench.LookAsync();
        await bench.TellAsync();
        var first = bench.Told.Sum(message => message.Rows.Count);
        foreach (var collection in CollectionNames.All)
        {
            bench.Erp.Shelf(collection).Put("2", Row(collection, 2, changed: true));
            bench.Erp.Shelf(collection).Put("new", Row(collection, 99));
        }

        clock.Advance(TimeSpan.FromMinutes(10));
        await bench.LookAsync();
        await bench.TellAsync();
        await bench.TellAsync();

        Assert.Equal((7 * 7, 7 * 2), (first, bench.Told.Sum(message => message.Rows.Count) - first));
        foreach (var collection in CollectionNames.All)
            Assert.Equal(bench.There(collection), bench.Held(collection));
        Assert.All(bench.Told.SelectMany(message => message.Rows).Where(row => row.Key == "2").GroupBy(row => row.Version), rows => Assert.Equal(7, rows.Count()));
    }

    [Fact]
    public async Task F107_A_full_re_import_of_unchanged_rows_makes_no_version_and_no_message()
    {
        await bench.StartAsync(CollectionNames.Items);
        Fill(CollectionNames.Items, 20);
        await bench.LookAsync();
        await bench.TellAsync();
        var (messages, versions) = (bench.Told.Count, await VersionsAsync());

        await bench.ReimportAsync(CollectionNames.Items);
        await bench.TellAsync();

        Assert.Equal((messages, versions), (bench.Told.Count, await VersionsAsync()));
        var standing = await bench.StandingAsync(CollectionNames.Items);
        Assert.Equal((20L, 20L, 0L, 0L), (standing.Rows, standing.Read, standing.Changed, standing.Waiting));
    }

    [Fact]
    public async Task F107_A_look_for_changes_reads_only_what_changed()
    {
        await bench.StartAsync(CollectionNames.Items);
        Fill(CollectionNames.Items, 20);
        await bench.LookAsync();
        bench.Erp.Shelf(CollectionNames.Items).Put("5", Item(5, "Changed"));

        clock.Advance(TimeSpan.FromMinutes(10));
        await bench.LookAsync();

        var standing = await bench.StandingAsync(CollectionNames.Items);
        Assert.Equal((1L, 1L), (standing.Read, standing.Changed));
    }

    [Fact]
    public async Task Rows_are_told_again_1_2_and_4_minutes_later_until_they_are_held()
    {
        await bench.StartAsync(CollectionNames.Items);
        Fill(CollectionNames.Items, 1);
        await bench.LookAsync();
        await bench.TellAsync(answers: false);
        var told = new List<int>();
        foreach (var minutes in new[] { 1, 2, 4 })
        {
            clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            await bench.TellAsync(answers: false);
            clock.Advance(TimeSpan.FromSeconds(1));
            told.Add(bench.Told.Count);
            await bench.TellAsync(answers: minutes == 4);
        }

        clock.Advance(TimeSpan.FromHours(2));
        await bench.TellAsync();

        Assert.Equal([1, 2, 3], told);
        Assert.Equal(4, bench.Told.Count);
    }

    [Fact]
    public async Task A_message_holds_at_most_a_hundred_rows_and_a_quarter_of_a_megabyte()
    {
        await bench.StartAsync(CollectionNames.Items);
        bench.Erp.Shelf(CollectionNames.Items).PageSize = 200;
        Fill(CollectionNames.Items, 130);
        for (var i = 200; i < 210; i++)
            bench.Erp.Shelf(CollectionNames.Items).Put($"{i}", new ItemLevel($"SKU-{i}", new string('x', 60_000)));
        bench.Erp.Shelf(CollectionNames.Items).Put("big", new ItemLevel("BIG", new string('x', 70_000)));

        await bench.LookAsync();
        await bench.TellAsync();

        Assert.All(bench.Told, message => Assert.InRange(message.Rows.Count, 1, 100));
        Assert.All(bench.Told, message => Assert.InRange(message.Rows.Sum(row => row.Body!.Length), 1, 256 * 1024));
        Assert.Equal(140, bench.Held(CollectionNames.Items).Count);
        Assert.Equal(1, (await bench.StandingAsync(CollectionNames.Items)).LeftOut);
    }

    [Fact]
    public async Task A_ledger_restored_from_a_backup_tells_its_rows_above_the_version_the_gateway_holds()
    {
        await bench.StartAsync(CollectionNames.Items);
        Fill(CollectionNames.Items, 1);
        await bench.LookAsync();

        await bench.AnswerAsync(CollectionNames.Items, new PulledRowAcknowledged("0", Version: 9, Import: 30));
        await bench.TellAsync();

        var row = Assert.Single(Assert.Single(bench.Told).Rows);
        Assert.Equal((10L, 30L), (row.Version, row.Import));
        await bench.ReimportAsync(CollectionNames.Items);
        bench.Erp.Shelf(CollectionNames.Items).Put("0", Item(0, "Changed"));
        clock.Advance(TimeSpan.FromMinutes(10));
        await bench.LookAsync();
        await bench.TellAsync();
        Assert.True(bench.Told[^1].Rows[0].Import > 30);
    }

    [Fact]
    public async Task A_gateway_of_a_new_epoch_is_told_all_rows_again()
    {
        await bench.StartAsync(CollectionNames.Items);
        Fill(CollectionNames.Items, 5);
        await bench.LookAsync();
        await bench.TellAsync();
        bench.Told.Clear();

        bench.Source = (true, 1, Epoch: 3);
        await bench.AnswerAsync(CollectionNames.Items);
        while (await bench.SweepAsync())
            await bench.TellAsync();

        Assert.Equal(5, bench.Told.SelectMany(message => message.Rows).Select(row => row.Key).Distinct().Count());
        Assert.False(await bench.SweepAsync());
    }

    [Fact]
    public async Task Rows_of_a_connection_that_is_not_the_source_are_kept_and_told_once_it_is()
    {
        bench.Source = (false, 1, 0);
        await bench.StartAsync(CollectionNames.Items);
        Fill(CollectionNames.Items, 5);
        await bench.LookAsync();
        await bench.TellAsync();
        bench.Erp.Shelf(CollectionNames.Items).Put("7", Item(7));
        clock.Advance(TimeSpan.FromMinutes(10));
        await bench.LookAsync();
        bench.Told.Clear();
        clock.Advance(TimeSpan.FromHours(3));
        await bench.TellAsync();
        Assert.Empty(bench.Told);

        bench.Source = (true, 2, 0);
        await bench.AnswerAsync(CollectionNames.Items);
        await bench.TellAsync();

        Assert.Equal(bench.There(CollectionNames.Items), bench.Held(CollectionNames.Items));
        Assert.Equal((6, true), (bench.Told.Sum(message => message.Rows.Count), bench.Told[^1].Complete));
    }

    [Fact]
    public async Task F106_A_customer_that_is_just_being_created_there_is_told_as_the_record_it_was_made_from()
    {
        await bench.StartAsync(CollectionNames.Customers);
        var customer = A.Customer(bench.Company, bench.Connection);
        var lost = new TaskCompletionSource();
        bench.Erp.Answering = call => call.Name == "create" ? throw new IOException("The answer was lost.") : Task.CompletedTask;
        await bench.Host!.TakeAsync(customer);
        await using (var works = await RecordingHost.StartAsync(database, bench.Erp, clock))
            await database.UntilAsync(customer.RecordId, "ambiguous");
        var there = Assert.Single(bench.Erp.Created);
        bench.Erp.Shelf(CollectionNames.Customers).Put(there.Id, Row(CollectionNames.Customers, 1));
        bench.Erp.Shelf(CollectionNames.Customers).Put("stranger", Row(CollectionNames.Customers, 2));
        await bench.LookAsync();
        await bench.TellAsync();
        var before = bench.Told.Sum(message => message.Rows.Count);

        bench.Erp.Answering = _ => Task.CompletedTask;
        await using (var works = await RecordingHost.StartAsync(database, bench.Erp, clock))
            await database.UntilAsync(customer.RecordId, "done", clock);
        clock.Advance(TimeSpan.FromMinutes(2));
        await bench.TellAsync();

        Assert.Equal(0, before);
        var rows = bench.Told.SelectMany(message => message.Rows).ToDictionary(row => row.Key, row => row.RecordId);
        Assert.Equal((customer.RecordId, null), (rows[there.Id], rows["stranger"]));
    }

    private void Fill(string collection, int rows)
    {
        for (var i = 0; i < rows; i++)
            bench.Erp.Shelf(collection).Put($"{i}", Row(collection, i));
    }

    internal static ItemLevel Item(int number, string name = "Thing") => new($"SKU-{number}", name, Price: number + 0.5m, Barcodes: ["4006381333931"], Attributes: new Dictionary<string, string> { ["colour"] = "red" });

    internal static object Row(string collection, int number, bool changed = false) => collection switch
    {
        CollectionNames.Items => Item(number) with { Active = !changed },
        CollectionNames.PriceLists => new PriceListLevel($"List {number}", !changed, "EUR"),
        CollectionNames.Prices => new PriceLevel($"SKU-{number}", changed ? 2 : 1, "L1"),
        CollectionNames.Stock => new StockLevel($"SKU-{number}", "main", changed ? 0 : 5),
        CollectionNames.Customers => new CustomerLevel(new CustomerBody($"Customer {number}", null, null, null, null, null, null, null, null, null, null, null), !changed),
        _ => new DocumentLevel($"D-{number}", changed ? "closed" : "open", 12.5m),
    };

    private Task<long> VersionsAsync() => database.ScalarAsync<long>($"select sum(version)::bigint from recording.pulled where company_id = '{bench.Company}'");
}
