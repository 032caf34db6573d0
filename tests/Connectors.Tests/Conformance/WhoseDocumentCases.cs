namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A document is ours only by our record id.</summary>
public abstract class WhoseDocumentCases(ConformanceStage stage) : SecondLookCases(stage)
{
    [Fact]
    public async Task An_order_of_somebody_else_with_our_number_is_never_adopted()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await Organisation.TakeNumberAsync(order.Number!);

        await replica.TakeAsync(order);
        var refused = await UntilAsync(order, "refused");

        Assert.Equal("erp.numberTaken", refused.Code);
        Assert.Contains(order.Number!, refused.Reason!, StringComparison.Ordinal);
        Assert.Empty(Line.To(CallStep.CreateOrder));
        Assert.Null(Assert.Single(await Organisation.OrdersAsync()).RecordId);
    }

    [Fact]
    public async Task Two_orders_of_ours_under_one_number_are_not_mixed_up()
    {
        var replica = await ConnectedAsync();
        var first = Capture.Order(Home);
        var second = Capture.Order(Home) with { Number = first.Number };
        await PushAsync(replica, first);

        await replica.TakeAsync(second);
        var refused = await UntilAsync(second, "refused");

        Assert.Equal("erp.numberTaken", refused.Code);
        await OnceAsync(first);
        Assert.Single(await Organisation.OrdersAsync());
    }

    [Fact]
    public async Task A_customer_found_by_name_alone_is_never_adopted()
    {
        var replica = await ConnectedAsync();
        await Organisation.TakeNameAsync("Al Noor Grocery");
        var order = Capture.Order(Home, Capture.Customer("Al Noor Grocery"));

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Single(await Organisation.CustomersAsync(), customer => customer.RecordId is null && customer.Text == "Al Noor Grocery");
    }

    [Fact]
    public async Task Two_customers_of_one_name_stay_two()
    {
        var replica = await ConnectedAsync();
        var orders = new[] { Capture.Order(Home, Capture.Customer("Twin Shop")), Capture.Order(Home, Capture.Customer("Twin Shop")) };

        await PushAsync(replica, orders);

        foreach (var order in orders)
            await OnceAsync(order);
        Assert.Equal(2, (await Organisation.CustomersAsync()).Count);
    }

    [Fact]
    public async Task Another_companys_record_of_the_same_id_is_another_document()
    {
        var replica = await ConnectedAsync();
        var (there, theirs) = (AnotherPlace(), await AnotherOrganisationAsync());
        await replica.ConnectAsync(there, theirs.Settings());
        var order = Capture.Order(Home);

        await PushAsync(replica, order, order with { CompanyId = there.Company, ConnectionId = there.Connection });

        await OnceAsync(order);
        Assert.Equal(order.RecordId, Assert.Single(await theirs.OrdersAsync()).RecordId);
    }

    [Fact]
    public async Task A_connection_removed_and_added_again_goes_on_with_the_old_documents()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var before = Line.Calls.Count(call => call.Step is not (CallStep.Look or CallStep.Token));

        var again = Home with { Connection = Guid.NewGuid() };
        await replica.ConnectAsync(again, Organisation.Settings());
        await replica.TakeAsync(order with { ConnectionId = again.Connection, Version = 2 });
        await DoneAsync(order);

        await OnceAsync(order);
        Assert.Equal(before, Line.Calls.Count(call => call.Step is not (CallStep.Look or CallStep.Token)));
    }
}
