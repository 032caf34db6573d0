using OrderSync.Testing;

namespace OrderSync.Device.Tests;

/// <summary>An app that is killed (-9) while it downloads.</summary>
[InCi]
public sealed class KillTests
{
    private const int Products = 60;

    [Theory]
    [InlineData("{\"checkpoint\":", "")]            // before one counts
    [InlineData("\"k\":\"SKU-27\"", "full:")]       // between two
    [InlineData("{\"end\":", "full:")]              // before the end
    [InlineData("end", null)]                       // while all is applied
    [InlineData("ack", "at:")]                      // before the gateway has heard
    public async Task F002_F010_A_kill_at_any_stage_leaves_the_state_before_or_after_and_the_download_goes_on(string stage, string? from)
    {
        using var feed = DownloadTests.Catalogue(Products);
        using var listener = new FeedListener(feed);
        using var folder = new ScratchFolder();
        PullingDevice.Enrol(folder.File);

        await DownloadUntilAsync(feed, listener, folder.File, stage, from);

        using (var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = listener.Address }))
        {
            Assert.Contains(device.Catalogue.Products().Count, new[] { 0, Products });
            Assert.Equal(device.Readiness.IsReady, device.Catalogue.Products().Count == Products);
            Assert.Null((await device.SyncNowAsync()).Trouble);
            Assert.Equal(feed.Contents().OrderBy(one => one.Key), device.Catalogue.Contents().OrderBy(one => one.Key));
            Assert.True(device.Readiness.IsReady);
        }

        Assert.Single(feed.Acknowledged.Distinct());
        if (from is not null)
            Assert.StartsWith(from, feed.Asked[1], StringComparison.Ordinal);

        // The same with changes to what is there.
        for (var i = 0; i < Products; i++)
            DownloadTests.Price(feed, i, 1_000 + i);
        await DownloadUntilAsync(feed, listener, folder.File, stage, from: null);
        using (var device = SyncDevice.Open(folder.File, new DeviceOptions { Gateway = listener.Address }))
        {
            Assert.Single(device.Catalogue.Products().Select(product => product.Price >= 1_000).Distinct());
            Assert.Null((await device.SyncNowAsync()).Trouble);
            Assert.Equal(feed.Contents().OrderBy(one => one.Key), device.Catalogue.Contents().OrderBy(one => one.Key));
        }
    }

    /// <summary>Runs the app until a line passes, and kills it there: the line itself only comes if it is to be worked on.</summary>
    private static async Task DownloadUntilAsync(ScriptedFeed feed, FeedListener listener, string file, string stage, string? from)
    {
        var (reached, killed) = (new TaskCompletionSource(), new TaskCompletionSource());
        feed.Passing = async line =>
        {
            if (stage == "end" ? line == "ack" || line.StartsWith("{\"end\"", StringComparison.Ordinal) : line.Contains(stage, StringComparison.Ordinal))
            {
                reached.TrySetResult();
                if (stage != "end" || line == "ack")
                    await killed.Task;
            }

            return line;
        };
        using var app = CapturingApp.Start("download", file, listener.Address.AbsoluteUri);
        if (await Task.WhenAny(reached.Task, app.WaitForExitAsync()) != reached.Task)
            Assert.Fail($"The app ended by itself: {app.ExitCode}, {await app.StandardError.ReadToEndAsync()}");
        // The gateway is ahead of the app: what has passed need not be on its disk.
        if (from == "full:")
            await Eventually.TrueAsync(() => Staged(file) > 0, "a checkpoint counts");
        app.Kill();
        await app.WaitForExitAsync();
        feed.Passing = Task.FromResult;
        killed.SetResult();
    }

    private static long Staged(string file)
    {
        using var feed = FeedFile.Open(file);
        return feed.Read(sql => sql.Count("select count(*) from staged"));
    }
}
