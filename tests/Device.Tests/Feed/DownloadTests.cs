using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Device.Tests;

/// <summary>What a download leaves on the device, wherever the line is cut.</summary>
public sealed class DownloadTests(ITestOutputHelper output)
{
    private static readonly int Step = Servers.Full ? 1 : 149;

    [Fact]
    public async Task F002_A_device_is_ready_after_the_last_row_of_its_first_download_and_not_before_whatever_happens_between()
    {
        using var site = new PullingDevice(Catalogue(40));
        Assert.Equal(new Readiness(ReadyState.Never), site.Device.Readiness);
        site.Feed.Cuts.Enqueue(4_000);

        var report = await site.Device.SyncNowAsync();

        Assert.NotNull(report.Trouble);
        Assert.Equal((ReadyState.Downloading, false), (site.Device.Readiness.State, site.Device.Readiness.IsReady));
        Assert.InRange(site.Device.Readiness.Rows, 10, 70);
        // What no checkpoint followed does not count.
        Assert.Equal(0, site.Device.Readiness.Rows % site.Feed.Page);
        Assert.Empty(site.Device.Catalogue.Products());
        site.Reopen();
        Assert.Equal(ReadyState.Downloading, site.Device.Readiness.State);
        Assert.Empty(site.Feed.Acknowledged);

        report = await site.Device.SyncNowAsync();

        Assert.Null(report.Trouble);
        Assert.Equal((ReadyState.Ready, 40), (site.Device.Readiness.State, site.Device.Catalogue.Products().Count));
        Assert.Equal("Ready, as of 2026-03-03 09:00", site.Device.Readiness.ToString());
        Assert.Single(site.Feed.Acknowledged);
        site.AssertEqualsServer();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F010_A_download_that_is_cut_after_any_byte_goes_on_and_ends_equal_to_the_server(bool gzip)
    {
        var feed = Catalogue(20);
        feed.Gzip = gzip;
        using var whole = new PullingDevice(feed);
        await whole.Device.SyncNowAsync();
        var length = (int)feed.Bytes;

        for (var at = 0; at < length; at += Step)
        {
            using var site = new PullingDevice(Catalogue(20));
            site.Feed.Gzip = gzip;
            site.Feed.Cuts.Enqueue(at);
            var cut = await site.Device.SyncNowAsync();
            Assert.True(cut.Trouble is not null && site.Feed.WereCut == 1, $"cut at {at}");
            Assert.Empty(site.Device.Catalogue.Products());
            var report = await site.Device.SyncNowAsync();
            Assert.True(report.Trouble is null, $"cut at {at}: {report.Trouble}");
            site.AssertEqualsServer();
        }

        output.WriteLine($"{length} bytes, cut at every {Step}");
    }

    [Fact]
    public async Task F010_Twenty_cuts_cost_less_than_a_fifth_of_the_bytes_of_a_clean_download_while_rows_change()
    {
        using var clean = new PullingDevice(Catalogue(2_000));
        await clean.Device.SyncNowAsync();
        var random = new Random(20261122);
        using var site = new PullingDevice(Catalogue(2_000));
        for (var cut = 0; cut < 20; cut++)
        {
            site.Feed.Cuts.Enqueue(random.Next((int)clean.Feed.Bytes / 25));
            Assert.NotNull((await site.Device.SyncNowAsync()).Trouble);
            site.Feed.Put("products", $"SKU-{random.Next(2_000)}", new { sku = "SKU", name = $"Changed {cut}" });
            site.Feed.Delete("prices", $"P-{cut * 50}");
            if (cut % 5 == 0)
                site.Reopen();
        }

        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        site.AssertEqualsServer();
        Assert.Equal(20, site.Feed.WereCut);
        Assert.InRange(site.Feed.Bytes / (double)clean.Feed.Bytes, 1, 1.2);
        output.WriteLine($"{site.Feed.Bytes} bytes for {clean.Feed.Bytes}");
    }

    [Fact]
    public async Task F020_F024_Changes_come_alone_and_what_is_gone_leaves()
    {
        using var site = new PullingDevice(Catalogue(30));
        await site.Device.SyncNowAsync();
        site.Feed.Put("products", "SKU-1", new { sku = "SKU-1", name = "Bell" });
        site.Feed.Delete("products", "SKU-2");

        var report = await site.Device.SyncNowAsync();
        var nothing = await site.Device.SyncNowAsync();

        Assert.Equal((2, 0), (report.Pulled, nothing.Pulled));
        Assert.Equal(("Bell", null), (site.Device.Catalogue.Product("SKU-1")?.Name, site.Device.Catalogue.Product("SKU-2")));
        Assert.Equal(["SKU-1"], site.Device.Catalogue.SearchProducts("bell").Select(product => product.Sku));
        Assert.Equal(28, site.Device.Catalogue.SearchProducts("cage").Count);
        site.AssertEqualsServer();
        // The empty one is acknowledged by nobody: it says nothing new.
        Assert.Equal(2, site.Feed.Acknowledged.Count);
        Assert.True(await site.Device.IsCurrentAsync());
        site.Feed.Delete("products", "SKU-3");
        Assert.False(await site.Device.IsCurrentAsync());
    }

    [Fact]
    public async Task A_lost_answer_to_the_acknowledgement_is_asked_for_again()
    {
        using var site = new PullingDevice(Catalogue(3));
        await site.Device.SyncNowAsync();
        site.Meanwhile(file =>
        {
            using var feed = FeedFile.Open(file);
            feed.Write(sql => sql.Execute("update standing set acknowledged = 0"));
            feed.Commit();
        });

        await site.Device.SyncNowAsync();

        Assert.Equal(2, site.Feed.Acknowledged.Count);
    }

    [Fact]
    public async Task F030_A_device_that_hears_of_nothing_new_is_not_taken_for_one_that_stays_away()
    {
        var clock = new ManualClock();
        using var site = new PullingDevice(Catalogue(3), options => options with { Clock = clock });
        await site.Device.SyncNowAsync();
        await site.Device.SyncNowAsync();
        Assert.Single(site.Feed.Acknowledged);

        clock.Advance(TimeSpan.FromMinutes(6));
        await site.Device.SyncNowAsync();
        Assert.Equal(2, site.Feed.Acknowledged.Count);
        await site.Device.SyncNowAsync();
        Assert.Equal(2, site.Feed.Acknowledged.Count);

        // An app that is opened for a moment now and then.
        site.Feed.ServerTime = "2026-03-03T12:00:00Z";
        site.Reopen();
        await site.Device.SyncNowAsync();
        Assert.Equal(3, site.Feed.Acknowledged.Count);
        Assert.Single(site.Feed.Acknowledged.Distinct());
    }

    /// <summary>So many products, each with a price of the same version.</summary>
    internal static ScriptedFeed Catalogue(int products)
    {
        var feed = new ScriptedFeed();
        for (var i = 0; i < products; i++)
            Price(feed, i, 10 + i);
        return feed;
    }

    internal static void Price(ScriptedFeed feed, int product, decimal price)
    {
        feed.Put("products", $"SKU-{product}", new { sku = $"SKU-{product}", name = $"Bottle cage {product}", price, active = true });
        feed.Put("prices", $"P-{product}", new { sku = $"SKU-{product}", priceList = "L1", unitPrice = price - 1 });
    }
}
