using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Reports;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>What the gateway wants and what it holds are levels with versions: the ledger's side of it.</summary>
public sealed class LevelTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F105_An_order_wanted_again_under_a_higher_version_tries_its_refused_customer_again_and_a_repeat_does_not()
    {
        var refusals = 0;
        var refuse = true;
        var erp = new RecordingErp(clock);
        var customer = A.Snapshot();
        erp.Arriving = call => call.RecordId == customer.Id && call.Name == "create" && refuse && Interlocked.Increment(ref refusals) > 0
            ? throw new OutcomeException(new Outcome.Refused("customer.taxNumber", "The tax number is not valid.", "Correct it."))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection, customer);
        await host.TakeAsync(order);
        await database.UntilAsync(customer.Id, "refused");
        refuse = false;

        await host.TakeAsync(order);
        Assert.Equal(DeliveryState.Waiting, (await host.ReportAsync(order)).State);
        await host.TakeAsync(order with { Version = order.Version + 1 });
        await database.UntilAsync(order.RecordId, "done");

        Assert.Equal(1, refusals);
        Assert.Null((await host.ReportAsync(order)).Code);
    }

    [Fact]
    public async Task A_refused_order_wanted_again_is_shown_without_its_old_reason()
    {
        var erp = new RecordingErp(clock) { Arriving = _ => throw new OutcomeException(new Outcome.Refused("item.unmapped", "SKU-1 is unknown.", "Map it.")) };
        var order = A.Order(company, connection);
        await using (var host = await RecordingHost.StartAsync(database, erp, clock))
        {
            await host.ConnectAsync(company, connection);
            await host.TakeAsync(order);
            await database.UntilAsync(order.RecordId, "refused");
        }

        await using var idle = await RecordingHost.StartAsync(database, erp, clock, works: false);
        await idle.TakeAsync(order with { Version = order.Version + 1 });

        var report = await idle.ReportAsync(order);
        Assert.Equal((DeliveryState.InProgress, null, null), (report.State, report.Code, report.Reason));
    }

    [Fact]
    public async Task A_ledger_restored_from_a_backup_reports_above_the_version_the_gateway_holds()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);

        await AcknowledgeAsync(host, order, version: 9);

        Assert.Equal(10, (await host.ReportAsync(order)).Version);
        Assert.Contains(await host.Services.GetRequiredService<ReportLedger>().ClaimAsync(default), due => due.RecordId == order.RecordId);
    }

    [Fact]
    public async Task A_gateway_of_a_new_epoch_is_told_again_what_it_had_acknowledged_under_the_old_one()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        var reports = host.Services.GetRequiredService<ReportLedger>();
        await AcknowledgeAsync(host, order, (await host.ReportAsync(order)).Version);
        Assert.DoesNotContain(await reports.ClaimAsync(default), due => due.RecordId == order.RecordId);
        var epochs = host.Services.GetRequiredService<GatewayEpochs>();

        await epochs.HearAsync(company, 1, default);
        Assert.True(await epochs.SweepAsync(default));

        Assert.Contains(await reports.ClaimAsync(default), due => due.RecordId == order.RecordId);
        await AcknowledgeAsync(host, order, (await host.ReportAsync(order)).Version, epoch: 1);
        while (await epochs.SweepAsync(default))
            continue;
        Assert.DoesNotContain(await reports.ClaimAsync(default), due => due.RecordId == order.RecordId);
    }

    [Fact]
    public async Task An_answer_that_nothing_is_held_keeps_the_report_due()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        var reports = host.Services.GetRequiredService<ReportLedger>();
        await reports.ClaimAsync(default);

        await AcknowledgeAsync(host, order, version: 0);
        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Contains(await reports.ClaimAsync(default), due => due.RecordId == order.RecordId);
    }

    private static Task AcknowledgeAsync(RecordingHost host, DeliverRecord order, long version, long epoch = 0) => host.Services.GetRequiredService<ReportLedger>()
        .AcknowledgeAsync([new ReportAcknowledged(order.CompanyId, order.ConnectionId, order.RecordId, version, epoch)], default);
}
