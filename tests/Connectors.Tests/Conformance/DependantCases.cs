using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Who must come first does; nobody else waits.</summary>
public abstract class DependantCases(ConformanceStage stage) : WhoseDocumentCases(stage)
{
    [Fact]
    [InCi]
    public async Task Eight_workers_try_no_order_whose_new_customer_is_still_being_created()
    {
        var replica = await ConnectedAsync(Eight());
        var customers = Enumerable.Range(0, 4).Select(_ => Capture.Customer()).ToList();
        var orders = Enumerable.Range(0, 16).Select(i => Capture.Order(Home, customers[i % 4])).ToList();
        var held = new Held();
        Line.Lay(CallStep.CreateCustomer, Obstacles.Waits(held), only: call => call.Names(customers[0].Id));

        foreach (var order in orders)
            await replica.TakeAsync(order);
        await ReachedAsync(held);
        foreach (var order in orders.Where(order => order.Customer!.Id != customers[0].Id))
            await UntilAsync(Home.Company, order.RecordId, "done", timePasses: false);
        Assert.DoesNotContain(Line.To(CallStep.CreateOrder), call => orders.Any(order => order.Customer!.Id == customers[0].Id && call.Body.Contains(order.Number!, StringComparison.Ordinal)));
        held.Go();
        await DoneAsync(orders);

        await AllOnceAsync(orders);
    }

    [Fact]
    public async Task An_order_waits_visibly_for_a_record_that_comes_later_and_is_released_by_itself()
    {
        var replica = await ConnectedAsync();
        var customer = Capture.Customer();
        var order = Capture.Order(Home) with { DependsOn = [customer.Id] };
        await replica.TakeAsync(order);

        var waiting = await replica.ReportAsync(order);
        await PushAsync(replica, customer.Record(Home));
        await DoneAsync(order);

        Assert.Equal((DeliveryState.Waiting, "dependency.waiting"), (waiting.State, waiting.Code));
        await OnceAsync(order);
    }

