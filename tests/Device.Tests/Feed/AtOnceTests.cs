namespace OrderSync.Device.Tests;

/// <summary>Whoever looks something up sees the state before a download or the state after it.</summary>
public sealed class AtOnceTests
{
    private const int Products = 150;

    [Fact]
    public async Task F019_No_reader_ever_sees_a_new_price_list_beside_old_products_and_none_waits_for_the_line()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(Products));
        await site.Device.SyncNowAsync();
        using var stop = new CancellationTokenSource();
        var mixtures = new List<string>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                // The product's own price and the list's differ by 1 in each version.
                if (Versions(site.Device) is { Length: not 1 } mixed)
                    mixtures.Add(string.Join(',', mixed));
                begun.TrySetResult();
            }
        });
        await begun.Task;
        for (var version = 1; version <= 3; version++)
        {
            for (var i = 0; i < Products; i++)
                DownloadTests.Price(site.Feed, i, (version * 1_000) + i);
            var half = 0;
            site.Feed.Passing = line =>
            {
                // Between any two lines the whole state before stands.
                if (++half % 40 == 0)
                    Assert.Equal([(version - 1) * 1_000], Versions(site.Device).Select(seen => seen < 1_000 ? 0 : seen));
                return Task.FromResult(line);
            };
            Assert.Null((await site.Device.SyncNowAsync()).Trouble);
            Assert.Equal([version * 1_000], Versions(site.Device));
        }

        await stop.CancelAsync();
        await reading;
        Assert.Empty(mixtures);
    }

    [Fact]
    public async Task F019_Looking_up_and_capturing_go_on_while_a_download_stands_still()
    {
        using var site = new PullingDevice(DownloadTests.Catalogue(Products));
        await site.Device.SyncNowAsync();
        site.Feed.Put("products", "SKU-1", new { sku = "SKU-1", name = "Bell" });
        var (half, on) = (new TaskCompletionSource(), new TaskCompletionSource());
        site.Feed.Passing = async line =>
        {
            if (line.StartsWith("{\"end\"", StringComparison.Ordinal))
            {
                half.SetResult();
                await on.Task;
            }

            return line;
        };

        var syncing = site.Device.SyncNowAsync();
        await half.Task;
        Assert.Equal("Bottle cage 1", site.Device.Catalogue.Product("SKU-1")!.Name);
        Assert.Equal("Updating", site.Device.State.ToString());
        var captured = site.Device.Capture(Entered.Customer());
        Assert.NotNull(site.Device.Find(captured.Id));
        on.SetResult();
        await syncing;

        Assert.Equal("Bell", site.Device.Catalogue.Product("SKU-1")!.Name);
        Assert.Empty(site.Feed.Pushed);
        Assert.Equal(1, site.Device.State.ToSend);
    }

    /// <summary>The versions seen in one answer over all products and prices: one, if nothing is mixed.</summary>
    private static decimal[] Versions(SyncDevice device)
    {
        var all = device.Catalogue.At(moment => moment.Products().Select(product => product.Price!.Value - Number(product.Sku))
            .Concat(moment.Raw("prices").Values.Select(price => price.GetProperty("unitPrice").GetDecimal() + 1 - Number(price.GetProperty("sku").GetString()!))).ToList());
        return [.. all.Distinct()];
    }

    private static int Number(string sku) => int.Parse(sku.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture);
}
