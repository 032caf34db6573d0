using OrderSync.Gateway.Tests;
using OrderSync.Simulator.Fleet;
using OrderSync.Testing;

namespace OrderSync.Device.Tests;

[Collection("gateway")]
public sealed class QueueCheckTests(GatewayFixture gateway)
{
    [Fact]
    public async Task F127_F032_What_the_device_lists_as_not_stored_is_what_the_server_does_not_have_until_nothing_is_left()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = site.Device.Capture(Entered.Customer());
        var orders = Enumerable.Range(0, 3).Select(_ => site.Device.Capture(Entered.Order(customer.Id))).ToList();
        var before = await site.Device.ReconcileAsync();
        Assert.Equal([customer.Id, .. orders.Select(order => order.Id)], before!.NotStored);

        // The answer is lost: the server has them, and the device does not know.
        site.Fate = request => request.Path == "/v1/sync/push" ? new LineFate { CutAnswerAt = 10 } : LineFate.Passes;
        await site.Device.SyncNowAsync();
        var unsure = await site.Device.ReconcileAsync();
        Assert.Equal((4, true), (site.Device.State.ToSend, unsure!.IsZero));
        Assert.All(unsure.Records, record => Assert.Equal("accepted", record.State));
        site.Fate = _ => LineFate.Passes;
        var refused = site.Device.Capture(Entered.Order(customer.Id, "SKU-12", 10));
        Assert.Equal([refused.Id], (await site.Device.ReconcileAsync())!.NotStored);

        await site.Device.SyncNowAsync();

        var check = await site.Device.ReconcileAsync();
        Assert.True(check!.IsZero);
        Assert.Equal(["accepted", "accepted", "accepted", "accepted", "refused"], check.Records.Select(record => record.State));
        Assert.Equal(site.Device.Find(orders[0].Id)!.Verdict!.Number, check.Records[1].Number);
        site.Device.Mend(refused.Id, Entered.Order(customer.Id, "SKU-12", 12));
        Assert.Equal([refused.Id], (await site.Device.ReconcileAsync())!.NotStored);
        await site.Device.SyncNowAsync();
        Assert.True((await site.Device.ReconcileAsync())!.IsZero);
    }

    [Fact]
    public async Task F127_What_was_acknowledged_and_is_no_longer_there_is_found_and_sent_again()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = site.Device.Capture(Entered.Customer());
        await site.Device.SyncNowAsync();
        await gateway.Execute($"""
            set session_replication_role = replica; delete from gateway.capture where record_id = '{customer.Id}'; delete from gateway.delivery where record_id = '{customer.Id}';
            delete from gateway.outbox where record_id = '{customer.Id}'; delete from gateway.record where record_id = '{customer.Id}'; set session_replication_role = default
            """);

        var check = await site.Device.ReconcileAsync();

        Assert.Equal([customer.Id], check!.Lost);
        Assert.Equal((false, 1), (check.IsZero, site.Device.State.ToSend));
        Assert.Null((await site.Device.SyncNowAsync()).Trouble);
        Assert.True((await site.Device.ReconcileAsync())!.IsZero);
        Assert.Equal("accepted", (await site.AtOfficeAsync(customer.Id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task F054_What_is_given_up_without_a_line_is_put_aside_at_the_office_with_the_next_sync_and_taken_up_again_before_it_is_sent()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = site.Device.Capture(Entered.Customer());
        var wrong = site.Device.Capture(Entered.Order(customer.Id, "SKU-12", 10));
        await site.Device.SyncNowAsync();

        site.Device.Stop(wrong.Id);
        site.Fate = _ => new LineFate { CutRequestAt = 0 };
        await site.Device.SyncNowAsync();
        Assert.Equal("refused", (await site.AtOfficeAsync(wrong.Id)).GetProperty("state").GetString());
        site.Fate = _ => LineFate.Passes;
        site.Reopen();
        await site.Device.SyncNowAsync();

        Assert.Equal("stopped", (await site.AtOfficeAsync(wrong.Id)).GetProperty("state").GetString());
        Assert.Equal(RecordState.Stopped, site.Device.Find(wrong.Id)!.State);
        Assert.Equal(2, site.Asked("/v1/sync/attention/stop"));
        site.Device.Retry(wrong.Id);
        Assert.Equal(1, (await site.Device.SyncNowAsync()).Refused);
        Assert.Equal("refused", (await site.AtOfficeAsync(wrong.Id)).GetProperty("state").GetString());
        Assert.Equal(1, (await site.Device.AttentionAtServerAsync("refused"))!.Count(item => item.Id == wrong.Id));
    }

    [Fact]
    public async Task F058_All_errors_of_the_device_are_tried_again_at_once_and_its_counter_returns_to_none()
    {
        await using var site = await Site.OpenAsync(gateway);
        var sku = $"LATE-{Guid.NewGuid():N}"[..20];
        var customer = site.Device.Capture(Entered.Customer());
        var orders = Enumerable.Range(0, 3).Select(_ => site.Device.Capture(Entered.Order(customer.Id, sku))).ToList();
        await site.Device.SyncNowAsync();
        Assert.Equal((new RetryReport(3, 3), 3), (await site.Device.RetryErroredAsync(), site.Device.State.Attention));
        await gateway.Execute($"insert into gateway.item (company_id, sku, name) values ('{gateway.CompanyId}', '{sku}', 'Came later')");

        var report = await site.Device.RetryErroredAsync();

        Assert.Equal((new RetryReport(3, 0), 0), (report, site.Device.State.Attention));
        Assert.All(orders, order => Assert.StartsWith("SO-", site.Device.Find(order.Id)!.Verdict!.Number, StringComparison.Ordinal));
    }

    [Fact]
    public async Task F133_F030_Trouble_of_the_line_and_what_needs_the_person_are_different_signals_and_last_sync_is_what_the_server_says()
    {
        await using var site = await Site.OpenAsync(gateway);
        var customer = site.Device.Capture(Entered.Customer());
        site.Fate = _ => new LineFate { CutRequestAt = 0 };

        await site.Device.SyncNowAsync();
        Assert.Equal((SyncActivity.Offline, 1, 0), (site.Device.State.Activity, site.Device.State.ToSend, site.Device.State.Attention));
        Assert.NotNull(site.Device.State.Trouble);
        Assert.Null(await site.Device.ReconcileAsync());

        site.Fate = _ => LineFate.Passes;
        site.Device.Capture(Entered.Order(customer.Id, "SKU-12", 10));
        await site.Device.SyncNowAsync();

        Assert.Equal((SyncActivity.Idle, 0, 1, null), (site.Device.State.Activity, site.Device.State.ToSend, site.Device.State.Attention, site.Device.State.Trouble));
        var (status, office) = ((await site.Device.StatusAsync())!, await site.SelfAtOfficeAsync());
        Assert.Equal((office.GetProperty("lastPushAt").GetDateTimeOffset(), office.GetProperty("lastCompleteSyncAt").GetDateTimeOffset()), (status.LastPushAt, status.LastCompleteSyncAt));
        Assert.True(status is { Ready: true, Current: true } or { Ready: true });
    }
}