    [Fact]
    public async Task An_order_behind_a_refused_customer_says_why_and_goes_on_with_one_retry()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateCustomer, Obstacles.Says(Stage.Erp.No("The tax number is not valid")));
        await replica.TakeAsync(order);
        await UntilAsync(Home.Company, order.Customer!.Id, "refused");

        var waiting = await replica.ReportAsync(order);
        await replica.RetryAsync(order);
        await DoneAsync(order);

        Assert.Equal(DeliveryState.Waiting, waiting.State);
        Assert.Contains("The tax number is not valid", waiting.Reason!, StringComparison.Ordinal);
        await OnceAsync(order);
    }

    [Fact]
    public async Task An_order_behind_a_stopped_customer_needs_a_person_and_goes_on_when_it_is_reopened()
    {
        var replica = await ConnectedAsync();
        var customer = Capture.Customer();
        var order = Capture.Order(Home, customer);
        Line.Lay(CallStep.CreateCustomer, Obstacles.Says(Stage.Erp.No("Not yet")), times: 1000);
        await replica.TakeAsync(customer.Record(Home));
        await UntilAsync(Home.Company, customer.Id, "refused");
        await replica.TakeAsync(order);
        await replica.TakeAsync(customer.Record(Home).Stopped());
        await UntilAsync(Home.Company, customer.Id, "stopped");

        var blocked = await replica.ReportAsync(order);
        Line.Clear();
        await replica.TakeAsync(customer.Record(Home, version: 3));
        await DoneAsync(order);

        Assert.Equal((DeliveryState.Attention, "dependency.stopped"), (blocked.State, blocked.Code));
        await OnceAsync(order);
    }

    [Fact]
    public async Task One_bad_order_holds_up_nobody()
    {
        var replica = await ConnectedAsync();
        var customer = Capture.Customer();
        var good = Enumerable.Range(0, 6).Select(_ => Capture.Order(Home, customer)).ToList();
        var bad = Capture.Order(Home, customer, Some.Line("NOBODY-SELLS-THIS"));

        await replica.TakeAsync(bad);
        await PushAsync(replica, good);

        await UntilAsync(bad, "refused");
        await AllOnceAsync(good);
    }

    [Fact]
    [InCi]
    public async Task A_company_whose_ERP_does_not_answer_delays_no_other()
    {
        var replica = await ConnectedAsync();
        var (there, theirs) = (AnotherPlace(), await AnotherOrganisationAsync());
        await replica.ConnectAsync(there, theirs.Settings());
        var held = new Held();
        Line.Lay(CallStep.Look, Obstacles.Waits(held), times: 1000, only: call => call.Path.Contains(Organisation.Id, StringComparison.Ordinal));
        var stuck = Enumerable.Range(0, 10).Select(_ => Capture.Order(Home)).ToList();
        foreach (var order in stuck)
            await replica.TakeAsync(order);
        await ReachedAsync(held);

        var quick = Capture.Order(there);
        await replica.TakeAsync(quick);
        await UntilAsync(there.Company, quick.RecordId, "done", timePasses: false);

        held.Go();
        await DoneAsync(stuck);
        await AllOnceAsync(stuck);
    }

    [Fact]
    public async Task Messages_in_any_order_and_any_number_of_times_by_two_replicas_end_the_same()
    {
        var replicas = new[] { await ConnectedAsync(), await ReplicaAsync() };
        var orders = Enumerable.Range(0, 6).Select(_ => Capture.Order(Home)).ToList();
        var messages = Enumerable.Repeat(orders.Concat(orders.Select(order => order.Customer!.Record(Home))), 3).SelectMany(one => one).ToArray();
        new Random(7).Shuffle(messages);

        await Parallel.ForEachAsync(messages.Index(), async (message, _) => await replicas[message.Index % 2].TakeAsync(message.Item));
        await DoneAsync(orders);

        await AllOnceAsync(orders);
        Assert.Equal(6, Line.To(CallStep.CreateOrder).Count());
        Assert.Equal(6, Line.To(CallStep.CreateCustomer).Count());
    }

    [Fact]
    public async Task A_revision_that_comes_while_the_first_is_written_is_pushed_after_it()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.CreateOrder, Obstacles.Waits(held, carriedOut: true));
        await replica.TakeAsync(order);
        await ReachedAsync(held);

        await replica.TakeAsync(order.Revised());
        held.Go();
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))!.Pushed == 2, "revision 2");

        await OnceAsync(order);
        Assert.Equal(2, (await replica.ReportAsync(order)).Revision);
    }

    [Fact]
    public async Task An_older_message_that_comes_late_changes_nothing()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order.Revised() with { Version = 5 });
        var calls = Line.Calls.Count;

        await replica.TakeAsync(order);
        await replica.TakeAsync(order with { Version = 4, Wish = DeliveryWish.Stop });

        var report = await replica.ReportAsync(order);
        Assert.Equal((DeliveryState.Done, 5L, 2), (report.State, report.KnownVersion, report.Revision));
        Assert.Equal(calls, Line.Calls.Count);
    }

    private protected async Task AllOnceAsync(IReadOnlyList<DeliverRecord> orders)
    {
        var theirs = await Organisation.OrdersAsync();
        Assert.Equal(orders.Select(order => (order.RecordId, order.Number, order.Total(), true)).Order(),
            theirs.Select(one => (one.RecordId ?? Guid.Empty, one.Number, one.Total ?? 0, one.Final)).Order());
        Assert.Equal(orders.Select(order => order.Customer!.Id).Distinct().Order(), (await Organisation.CustomersAsync()).Select(one => one.RecordId ?? Guid.Empty).Order());
    }

    private protected JsonObject Eight()
    {
        var settings = Organisation.Settings();
        settings["maxConcurrent"] = 8;
        return settings;
    }
}
