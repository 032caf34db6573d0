using OrderSync.Connectors.Tests.Recording;
using OrderSync.Contracts.Bus;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class WorkerTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    [InCi]
    public async Task F104_Two_replicas_create_many_orders_once_each_within_the_limit_of_the_account()
    {
        var many = Servers.Full ? 200 : 60;
        // The first calls wait for one another, so that the account is full at least once whatever the machine does.
        var arrived = 0;
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var erp = new RecordingErp(TimeProvider.System)
        {
            Arriving = async _ =>
            {
                if (Interlocked.Increment(ref arrived) == 3)
                    full.SetResult();
                await full.Task;
                await Task.Yield();
            },
        };
        await using var one = await RecordingHost.StartAsync(database, erp, TimeProvider.System);
        await using var two = await RecordingHost.StartAsync(database, erp, TimeProvider.System);
        await one.ConnectAsync(company, connection, "many", maxConcurrent: 3);
        var orders = Enumerable.Range(0, many).Select(_ => A.Order(company, connection)).ToList();

        await Parallel.ForEachAsync(orders.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (order, _) => await (order.Index % 2 == 0 ? one : two).TakeAsync(order.Item));
        await Eventually.TrueAsync(async () => await DoneAsync() == many, "all orders to be done");

        Assert.Equal(orders.Select(order => order.RecordId).Order(), erp.Created.Select(document => document.RecordId).Order());
        Assert.Equal(3, erp.Peaks["recording:many"]);
    }

    [Fact]
    [InCi]
    public async Task F106_New_customers_are_created_before_their_orders_by_two_replicas_in_any_order_of_arrival()
    {
        var erp = new RecordingErp(TimeProvider.System);
        await using var one = await RecordingHost.StartAsync(database, erp, TimeProvider.System);
        await using var two = await RecordingHost.StartAsync(database, erp, TimeProvider.System);
        await one.ConnectAsync(company, connection);
        var customers = Enumerable.Range(0, 15).Select(_ => A.Snapshot()).ToList();
        var orders = Enumerable.Range(0, 60).Select(i => A.Order(company, connection, customers[i % 15])).ToList();

        await Parallel.ForEachAsync(orders.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (order, _) => await (order.Index % 2 == 0 ? one : two).TakeAsync(order.Item));
        await Eventually.TrueAsync(async () => await DoneAsync() == 75, "all documents to be done");

        var positions = erp.Created.Select((document, i) => (document.RecordId, i)).ToDictionary(pair => pair.RecordId, pair => pair.i);
        Assert.Equal(75, positions.Count);
        Assert.All(orders, order => Assert.True(positions[order.Customer!.Id] < positions[order.RecordId]));
        Assert.Equal(0, await database.ScalarAsync<long>($"select count(*) from recording.document where company_id = '{company}' and tries > 0"));
    }

    [Fact]
    public async Task F106_An_order_waits_for_a_record_that_comes_later()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var customer = A.Customer(company, connection);
        var order = A.Order(company, connection) with { DependsOn = [customer.RecordId] };

        await host.TakeAsync(order);
        Assert.Equal(("dependency.waiting", DeliveryState.Waiting), await ReportAsync(host, order));
        await host.TakeAsync(customer);
        await database.UntilAsync(order.RecordId, "done");

        Assert.Equal([customer.RecordId, order.RecordId], erp.Created.Select(document => document.RecordId));
    }

    [Fact]
    [InCi]
    public async Task F103_A_slow_company_does_not_delay_another()
    {
        var erp = new RecordingErp(clock);
        var release = new TaskCompletionSource();
        erp.Arriving = call => call.Account == "recording:slow" ? release.Task : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection, "slow");
        for (var i = 0; i < 60; i++)
            await host.TakeAsync(A.Order(company, connection));
        await Eventually.TrueAsync(() => erp.Peaks.GetValueOrDefault("recording:slow") == 4, "the slow account to be full");
        var other = Guid.NewGuid();
        await host.ConnectAsync(other, connection, "quick");
        var order = A.Order(other, connection);

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done");

        Assert.Equal(4, erp.Peaks["recording:slow"]);
        release.SetResult();
        await Eventually.TrueAsync(async () => await DoneAsync() == 60, "the slow account to drain");
    }

    [Fact]
    [InCi]
    public async Task Too_many_requests_rest_the_account_for_as_long_as_it_asked_and_leave_others_alone()
    {
        var erp = new RecordingErp(clock);
        var asked = 0;
        erp.Arriving = call => call.Account == "recording:limited" && Interlocked.Increment(ref asked) == 1
            ? throw new OutcomeException(new Outcome.Later("Fewer calls, please.", TimeSpan.FromSeconds(90), WholeAccount: true))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection, "limited", maxConcurrent: 1);
        var other = Guid.NewGuid();
        await host.ConnectAsync(other, connection, "free");
        var orders = new[] { A.Order(company, connection), A.Order(company, connection), A.Order(other, connection) };

        foreach (var order in orders)
            await host.TakeAsync(order);
        await database.UntilAsync(orders[2].RecordId, "done");
        await database.UntilAsync(orders[0].RecordId, "done", clock);
        await database.UntilAsync(orders[1].RecordId, "done", clock);

        var calls = erp.Calls.Where(call => call.Account == "recording:limited").Select(call => call.At).ToList();
        Assert.True(calls[1] - calls[0] >= TimeSpan.FromSeconds(90), $"{calls[1] - calls[0]} after it asked for 90 s");
    }

    [Fact]
    public async Task An_unexpected_failure_before_a_write_is_tried_again_with_growing_pauses()
    {
        var erp = new RecordingErp(clock);
        var failures = 0;
        erp.Arriving = call => call.Name == "look" && Interlocked.Increment(ref failures) <= 5 ? throw new InvalidOperationException("A surprise.") : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "done", clock);

        var looks = erp.CallsNamed("look").Select(call => call.At).ToList();
        Assert.True(looks[5] - looks[4] >= TimeSpan.FromSeconds(8), $"only {looks[5] - looks[4]} before the sixth try");
        Assert.Single(erp.Created);
    }

    private Task<long> DoneAsync() => database.ScalarAsync<long>($"select count(*) from recording.document where company_id = '{company}' and state = 'done'");

    private static async Task<(string?, DeliveryState)> ReportAsync(RecordingHost host, DeliverRecord record)
    {
        var report = await host.ReportAsync(record);
        return (report.Code, report.State);
    }
}
