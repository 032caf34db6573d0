using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A person stops, reopens, tries again.</summary>
[OfTheFramework]
public abstract class StopCases(ConformanceStage stage) : RestartCases(stage)
{
    [Fact]
    public async Task An_order_stopped_before_its_turn_is_never_written()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home) with { DependsOn = [Guid.NewGuid()] };
        await replica.TakeAsync(order);

        await replica.TakeAsync(order.Stopped());
        await UntilAsync(order, "stopped");

        Assert.Equal(DeliveryState.Stopped, (await replica.ReportAsync(order)).State);
        Assert.Empty(Line.To(CallStep.CreateOrder));
    }

    [Fact]
    public async Task An_order_stopped_between_its_steps_is_not_created_and_goes_on_when_it_is_reopened()
    {
        var replica = await ConnectedAsync();
        var customer = Capture.Customer();
        await PushAsync(replica, customer.Record(Home));
        var order = Capture.Order(Home, customer);
        var held = new Held();
        Line.Lay(CallStep.Look, Obstacles.Waits(held));
        await replica.TakeAsync(order);
        await ReachedAsync(held);

        await replica.TakeAsync(order.Stopped());
        held.Go();
        await UntilAsync(order, "stopped");
        Assert.Empty(Line.To(CallStep.CreateOrder));
        await replica.TakeAsync(order with { Version = 3 });
        await DoneAsync(order);

        await OnceAsync(order);
    }

    [Fact]
    public async Task A_stop_while_a_write_is_unsure_looks_first_and_says_what_is_there()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheAnswer);
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await replica.TakeAsync(order.Stopped());
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))!.State is "stopped" or "done", "the end");

        // Where creating is all there is, the order was done before it could be stopped.
        var report = await replica.ReportAsync(order);
        Assert.True(report is { State: DeliveryState.Done } || report.Reason?.Contains("create", StringComparison.Ordinal) == true, $"{report}");
        Assert.Single(await Organisation.OrdersAsync());
        Assert.Single(Line.To(CallStep.CreateOrder));
    }

    [Fact]
    public async Task A_stop_while_a_write_is_unsure_that_took_no_effect_ends_without_a_document()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheRequest);
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await replica.TakeAsync(order.Stopped());
        await UntilAsync(order, "stopped");

        Assert.Empty(await Organisation.OrdersAsync());
    }

    [Fact]
    public async Task A_stop_of_what_is_done_changes_nothing()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var calls = Line.Calls.Count;

        await replica.TakeAsync(order.Stopped());

        Assert.Equal(DeliveryState.Done, (await replica.ReportAsync(order)).State);
        Assert.Equal(calls, Line.Calls.Count);
        await OnceAsync(order);
    }

    [Fact]
    public async Task A_retry_of_what_is_done_makes_no_call()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var calls = Line.Calls.Count;

        await replica.RetryAsync(order);
        await PushAsync(replica, Capture.Order(Home, order.Customer));

        Assert.DoesNotContain(Line.Calls.Skip(calls), call => call.Body.Contains(order.Number!, StringComparison.Ordinal));
        await OnceAsync(order);
    }
}
