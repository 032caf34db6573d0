using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Framework.Manage;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class AttentionTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F105_A_refusal_is_reported_in_its_words_and_retry_works_once_the_cause_is_gone()
    {
        var refuse = true;
        var erp = new RecordingErp(clock);
        erp.Arriving = call => call.Name == "create" && refuse
            ? throw new OutcomeException(new Outcome.Refused("item.unmapped", "SKU-1 is unknown.", "Map it."))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "refused");

        var refused = await host.ReportAsync(order);
        refuse = false;
        var retried = await host.Services.GetRequiredService<Office>().RetryAsync(company, connection, order.RecordId, default);
        await database.UntilAsync(order.RecordId, "done");
        var done = await host.ReportAsync(order);

        Assert.Equal((DeliveryState.Attention, "item.unmapped", "SKU-1 is unknown.", "Map it."), (refused.State, refused.Code, refused.Reason, refused.Fix));
        Assert.Equal(1, retried);
        Assert.Equal((DeliveryState.Done, Assert.Single(erp.Created).Id, order.Number, 12.5m, null), (done.State, done.ExternalId, done.ExternalNumber, done.ExternalTotal, done.Reason));
        Assert.True(done.Version > refused.Version);
    }

    [Fact]
    public async Task F055_An_order_behind_a_refused_customer_waits_with_its_reason_and_is_released_by_itself()
    {
        var refuse = true;
        var erp = new RecordingErp(clock);
        var customer = A.Snapshot();
        erp.Arriving = call => call.RecordId == customer.Id && call.Name == "create" && refuse
            ? throw new OutcomeException(new Outcome.Refused("customer.taxNumber", "The tax number is not valid.", "Correct it."))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection, customer);
        var innocent = A.Order(company, connection);
        await host.TakeAsync(order);
        await host.TakeAsync(innocent);
        await database.UntilAsync(customer.Id, "refused");
        await database.UntilAsync(innocent.RecordId, "done");

        var waiting = await host.ReportAsync(order);
        refuse = false;
        await host.Services.GetRequiredService<Office>().RetryAsync(company, connection, order.RecordId, default);
        await database.UntilAsync(order.RecordId, "done");

        Assert.Equal((DeliveryState.Waiting, "customer.taxNumber", "The tax number is not valid.", "Correct it."), (waiting.State, waiting.Code, waiting.Reason, waiting.Fix));
        Assert.Equal(3, erp.Created.Count);
    }

    [Fact]
    public async Task A_corrected_customer_that_comes_along_with_another_order_is_tried_again()
    {
        var erp = new RecordingErp(clock);
        var bad = A.Snapshot(name: "");
        var refuse = true;
        erp.Arriving = call => call.RecordId == bad.Id && call.Name == "create" && refuse
            ? throw new OutcomeException(new Outcome.Refused("customer.name", "A name is missing.", "Enter one."))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var first = A.Order(company, connection, bad);
        await host.TakeAsync(first);
        await database.UntilAsync(bad.Id, "refused");
        refuse = false;

        await host.TakeAsync(A.Order(company, connection, A.Snapshot(bad.Id, "Ann")));
        await database.UntilAsync(first.RecordId, "done");

        Assert.Equal("Ann", erp.Created.Single(document => document.Kind == "customer").Number);
    }

    [Fact]
    public async Task A_stopped_order_is_never_created()
    {
        var erp = new RecordingErp(clock);
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        erp.Arriving = call => call.Name == "look" && reached.TrySetResult() ? go.Task : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await reached.Task.WaitAsync(Eventually.Patience);

        await host.TakeAsync(order with { Version = 2, Wish = DeliveryWish.Stop });
        go.SetResult();
        await database.UntilAsync(order.RecordId, "stopped");

        Assert.Empty(erp.Created);
        var report = await host.ReportAsync(order);
        Assert.Equal((DeliveryState.Stopped, 2), (report.State, report.KnownVersion));
        await host.TakeAsync(order with { Version = 3 });
        await database.UntilAsync(order.RecordId, "done");
    }

    [Fact]
    [InCi]
    public async Task A_stop_while_a_write_is_unsure_looks_first_and_tells_what_is_there()
    {
        var erp = new RecordingErp(clock);
        var lost = 0;
        erp.Answering = call => call.Name == "create" && Interlocked.Increment(ref lost) == 1 ? throw new IOException("The answer was lost.") : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "ambiguous");

        await host.TakeAsync(order with { Version = 2, Wish = DeliveryWish.Stop });
        Assert.Equal("ambiguous", (await database.DocumentAsync(order.RecordId))!.State);
        var stopped = await database.UntilAsync(order.RecordId, "stopped", clock);

        Assert.Equal("Stopped; create had been done already.", stopped!.Reason);
        Assert.Equal("draft", Assert.Single(erp.Created).Status);
    }

    [Fact]
    public async Task A_record_whose_connection_has_no_settings_waits_visibly_and_goes_on_when_it_has()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        var order = A.Order(company, connection, A.Snapshot());
        await host.TakeAsync(order);

        var waiting = await host.ReportAsync(order);
        await host.ConnectAsync(company, connection);
        await Eventually.TrueAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            return (await database.DocumentAsync(order.RecordId))?.State == "done";
        }, "the order to be done");

        Assert.Equal((DeliveryState.Waiting, "connection.unknown", 1), (waiting.State, waiting.Code, waiting.KnownVersion));
        Assert.Equal(2, erp.Created.Count);
    }

    [Fact]
    public async Task F104_The_same_message_again_and_an_older_one_change_nothing_and_are_answered()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection, A.Snapshot(), version: 5);
        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done");
        var before = await host.ReportAsync(order);

        for (var i = 0; i < 3; i++)
            await host.TakeAsync(order);
        await host.TakeAsync(order with { Version = 4, Revision = 2, Wish = DeliveryWish.Stop });
        await host.TakeAsync(order with { Version = 4, Revision = 2 });
        var repeated = await host.ReportAsync(order);
        await host.TakeAsync(order with { Version = 6 });

        var after = await host.ReportAsync(order);
        Assert.Equal((DeliveryState.Done, 5, 1), (repeated.State, repeated.KnownVersion, repeated.Revision));
        Assert.Equal((DeliveryState.Done, 6), (after.State, after.KnownVersion));
        Assert.True(after.Version > before.Version);
        Assert.Equal(2, erp.Calls.Count(call => call.Name == "create"));
    }

    [Fact]
    public async Task A_revision_that_comes_while_the_first_is_written_is_pushed_after_it()
    {
        var erp = new RecordingErp(clock);
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        erp.Arriving = call => call.Name == "confirm" && reached.TrySetResult() ? go.Task : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        await reached.Task.WaitAsync(Eventually.Patience);

        await host.TakeAsync(order with { Version = 2, Revision = 2 });
        go.SetResult();
        await Eventually.TrueAsync(async () => await database.ScalarAsync<int>($"select pushed_revision from recording.document where record_id = '{order.RecordId}'") == 2, "revision 2");

        Assert.Single(erp.Created);
        Assert.Equal(2, erp.CallsNamed("look").Count());
        Assert.Equal(2, (await host.ReportAsync(order)).Revision);
    }
}
