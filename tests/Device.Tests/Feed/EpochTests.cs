namespace OrderSync.Device.Tests;

/// <summary>What a device does about a server that was set back, or that has forgotten what the device's cursor speaks of.</summary>
public sealed class EpochTests
{
    [Fact]
    public async Task A_new_epoch_makes_the_device_offer_again_what_was_acknowledged_before_it_pulls_anew()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        var (first, second) = (site.Device.Capture(Entered.Customer()), site.Device.Capture(Entered.Customer()));
        await site.Device.SyncNowAsync();
        SetBack(site.Feed);

        var report = await site.Device.SyncNowAsync();

        Assert.Null(report.Trouble);
        Assert.Equal([first.Id, second.Id], site.Feed.Pushed);
        Assert.Equal([first.Id, second.Id], site.Feed.Proven);
        Assert.Equal((2, 0), (report.Sent, report.Left));
        site.AssertEqualsServer();
        site.Feed.Pushed.Clear();
        await site.Device.SyncNowAsync();
        Assert.Empty(site.Feed.Pushed);
    }

    [Fact]
    public async Task Nothing_is_pulled_under_a_new_epoch_while_something_is_wanted_later()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        var captured = site.Device.Capture(Entered.Customer());
        await site.Device.SyncNowAsync();
        var before = site.Device.Catalogue.Contents();
        SetBack(site.Feed);
        site.Feed.Later.Add(captured.Id);

        var report = await site.Device.SyncNowAsync();

        Assert.StartsWith("The server asks to send the rest later", report.Trouble, StringComparison.Ordinal);
        Assert.Equal(before, site.Device.Catalogue.Contents());
        site.Feed.Later.Clear();
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        Assert.Equal([captured.Id], site.Feed.Pushed);
        site.AssertEqualsServer();
    }

    [Fact]
    public async Task An_app_that_dies_after_it_has_noticed_offers_again_once_it_is_back()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        var captured = site.Device.Capture(Entered.Customer());
        await site.Device.SyncNowAsync();
        SetBack(site.Feed);
        // In the middle of the fresh download the line is gone, and then the app.
        site.Feed.Cuts.Enqueue(int.MaxValue);
        site.Feed.Cuts.Enqueue(3_000);
        Assert.NotNull((await site.Device.SyncNowAsync()).Trouble);
        site.Reopen();

        Assert.Null((await site.Device.SyncNowAsync()).Trouble);

        Assert.Equal([captured.Id], site.Feed.Pushed);
        site.AssertEqualsServer();
    }

    [Fact]
    public async Task An_unfinished_first_download_of_an_older_epoch_is_begun_anew()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        site.Feed.Cuts.Enqueue(4_000);
        await site.Device.SyncNowAsync();
        Assert.True(site.Device.Readiness.Rows > 0);
        SetBack(site.Feed);
        site.Feed.Delete("products", "SKU-1");

        Assert.Null((await site.Device.SyncNowAsync()).Trouble);

        site.AssertEqualsServer();
    }

    [Fact]
    public async Task F124_A_cursor_that_is_too_old_leads_to_a_fresh_download_once_nothing_is_left_to_send()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        await site.Device.SyncNowAsync();
        var captured = site.Device.Capture(Entered.Customer());
        site.Feed.Later.Add(captured.Id);
        DownloadTests.Price(site.Feed, 3, 99);
        site.Feed.Trimmed = true;

        var report = await site.Device.SyncNowAsync();

        Assert.StartsWith("The server asks to send the rest later", report.Trouble, StringComparison.Ordinal);
        Assert.Equal(13m, site.Device.Catalogue.Product("SKU-3")!.Price);
        site.Feed.Later.Clear();
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        Assert.Equal(99m, site.Device.Catalogue.Product("SKU-3")!.Price);
        site.AssertEqualsServer();
    }

    // All that was pushed is lost.
    private static void SetBack(ScriptedFeed feed)
    {
        feed.Epoch = Guid.NewGuid().ToString();
        feed.Pushed.Clear();
    }
}
