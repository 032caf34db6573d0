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
    [InCi]
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
