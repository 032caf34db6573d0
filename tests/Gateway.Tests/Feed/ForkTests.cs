using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>What a cursor proves of the database it meets.</summary>
[Collection("epochs")]
[InCi]
public sealed class ForkTests(EpochsFixture gateway)
{
    private const string Reason = "select reason from gateway.past_epoch order by ended_at desc limit 1";

    [Fact]
    public async Task F026_A_cursor_ahead_of_the_feed_makes_the_next_pull_send_everything_anew_under_a_new_epoch()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var backup = await Backup.TakeAsync(gateway);
        await device.Device.PushAsync(An.Customer());
        await device.SyncAsync();
        var epoch = device.Begin.GetProperty("epoch").GetGuid();

        await backup.PutBackAsync();
        await device.SyncAsync();

        Assert.Equal(("full", "newEpoch"), (device.Begin.GetProperty("mode").GetString(), device.Begin.GetProperty("reason").GetString()));
        Assert.NotEqual(epoch, device.Begin.GetProperty("epoch").GetGuid());
        Assert.Equal("ahead", await gateway.Scalar<string>(Reason));
        device.AssertEqual();
        await StaysAsync(device);
    }

    [Fact]
    public async Task A_cursor_whose_place_holds_another_transaction_proves_it_too_however_far_the_feed_has_come_since()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        using var other = await gateway.EnrolAsync("Bert");
        var backup = await Backup.TakeAsync(gateway);
        await device.Device.PushAsync(An.Customer());
        await device.SyncAsync();

        await backup.PutBackAsync();
        await other.PushAsync(An.Customer(), An.Customer(), An.Customer());
        await device.SyncAsync();

        Assert.Equal("newEpoch", device.Begin.GetProperty("reason").GetString());
        Assert.Equal("tag", await gateway.Scalar<string>(Reason));
        await StaysAsync(device);
    }

    [Fact]
    public async Task A_push_that_carries_its_cursor_finds_it_before_a_number_is_given()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var backup = await Backup.TakeAsync(gateway);
        await device.Device.PushAsync(Order());
        await device.SyncAsync();

        await backup.PutBackAsync();
        device.Device.Says["OrderSync-Cursor"] = device.Cursor!;
        var answer = await (await device.Device.SendAsync(An.Push(Order()))).Content.ReadAsStringAsync();

        var said = JsonSerializer.Deserialize<JsonElement>(answer);
        Assert.Equal(await gateway.Scalar<Guid>($"select epoch from gateway.company_feed where company_id = '{gateway.CompanyId}'"), said.GetProperty("epoch").GetGuid());
        Assert.NotEqual(device.Begin.GetProperty("epoch").GetGuid(), said.GetProperty("epoch").GetGuid());
        Assert.Matches("^SO-MAIN-[A-Z]+-000001$", said.GetProperty("verdicts")[0].GetProperty("number").GetString());
        await StaysAsync(device);
    }

    [Fact]
    public async Task A_backup_from_before_an_earlier_epoch_is_found_by_the_epoch_alone()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var oldest = await Backup.TakeAsync(gateway);
        await device.Device.PushAsync(An.Customer());
        await device.SyncAsync();
        await oldest.PutBackAsync();
        await device.SyncAsync();
        var (first, level) = (device.Begin.GetProperty("epoch").GetGuid(), await gateway.Scalar<long>("select max(level) from gateway.company_feed"));

        await oldest.PutBackAsync();
        await device.SyncAsync();

        Assert.Equal("newEpoch", device.Begin.GetProperty("reason").GetString());
        Assert.NotEqual(first, device.Begin.GetProperty("epoch").GetGuid());
        Assert.Equal("epoch", await gateway.Scalar<string>(Reason));
        Assert.True(await gateway.Scalar<long>("select max(level) from gateway.company_feed") >= level);
        await StaysAsync(device);
    }

    [Fact]
    public async Task Many_devices_that_find_it_at_once_begin_one_epoch()
    {
        var devices = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ModelDevice.EnrolAsync(gateway)));
        var backup = await Backup.TakeAsync(gateway);
        await devices[0].Device.PushAsync(An.Customer());
        foreach (var device in devices)
            await device.SyncAsync();

        await backup.PutBackAsync();
        var before = await gateway.Scalar<long>("select count(*) from gateway.past_epoch");
        await Task.WhenAll(devices.Select(device => device.SyncAsync()));

        Assert.Single(devices.Select(device => device.Begin.GetProperty("epoch").GetGuid()).Distinct());
        Assert.Equal(before + 2, await gateway.Scalar<long>("select count(*) from gateway.past_epoch"));
        foreach (var device in devices)
        {
            await StaysAsync(device);
            device.Dispose();
        }
    }

    [Fact]
    public async Task Verdicts_in_the_feed_are_signed_too_and_their_proof_is_honoured()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        var backup = await Backup.TakeAsync(gateway);
        var order = Order();
        await device.Device.PushAsync(order);
        await device.SyncAsync();
        var verdict = device.Row("verdicts", order["id"]!.GetValue<Guid>().ToString());

        await backup.PutBackAsync();
        await device.SyncAsync();
        var again = Assert.Single(await device.Device.OfferAsync((order, verdict.GetProperty("proof").GetString()!)));

        Assert.Equal(verdict.GetProperty("number").GetString(), again.GetProperty("number").GetString());
    }

    // Found once, the new epoch holds: nothing is sent anew a second time.
    private static async Task StaysAsync(ModelDevice device)
    {
        await device.SyncAsync();
        var epoch = device.Begin.GetProperty("epoch").GetGuid();
        await device.SyncAsync();
        Assert.Equal(("changes", epoch), (device.Begin.GetProperty("mode").GetString(), device.Begin.GetProperty("epoch").GetGuid()));
    }

    private static JsonObject Order()
    {
        var order = An.Order();
        order["body"]!["customer"] = new JsonObject { ["code"] = EpochsFixture.Customer };
        return order;
    }
}
