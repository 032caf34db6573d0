using System.Security.Cryptography;

namespace OrderSync.Device.Tests;

/// <summary>Verdicts that come with the feed reach the records they are about, each once.</summary>
public sealed class NewsTests
{
    [Fact]
    public async Task A_record_that_waited_and_goes_on_is_told_so_once()
    {
        using var site = new PullingDevice();
        var captured = await SentAsync(site);
        Say(site, captured, new { rev = 1, outcome = "accepted", state = "waiting", code = "customer.unknown" });
        await site.Device.SyncNowAsync();
        site.Told.Clear();
        Say(site, captured, new { rev = 1, outcome = "accepted", state = "accepted", number = "SO-12" });

        await site.Device.SyncNowAsync();
        await site.Device.SyncNowAsync();
        site.Reopen();
        await site.Device.SyncNowAsync();

        var told = Assert.Single(site.Told);
        Assert.Equal((captured.Id, RecordState.Accepted, "SO-12"), (told.Id, told.State, told.Verdict!.Number));
        Assert.Equal("SO-12", site.Device.Find(captured.Id)!.Verdict!.Number);
    }

    [Fact]
    public async Task What_the_push_was_answered_already_is_no_news()
    {
        using var site = new PullingDevice();
        var captured = await SentAsync(site);
        Say(site, captured, new { rev = 1, outcome = "accepted", state = "accepted" });

        await site.Device.SyncNowAsync();

        Assert.Equal([captured.Id], site.Told.Select(record => record.Id));
    }

    [Fact]
    public async Task A_kill_between_the_download_and_the_records_loses_no_verdict()
    {
        using var site = new PullingDevice();
        var captured = await SentAsync(site);
        Say(site, captured, new { rev = 1, outcome = "accepted", state = "accepted", number = "SO-12" });
        await site.Device.SyncNowAsync();
        // As if the app had died after the download was applied and before its records had it.
        site.Meanwhile(file =>
        {
            using (var captures = DeviceFile.Open(file, null))
                captures.Write(() => captures.Execute("update record set verdict = '{\"id\":null,\"rev\":1,\"outcome\":\"waiting\"}', state = 'waiting'"));
            using var feed = FeedFile.Open(file);
            feed.Write(sql => sql.Execute("insert into news (record) select key from row where collection = 'verdicts'"));
            feed.Commit();
        });
        site.Told.Clear();

        await site.Device.SyncNowAsync();

        Assert.Equal("SO-12", Assert.Single(site.Told).Verdict!.Number);
        Assert.Equal(RecordState.Accepted, site.Device.Find(captured.Id)!.State);
    }

    [Fact]
    public async Task Entries_that_are_on_their_way_that_a_person_gave_up_or_that_are_other_content_stay_as_they_are()
    {
        using var site = new PullingDevice();
        var (onItsWay, stopped, conflict) = (await SentAsync(site), await SentAsync(site), await SentAsync(site));
        site.Meanwhile(file =>
        {
            using var captures = DeviceFile.Open(file, null);
            captures.Write(() => captures.Execute("update record set state = 'stopped' where id = $1", stopped.Id.ToString()) + captures.Execute("update record set state = 'conflict' where id = $1", conflict.Id.ToString()));
        });
        site.Feed.Later.Add(onItsWay.Id);
        site.Device.OfferAgain();
        foreach (var one in new[] { onItsWay, stopped, conflict })
            Say(site, one, new { rev = 1, outcome = "refused", state = "refused", code = "x.y", sha256 = new string('0', 64) });
        site.Told.Clear();

        await site.Device.SyncNowAsync();

        Assert.Empty(site.Told);
        Assert.Equal((RecordState.Accepted, RecordState.Stopped, RecordState.Conflict, 1), (site.Device.Find(onItsWay.Id)!.State, site.Device.Find(stopped.Id)!.State, site.Device.Find(conflict.Id)!.State, site.Device.State.ToSend));
        // The conflict turns out to be about these very bytes.
        Say(site, conflict, new { rev = 1, outcome = "accepted", state = "accepted", sha256 = Convert.ToHexStringLower(SHA256.HashData(site.Device.Find(conflict.Id)!.Bytes.Span)) });
        await site.Device.SyncNowAsync();
        Assert.Equal(conflict.Id, Assert.Single(site.Told).Id);
    }

    [Fact]
    public async Task What_was_acknowledged_is_kept_for_as_long_as_the_company_has_set()
    {
        using var site = new PullingDevice();
        var captured = await SentAsync(site);
        Forty(site, captured.Id);
        await SentAsync(site);
        Assert.NotNull(site.Device.Find(captured.Id));
        site.Feed.Put("settings", "keepAcknowledged", """{"value":30}""");
        await site.Device.SyncNowAsync();

        await SentAsync(site);

        Assert.Null(site.Device.Find(captured.Id));
    }

    [Fact]
    public async Task It_is_safe_to_sign_out_when_the_office_has_everything_and_nothing_needs_a_person()
    {
        using var site = new PullingDevice();
        Assert.True(site.Device.SafeToSignOut.IsSafe);
        var captured = site.Device.Capture(Entered.Customer());
        Assert.Equal((false, "1 entry has not reached the office. Sync with a connection first."), (site.Device.SafeToSignOut.IsSafe, site.Device.SafeToSignOut.ToString()));
        await site.Device.SyncNowAsync();
        Assert.Equal("You can sign out: the office has all entries of this device.", site.Device.SafeToSignOut.ToString());
        Say(site, captured, new { rev = 1, outcome = "refused", state = "refused", code = "line.sku.unknown" });
        await site.Device.SyncNowAsync();
        Assert.Equal((false, "1 entry needs you. Correct it or give it up first."), (site.Device.SafeToSignOut.IsSafe, site.Device.SafeToSignOut.ToString()));
    }

    private static async Task<Captured> SentAsync(PullingDevice site)
    {
        var captured = site.Device.Capture(Entered.Customer());
        await site.Device.SyncNowAsync();
        return captured;
    }

    private static void Say(PullingDevice site, Captured captured, object verdict) => site.Feed.Put("verdicts", captured.Id.ToString(), verdict);

    private static void Forty(PullingDevice site, Guid id) => site.Meanwhile(file =>
    {
        using var captures = DeviceFile.Open(file, null);
        captures.Write(() => captures.Execute("update record set told_at = $2 where id = $1", id.ToString(), DateTimeOffset.UtcNow.AddDays(-40).ToUnixTimeMilliseconds()));
    });
}
