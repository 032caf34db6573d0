using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Tryton;

/// <summary>Many orders into the real Tryton while the connector is killed: a score of them in CI, three hundred in the full tier.</summary>
[InCi]
public sealed class TrytonKilledTests(TrytonStage stage) : ConformanceCase(stage), IClassFixture<TrytonStage>
{
    private static readonly decimal[] Prices = [0.125m, 1.005m, 2.345m, 3.35m, 10.15m, 29.99m, 84.375m];

    [Fact]
    public async Task F103_F104_Orders_are_processed_once_and_equal_to_the_cent_though_the_connector_was_killed_twice()
    {
        var (count, dice, patience) = (Servers.Full ? 300 : 20, new Random(7), TimeSpan.FromMinutes(8));
        var settings = Organisation.Settings();
        settings["callsPerMinute"] = 1_000_000;
        var customers = Enumerable.Range(0, count / 4).Select(i => Capture.Customer($"Zoë Ñandú {i}")).ToList();
        var orders = Enumerable.Range(0, count).Select(i => Capture.Order(Home, customers[i % customers.Count], [.. Enumerable.Range(0, dice.Next(1, 6)).Select(_ => Some.Line(
            dice.Next(2) == 0 ? "A" : "B", dice.Next(4) == 0 ? dice.Next(1, 400) / 4m : dice.Next(1, 30), Prices[dice.Next(Prices.Length)], dice.Next(4) switch { 0 => 0, 1 => 8, 2 => 10, _ => 20 }))])
            .As(Stage.Erp, Stage.Erp.Usual)).ToList();

        for (var life = 1; life <= 2; life++)
        {
            var replica = await ConnectedAsync(settings);
            foreach (var order in orders)
                await replica.TakeAsync(order with { Version = life });
            var wanted = count * life / 3;
            await UntilTrueAsync(async () => await DoneCountAsync() >= wanted, $"{wanted} orders", patience);
            replica.Kill();
        }

        await ReplicaAsync();
        await UntilTrueAsync(async () => await DoneCountAsync() == count, "all orders", patience);

        Assert.Equal(
            orders.Select(order => (order.RecordId, order.Number!, order.Total(), Final: true)).Order(),
            (await Organisation.OrdersAsync()).Select(one => (one.RecordId ?? Guid.Empty, one.Number!, one.Total ?? 0, one.Final)).Order());
        Assert.Equal(customers.Select(customer => customer.Id).Order(), (await Organisation.CustomersAsync()).Select(one => one.RecordId ?? Guid.Empty).Order());
    }

    private Task<long> DoneCountAsync() => ScalarAsync<long>($"select count(*) from {Schema}.document where company_id = $1 and kind = 'order' and state = 'done'", Home.Company);
}
