using System.Text.Json;

namespace OrderSync.Device.Tests;

/// <summary>What a device makes of answers that are not as they should be.</summary>
public sealed class MistrustTests
{
    [Fact]
    public async Task A_download_that_does_not_equal_what_the_server_has_is_not_applied_and_comes_again()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        var spoiled = 0;
        // A proxy that changes a row once.
        site.Feed.Passing = line => Task.FromResult(line.Contains("\"k\":\"SKU-7\"", StringComparison.Ordinal) && spoiled++ == 0 ? line.Replace("cage 7", "cage 8", StringComparison.Ordinal) : line);

        var report = await site.Device.SyncNowAsync();

        Assert.Null(report.Trouble);
        Assert.Equal(["", ""], site.Feed.Asked);
        site.AssertEqualsServer();
    }

    [Fact]
    public async Task One_that_differs_each_time_is_said_and_tried_again_later_and_what_was_there_before_stays()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        await site.Device.SyncNowAsync();
        var before = site.Device.Catalogue.Contents();
        site.Feed.Epoch = Guid.NewGuid().ToString();
        DownloadTests.Price(site.Feed, 7, 99);
        site.Feed.Passing = line => Task.FromResult(line.Replace("cage 7", "cage 8", StringComparison.Ordinal));

        var report = await site.Device.SyncNowAsync();

        Assert.StartsWith("What was downloaded does not equal what the server has.", report.Trouble, StringComparison.Ordinal);
        Assert.Equal(report.Trouble, site.Device.State.Trouble);
        Assert.Equal(before, site.Device.Catalogue.Contents());
        Assert.True(site.Device.Readiness.IsReady);
        site.Feed.Passing = Task.FromResult;
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        site.AssertEqualsServer();
    }

    [Fact]
    public async Task Changes_after_which_the_copy_would_differ_lead_to_a_fresh_download()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        await site.Device.SyncNowAsync();
        DownloadTests.Price(site.Feed, 7, 99);
        var hashes = JsonSerializer.Serialize(site.Feed.Contents().ToDictionary(one => one.Key, one => new { count = one.Value.Count, hash = one.Value.Hash }));
        site.Meanwhile(file => Alter(file, "delete from row where collection = 'products' and key = 'SKU-3'"));
        site.Feed.Passing = line => Task.FromResult(line.StartsWith("{\"end\"", StringComparison.Ordinal) && !line.Contains("collections", StringComparison.Ordinal)
            ? line[..^2] + ",\"collections\":" + hashes + "}}"
            : line);

        Assert.Null((await site.Device.SyncNowAsync()).Trouble);

        Assert.Equal("", site.Feed.Asked[^1]);
        site.AssertEqualsServer();
    }

    [Fact]
    public async Task A_newer_servers_collections_and_lines_do_not_break_an_older_device()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(5));
        site.Feed.Put("promotions", "P-1", """{"percent":  12.50,"for":["SKU-1",null]}""");
        site.Feed.Passing = line => Task.FromResult(line.StartsWith("{\"begin\"", StringComparison.Ordinal) ? line + "\n{\"hint\":{\"row\":1}}\n{\"c\":\"promotions\",\"k\":\"P-2\",\"since\":1,\"row\":[1]}\n{\"c\":\"promotions\",\"k\":\"P-2\",\"gone\":\"moved\"}" : line);

        Assert.Null((await site.Device.SyncNowAsync()).Trouble);

        Assert.Equal(12.5m, Assert.Single(site.Device.Catalogue.Raw("promotions")).Value.GetProperty("percent").GetDecimal());
        site.AssertEqualsServer();
    }

    [Theory]
    [InlineData("""{"sku":7,"name":["x"],"price":"ten","barcodes":{"a":1},"categories":[1,null],"attributes":[],"active":"yes"}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData("""{"name":"\ud800","barcodes":["\udc00"]}""")]
    [InlineData("""{"price":1e400,"minimumQuantity":99999999999999999999999999999999999}""")]
    public async Task Rows_whose_values_are_not_what_they_should_be_are_kept_and_harm_nobody(string row)
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(2));
        foreach (var collection in new[] { "products", "customers", "prices", "priceLists", "stock", "history", "settings", "reps", "taxes", "quickKeys", "images", "verdicts", "status", "ids" })
            site.Feed.Put(collection, collection == "customers" ? Guid.NewGuid().ToString() : "keepAcknowledged", row);

        var report = await site.Device.SyncNowAsync();

        Assert.Null(report.Trouble);
        site.AssertEqualsServer();
        var catalogue = site.Device.Catalogue;
        Assert.Equal("Bottle cage 1", catalogue.Product("SKU-1")!.Name);
        catalogue.Products();
        catalogue.Product("keepAcknowledged");
        catalogue.SearchProducts("keep");
        catalogue.PriceLists();
        catalogue.Reps();
        catalogue.Taxes();
        catalogue.QuickKeys();
        catalogue.Setting("keepAcknowledged");
        Assert.Equal(10m, catalogue.PriceOf("SKU-0", 1)!.UnitPrice);
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("7")]
    [InlineData("""{"c":"products","k":"X","row":{}} {}""")]
    [InlineData("""{"c":"products","row":{}}""")]
    [InlineData("""{"c":"products","k":"","row":{}}""")]
    [InlineData("""{"begin":{"mode":"full"}}""")]
    [InlineData("""{"end":{}}""")]
    [InlineData("""{"end":{"cursor":"a\r\nX: ä"}}""")]
    [InlineData("<html>log in</html>")]
    public async Task A_line_that_is_none_ends_the_download_and_it_goes_on_from_its_last_checkpoint(string line)
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        site.Feed.Passing = passing => Task.FromResult(passing.Contains("\"k\":\"SKU-15\"", StringComparison.Ordinal) ? line : passing);

        var report = await site.Device.SyncNowAsync();

        Assert.NotNull(report.Trouble);
        Assert.Equal(ReadyState.Downloading, site.Device.Readiness.State);
        site.Feed.Passing = Task.FromResult;
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        Assert.StartsWith("full:", site.Feed.Asked[^1], StringComparison.Ordinal);
        site.AssertEqualsServer();
    }

    [Fact]
    public async Task A_line_without_an_end_is_not_read_into_memory()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(2));
        var longest = new string('x', LineStream.Most - 200);
        site.Feed.Put("products", "LONG", new { sku = "LONG", name = "Long", description = longest });
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        site.Feed.Put("products", "LONG", new { sku = "LONG", name = "Long", description = longest + new string('x', 300) });

        var report = await site.Device.SyncNowAsync();

        Assert.Contains("a line is longer than 1024 KB", report.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_download_is_thrown_away_and_comes_again_and_no_capture_is_touched()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(200));
        await site.Device.SyncNowAsync();
        var captured = site.Device.Capture(Entered.Customer());
        site.Meanwhile(file =>
        {
            var bytes = File.ReadAllBytes(file + ".feed");
            bytes.AsSpan(4_096).Fill(0x5A);
            File.WriteAllBytes(file + ".feed", bytes);
        });

        await site.Device.SyncNowAsync();
        await site.Device.SyncNowAsync();

        Assert.True(site.Device.Readiness.IsReady);
        site.AssertEqualsServer();
        Assert.Equal([captured.Id], site.Feed.Pushed);
    }

    [Fact]
    public async Task What_another_company_downloaded_is_gone_when_the_file_enrols_anew()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(20));
        await site.Device.SyncNowAsync();

        site.Meanwhile(PullingDevice.Enrol);

        Assert.Equal((ReadyState.Never, 0), (site.Device.Readiness.State, site.Device.Catalogue.Products().Count));
        Assert.Empty(site.Device.Catalogue.SearchProducts("cage"));
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        site.AssertEqualsServer();
    }

    private static void Alter(string file, string sql)
    {
        using var feed = FeedFile.Open(file);
        feed.Write(statements => statements.Execute(sql));
        feed.Commit();
    }
}
