using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>An order that is there is changed by a later revision, or cancelled.</summary>
public abstract class ChangeCases(ConformanceStage stage) : StopCases(stage)
{
    [CaseThatNeeds(Ability.Changes)]
    public async Task A_later_revision_changes_the_order_that_is_there()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var before = Assert.Single(await Organisation.OrdersAsync());

        var changed = order.WithOneMoreLine();
        await replica.TakeAsync(changed);
        await PushedAsync(changed);

        var theirs = Assert.Single(await Organisation.OrdersAsync());
        Assert.Equal((before.Id, changed.Total(), true), (theirs.Id, theirs.Total, theirs.Final));
        Assert.NotEqual(before.Total, theirs.Total);
        Assert.Equal((DeliveryState.Done, changed.Total(), (string?)null), await SaidAsync(replica, changed));
    }

    [CaseThatNeeds(Ability.Changes)]
    public async Task An_answer_lost_after_the_order_was_changed_changes_it_once()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        Line.Lay(CallStep.Change, Obstacles.LosesTheAnswer);

        var changed = order.WithOneMoreLine();
        await replica.TakeAsync(changed);
        await PushedAsync(changed);

        Assert.Equal(changed.Total(), Assert.Single(await Organisation.OrdersAsync()).Total);
        Assert.Single(Line.To(CallStep.Change));
    }

    [CaseThatNeeds(Ability.Changes)]
    public async Task A_no_to_a_change_is_told_and_the_order_stays_as_it_was()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        Line.Lay(CallStep.Change, Obstacles.Says(Stage.Erp.No("It has been invoiced")));

        var changed = order.WithOneMoreLine();
        await replica.TakeAsync(changed);
        await UntilAsync(changed, "refused");

        Assert.Contains("It has been invoiced", (await replica.ReportAsync(changed)).Reason!, StringComparison.Ordinal);
        await OnceAsync(order);
    }

    [CaseThatNeeds(Ability.Changes)]
    public async Task A_cancelled_order_is_void_in_the_ERP_and_the_report_says_so()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);

        await replica.TakeAsync(order.Cancelled());
        await CancelledAsync(order, "done");

        Assert.True(Assert.Single(await Organisation.OrdersAsync()).Void);
        var report = await replica.ReportAsync(order);
        Assert.Equal((DeliveryState.Done, "cancelled", order.Number, 2L), (report.State, report.Code, report.ExternalNumber, report.KnownVersion));
        Assert.Single(await Organisation.CustomersAsync());
    }

    [Fact]
    public async Task An_order_cancelled_before_it_was_written_is_never_written_nor_its_customer_for_its_sake()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);

        await replica.TakeAsync(order.Cancelled());
        await CancelledAsync(order, "stopped");

        Assert.Equal((DeliveryState.Stopped, (decimal?)null, "cancelled.unwritten"), await SaidAsync(replica, order));
        Assert.Empty(await Organisation.OrdersAsync());
        Assert.Empty(await Organisation.CustomersAsync());
        Assert.Null(await DocumentAsync(Home.Company, order.Customer!.Id));
    }

    [CaseThatNeeds(Ability.Changes)]
    public async Task An_answer_lost_after_the_order_was_voided_changes_nothing()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        Line.Lay(CallStep.Change, Obstacles.LosesTheAnswer);

        await replica.TakeAsync(order.Cancelled());
        await CancelledAsync(order, "done");

        Assert.True(Assert.Single(await Organisation.OrdersAsync()).Void);
        Assert.Single(Line.To(CallStep.Change));
    }

    [CaseThatNeeds(Ability.AmbiguityWindow, Ability.Changes)]
    public async Task A_cancellation_while_a_create_is_unsure_waits_and_voids_what_came_late()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        // After the first look that finds nothing, before the second.
        Line.Lay(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, Window + TimeSpan.FromSeconds(10)));
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await replica.TakeAsync(order.Cancelled());
        await CancelledAsync(order, "done");

        Assert.True(Assert.Single(await Organisation.OrdersAsync()).Void);
        Assert.Single(Line.To(CallStep.CreateOrder));
    }

    [CaseThatNeeds(Ability.Changes)]
    [InCi]
    public async Task A_cancellation_while_an_order_is_being_written_voids_it_afterwards()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.CreateOrder, Obstacles.Waits(held));
        await replica.TakeAsync(order);
        await ReachedAsync(held);

        await replica.TakeAsync(order.Cancelled());
        held.Go();
        await CancelledAsync(order, "done");

        Assert.True(Assert.Single(await Organisation.OrdersAsync()).Void);
    }

    [CaseThatNeeds(Ability.Changes)]
    public async Task A_cancelled_order_that_is_wanted_again_needs_a_person()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        await replica.TakeAsync(order.Cancelled());
        await CancelledAsync(order, "done");

        await replica.TakeAsync(order with { Version = 3 });
        await UntilAsync(order, "refused");

        Assert.Equal(DeliveryState.Attention, (await replica.ReportAsync(order)).State);
        Assert.True(Assert.Single(await Organisation.OrdersAsync()).Void);
    }

    [CaseThatNeeds(Ability.Changes)]
    public async Task A_cancellation_that_comes_again_makes_no_call()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        await replica.TakeAsync(order.Cancelled());
        await CancelledAsync(order, "done");
        var calls = Line.Calls.Count;

        await replica.TakeAsync(order.Cancelled());
        await replica.TakeAsync(order);
        await replica.TakeAsync(order.Cancelled() with { Version = 3 });
        await PushAsync(replica, Capture.Order(Home, order.Customer));

        Assert.DoesNotContain(Line.Calls.Skip(calls), call => call.Body.Contains(order.Number!, StringComparison.Ordinal) || call.Path.Contains(order.Number!, StringComparison.Ordinal));
    }

    // The ledger's word counts, not that it stood done before.
    private protected Task CancelledAsync(DeliverRecord order, string state) => UntilTrueAsync(
        async () => await DocumentAsync(order.CompanyId, order.RecordId) is { Held: false, Code: "cancelled" or "cancelled.unwritten" } seen && seen.State == state, $"the order to be cancelled and {state}");

    private protected Task PushedAsync(DeliverRecord order) => UntilTrueAsync(
        async () => await DocumentAsync(order.CompanyId, order.RecordId) is { State: "done", Held: false } seen && seen.Pushed == order.Revision, $"revision {order.Revision} to be there");

    private static async Task<(DeliveryState, decimal?, string?)> SaidAsync(ConnectorReplica replica, DeliverRecord order) =>
        await replica.ReportAsync(order) is var report ? (report.State, report.State == DeliveryState.Done ? report.ExternalTotal : null, report.Code) : default;
}
