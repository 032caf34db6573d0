using OrderSync.Gateway.Tests.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Deliveries;

/// <summary>What a record needs at a destination is brought there with it.</summary>
[Collection("deliveries")]
public sealed class NeededTests(DeliveriesFixture gateway)
{
    [Fact]
    public async Task A_customer_accepted_before_the_erp_was_connected_goes_there_with_the_first_order()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var late = await gateway.ConnectAsync("order,customer");

        await device.PushAsync(An.Order(customer: customer), An.Order(customer: customer));

        Assert.Equal(["customer", "order", "order"], await gateway.DeliveredKindsAsync(late));
    }

    [Fact]
    public async Task A_receipt_brings_its_order_and_that_orders_customer_once()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var order = An.Order(customer: customer);
        await device.PushAsync(An.Customer(customer), order);
        var late = await gateway.ConnectAsync("order,customer,receipt");

        await device.PushAsync(An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>(), amount: 5), An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>(), amount: 5));

        Assert.Equal(["customer", "order", "receipt", "receipt"], await gateway.DeliveredKindsAsync(late));
    }

    [Fact]
    public async Task F082_A_receipts_message_names_the_orders_it_pays_where_these_go_to_the_same_place()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        var (order, all, some) = (An.Order(customer: customer), await gateway.ConnectAsync("order,customer,receipt"), await gateway.ConnectAsync("customer,receipt"));
        var receipt = An.Receipt(customer: customer, order: order["id"]!.GetValue<Guid>(), amount: 5);
        await device.PushAsync(An.Customer(customer), order, receipt);
        var id = receipt["id"]!.GetValue<Guid>();

        await using var takesAll = await TestConnector.StartAsync(gateway, all);
        await using var takesSome = await TestConnector.StartAsync(gateway, some);

        var message = await takesAll.ReceivedAsync(id);
        Assert.Equal([order["id"]!.GetValue<Guid>()], message.DependsOn);
        Assert.Equal("MAIN", message.Branch);
        Assert.Empty((await takesSome.ReceivedAsync(id)).DependsOn);
    }

    [Fact]
    public async Task What_a_destination_does_not_take_is_not_brought_there()
    {
        using var device = await gateway.EnrolAsync();
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var late = await gateway.ConnectAsync("order");

        await device.PushAsync(An.Order(customer: customer));

        Assert.Equal(["order"], await gateway.DeliveredKindsAsync(late));
    }

    [Fact]
    public async Task A_record_that_waited_brings_what_it_needs_when_it_goes_on()
    {
        using var device = await gateway.EnrolAsync("Waiting rep");
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        await gateway.Execute("update gateway.rep set disabled = true where name = 'Waiting rep'");
        var verdict = Assert.Single(await device.PushAsync(An.Order(customer: customer)));
        Assert.Equal("waiting", verdict.GetProperty("outcome").GetString());
        var late = await gateway.ConnectAsync("order,customer");

        await gateway.Execute("update gateway.rep set disabled = false where name = 'Waiting rep'");

        await Eventually.TrueAsync(async () => (await gateway.DeliveredKindsAsync(late)) is ["customer", "order"], "order and customer to go on");
    }

    [Fact]
    public async Task Two_devices_that_bring_the_same_customer_to_a_new_connection_at_once_make_one_delivery_of_it()
    {
        using var device = await gateway.EnrolAsync();
        var customers = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();
        await device.PushAsync([.. customers.Select(id => An.Customer(id))]);
        var late = await gateway.ConnectAsync("order,customer");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => device.PushAsync([.. customers.OrderBy(_ => Guid.NewGuid()).Select(id => An.Order(customer: id))])));

        var kinds = await gateway.DeliveredKindsAsync(late);
        Assert.Equal(20, kinds.Count(kind => kind == "customer"));
        Assert.Equal(120, kinds.Count(kind => kind == "order"));
    }
}
