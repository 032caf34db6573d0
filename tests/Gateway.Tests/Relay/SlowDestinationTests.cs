using System.Diagnostics;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Relay;

/// <summary>One destination is away and its deliveries pile up; the others notice nothing.</summary>
[InFull]
public sealed class SlowDestinationTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly int Waiting = Servers.Full ? 100_000 : 1_500;
    private static readonly int Tries = Servers.Full ? 21 : 9;

    [Fact]
    public async Task F106_A_destination_that_is_away_fills_no_queue_slows_nobody_and_gets_all_in_order_when_it_is_back()
    {
        await gateway.Execute($"""
            update gateway.connection set kinds = '{"{order}"}';
            insert into gateway.connection (company_id, connection_id, name, connector, kinds) values ('{gateway.CompanyId}', gen_random_uuid(), 'slow', 'slow', '{"{customer}"}')
            """);
        using var device = await gateway.EnrolAsync();
        await using var quick = await TestConnector.StartAsync(gateway, answers: true);
        var customer = An.Customer();
        await device.PushAsync(customer);
        await MedianAsync(device, quick, customer["id"]!.GetValue<Guid>());
        var before = await MedianAsync(device, quick, customer["id"]!.GetValue<Guid>());
        var memory = MemoryOfGateway();

        var sent = Enumerable.Range(0, Waiting).Select(i => An.Customer(seq: i + 1)).ToList();
        var most = memory;
        foreach (var push in sent.Chunk(500))
        {
            await device.PushAsync(push);
            most = Math.Max(most, MemoryOfGateway());
        }

        await Eventually.TrueAsync(async () => (await gateway.Rabbit.QueuesAsync()).GetValueOrDefault("slow") >= 1_000, "the queue is as full as it gets");
        var during = await MedianAsync(device, quick, customer["id"]!.GetValue<Guid>());

        Assert.InRange((await gateway.Rabbit.QueuesAsync())["slow"], 1_000, 1_200);
        var disturbance = TimeSpan.FromMilliseconds(Servers.Full ? 150 : 3_000);
        Assert.True(during < before * 2 + disturbance, $"an order took {before.TotalMilliseconds:0} ms before and {during.TotalMilliseconds:0} ms while the other destination was away");
        // A hundred thousand messages kept would be more than 300 MB.
        Assert.True(most - memory < 150, $"the gateway grew from {memory} to {most} MB");

        await using var slow = await TestConnector.StartAsync(gateway, "slow", answers: true);
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>("select count(*) from gateway.outbox where connector = 'slow'") == 0, "it gets all", Servers.Full ? TimeSpan.FromMinutes(15) : null);
        var arrived = slow.Messages.Select(message => message.RecordId).Distinct().Select((id, place) => (id, place)).ToDictionary(pair => pair.id, pair => pair.place);
        Assert.Equal(Waiting + 1, arrived.Count);
        // A claim of a hundred is sent at once, and so are the rows of one push: within that, order is the ledger's business.
        var strayed = sent.Select((record, place) => Math.Abs(arrived[record["id"]!.GetValue<Guid>()] - place)).Max();
        Assert.True(strayed < 600, $"one came {strayed} places from its own");
    }

    private static async Task<TimeSpan> MedianAsync(TestDevice device, TestConnector connector, Guid customer)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Tries; i++)
        {
            var order = An.Order(customer: customer);
            var clock = Stopwatch.StartNew();
            await device.PushAsync(order);
            await connector.ReceivedAsync(order["id"]!.GetValue<Guid>());
            times.Add(clock.Elapsed);
        }

        return times.Order().ElementAt(Tries / 2);
    }

    private long MemoryOfGateway()
    {
        using var process = Process.GetProcessById(gateway.Gateway.ProcessId);
        return process.WorkingSet64 >> 20;
    }
}
