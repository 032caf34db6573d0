using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class SecondLookTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F104_A_first_create_that_took_effect_after_all_is_found_and_voided_where_the_destination_can()
    {
        var erp = new RecordingErp(clock);
        await using var host = await StartAsync(erp);
        var order = await CreatedAgainAsync(host, erp);

        var late = erp.Create("order", order.RecordId, "late", 1);
        var row = await Eventually.GetAsync(() => TickAsync(order), row => row?.Code is not null && !row.Held, "the second look");

        Assert.Equal(("done", "erp.twiceVoided", erp.Created[0].Id), (row!.State, row.Code, row.ExternalId));
        Assert.Equal("void", erp.Created.Single(document => document.Id == late.Id).Status);
        Assert.Equal(DeliveryState.Done, (await host.ReportAsync(order)).State);
    }

    [Fact]
    public async Task F104_A_double_that_cannot_be_voided_is_shown_with_both_and_the_look_survives_a_restart()
    {
        var erp = new RecordingErp(clock) { Voids = false };
        DeliverRecord order;
        await using (var host = await StartAsync(erp))
            order = await CreatedAgainAsync(host, erp);
        erp.Create("order", order.RecordId, "late", 1);

        await using var next = await StartAsync(erp, connect: false);
        await Eventually.GetAsync(() => TickAsync(order), row => row?.State == "refused" && !row.Held, "the second look");

        var report = await next.ReportAsync(order);
        Assert.Equal((DeliveryState.Attention, "erp.twice"), (report.State, report.Code));
        Assert.Equal($"Recording has it twice, since an answer was lost: {order.Number} (id E1) and late (id E2).", report.Reason);
        Assert.Equal("Void late (id E2) in Recording, then Retry.", report.Fix);
    }

    [Fact]
    public async Task A_second_look_that_finds_one_is_the_last()
    {
        var erp = new RecordingErp(clock);
        await using var host = await StartAsync(erp);
        var order = await CreatedAgainAsync(host, erp);

        await Eventually.TrueAsync(async () =>
        {
            await TickAsync(order);
            return await database.ScalarAsync<long>($"select count(*) from recording.step where company_id = '{company}' and looked_at is not null") == 1;
        }, "the second look");
        for (var i = 0; i < 20; i++)
            await TickAsync(order);

        Assert.Single(erp.CallsNamed("look all"));
        Assert.Equal(("done", null), ((await database.DocumentAsync(order.RecordId))!.State, (await database.DocumentAsync(order.RecordId))!.Code));
    }

    [Fact]
    public async Task A_document_written_at_the_first_go_is_not_looked_for_again()
    {
        var erp = new RecordingErp(clock);
        await using var host = await StartAsync(erp);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done");

        for (var i = 0; i < 20; i++)
            await TickAsync(order);

        Assert.Empty(erp.CallsNamed("look all"));
        Assert.Equal(0, await database.ScalarAsync<long>($"select count(*) from recording.document where company_id = '{company}' and look_at is not null"));
    }

    // The first create never reaches the ERP, or so it seems; the second does.
    private async Task<DeliverRecord> CreatedAgainAsync(RecordingHost host, RecordingErp erp)
    {
        var lost = 0;
        erp.Arriving = call => call.Name == "create" && Interlocked.Increment(ref lost) == 1 ? throw new IOException("The line broke.") : Task.CompletedTask;
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done", clock);
        Assert.Single(erp.Created);
        return order;
    }

    private async Task<LedgerRow?> TickAsync(DeliverRecord order)
    {
        clock.Advance(TimeSpan.FromSeconds(10));
        return await database.DocumentAsync(order.RecordId);
    }

    private async Task<RecordingHost> StartAsync(RecordingErp erp, bool connect = true)
    {
        var host = await RecordingHost.StartAsync(database, erp, clock);
        if (connect)
            await host.ConnectAsync(company, connection);
        return host;
    }
}
