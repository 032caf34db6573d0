using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Feed;
using OrderSync.Gateway.Storage;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>What a cursor is good for, and what becomes of one that is not.</summary>
[Collection("feed")]
public sealed class CursorTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F025_The_same_cursor_gives_the_same_changes_however_often_it_is_asked_with()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        await device.SyncAsync();
        var cursor = device.Cursor;
        await gateway.Execute($"insert into gateway.tax (company_id, code, name, rate) select '{gateway.CompanyId}', 'R-' || gen_random_uuid(), 'Replayed', n from generate_series(1, 10) n");
        var answers = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            device.Checkpoint = cursor;
            Assert.True(await device.PullAsync());
            answers.Add(string.Join('\n', device.Lines));
        }

        Assert.Equal(10, answers[0].Split('\n').Length);
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task F002_A_device_is_ready_once_it_has_acknowledged_the_end_of_its_first_download_and_not_before()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        Assert.False(await device.AcknowledgeAsync("nonsense"));
        await gateway.Execute($"insert into gateway.tax (company_id, code, name, rate) select '{gateway.CompanyId}', 'Q-' || gen_random_uuid(), 'Many', n % 100 from generate_series(1, 2500) n");

        Assert.False(await device.PullAsync(cutAfter: 250_000));
        Assert.NotNull(device.Checkpoint);
        Assert.False(await device.AcknowledgeAsync(device.Checkpoint));
        Assert.False((await device.StatusAsync()).GetProperty("ready").GetBoolean());

        Assert.True(await device.PullAsync());
        Assert.True(device.Begin.GetProperty("resumed").GetBoolean());
        Assert.False((await device.StatusAsync()).GetProperty("ready").GetBoolean());
        Assert.True(await device.AcknowledgeAsync());
        Assert.True((await device.StatusAsync()).GetProperty("ready").GetBoolean());
        device.AssertEqual();
    }

    [Fact]
    public async Task F031_Current_means_that_no_change_the_device_may_see_is_newer()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        using var other = await ModelDevice.EnrolAsync(gateway, "Other of status");
        await device.SyncAsync();
        Assert.True((await device.StatusAsync()).GetProperty("current").GetBoolean());

        await other.Device.PushAsync(An.Customer(email: "not an address"));
        Assert.True((await device.StatusAsync()).GetProperty("current").GetBoolean());

        for (var i = 0; i < (Servers.Full ? 500 : 20); i++)
        {
            await gateway.Execute($"insert into gateway.tax (company_id, code, name, rate) values ('{gateway.CompanyId}', 'V-{Guid.NewGuid()}', 'Visible', 1)");
            Assert.False((await device.StatusAsync()).GetProperty("current").GetBoolean());
            await device.SyncAsync(hashes: false);
            Assert.True((await device.StatusAsync()).GetProperty("current").GetBoolean());
        }
    }

    [Fact]
    public async Task A_cursor_nobody_can_read_leads_to_a_fresh_download_never_to_an_error()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        using var other = await ModelDevice.EnrolAsync(gateway);
        await device.SyncAsync();
        await other.SyncAsync();
        var flipped = device.Cursor![..^3] + (device.Cursor[^3] == 'A' ? 'B' : 'A') + device.Cursor[^2..];
        foreach (var cursor in new[] { "x", "%00", new string('A', 3000), flipped, other.Cursor! })
        {
            device.Checkpoint = cursor;
            Assert.True(await device.PullAsync());
            Assert.Equal(("full", "tooOld"), (device.Begin.GetProperty("mode").GetString(), device.Begin.GetProperty("reason").GetString()));
            device.AssertEqual();
        }
    }

    [Fact]
    public void Keys_may_be_added_in_front_and_old_cursors_stay_good()
    {
        var tokens = Options.Create(new TokenSettings { Key = new string('t', 40) });
        var (none, old, both, other) = (Of(), Of("old"), Of("new", "old"), Of("other"));
        var cursor = new Cursor(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), long.MaxValue, Guid.NewGuid(), -5, "a:1 b:2") { Phase = Phase.Difference, IsFull = true, Former = 7, FormerShapes = "a:1", Collection = "b", Key = "ключ/7" };

        Assert.Equal(cursor, both.Read(old.Write(cursor)));
        Assert.Equal(cursor, both.Read(none.Write(cursor)));
        Assert.Null(old.Read(both.Write(cursor)));
        Assert.Null(other.Read(old.Write(cursor)));
        Assert.InRange(old.Write(cursor with { Key = new string('k', 300), Shapes = string.Join(' ', FeedParts.All.Select(one => $"{one.Name}:1")) }).Length, 1, 1_024);

        Cursors Of(params string[] keys) => new(new SigningKeys(Options.Create(new FeedSettings { Keys = [.. keys.Select(key => key.PadRight(40, '-'))] }), tokens));
    }

    [Fact]
    [InCi]
    public async Task Changes_older_than_they_are_kept_are_trimmed_and_who_was_away_longer_downloads_anew()
    {
        await using var parts = await FeedParts.OpenAsync(gateway);
        await using var auth = NpgsqlDataSource.Create(gateway.Database.ConnectionStringAs(GatewaySchema.AuthRole));
        using var away = await ModelDevice.EnrolAsync(gateway);
        using var recent = await ModelDevice.EnrolAsync(gateway);
        await away.SyncAsync();
        await gateway.Execute($"insert into gateway.tax (company_id, code, name, rate) values ('{gateway.CompanyId}', 'OLD-{Guid.NewGuid()}', 'Old', 1)");
        await gateway.Execute($"update gateway.feed set at = at - interval '100 days' where company_id = '{gateway.CompanyId}'");
        await recent.SyncAsync();
        await gateway.Execute($"insert into gateway.tax (company_id, code, name, rate) values ('{gateway.CompanyId}', 'NEW-{Guid.NewGuid()}', 'New', 1)");

        // What is not in the sums yet stays.
        await Eventually.TrueAsync(async () =>
        {
            await parts.Retention(auth, TimeProvider.System).SweepAsync(default);
            return await gateway.Scalar<long>($"select count(*) from gateway.feed where company_id = '{gateway.CompanyId}'") == 1;
        }, "all but the newest change is trimmed");
        Assert.Equal(1, await gateway.Scalar<long>($"select pos - trimmed from gateway.company_feed where company_id = '{gateway.CompanyId}'"));
        await recent.SyncAsync();
        Assert.Equal("changes", recent.Begin.GetProperty("mode").GetString());
        Assert.Single(recent.Lines);
        recent.AssertEqual();
        await away.SyncAsync();
        Assert.Equal("tooOld", away.Begin.GetProperty("reason").GetString());
        away.AssertEqual();
    }
}
