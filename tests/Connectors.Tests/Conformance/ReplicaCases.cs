using System.Collections.Concurrent;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Several replicas, of which any may be killed, frozen or cut off at any step.</summary>
[OfTheFramework]
public abstract class ReplicaCases(ConformanceStage stage) : LongWaitCases(stage)
{
    [Fact]
    public async Task Two_replicas_write_thirty_orders_once_each()
    {
        var replicas = new[] { await ConnectedAsync(Eight()), await ReplicaAsync() };
        var customers = Enumerable.Range(0, 5).Select(_ => Capture.Customer()).ToList();
        var orders = Enumerable.Range(0, 30).Select(i => Capture.Order(Home, customers[i % 5])).ToList();

        await Parallel.ForEachAsync(orders.Index(), async (order, _) => await replicas[order.Index % 2].TakeAsync(order.Item));
        await DoneAsync(orders);

        await AllOnceAsync(orders);
        Assert.Equal(30, Line.To(CallStep.CreateOrder).Count());
    }

    [Fact]
    public Task A_replica_killed_while_it_looks_leaves_its_work_to_another() => KilledAtAsync(CallStep.Look, carriedOut: false);

    [Fact]
    public Task A_replica_killed_before_the_customer_was_created_doubles_nothing() => KilledAtAsync(CallStep.CreateCustomer, carriedOut: false);

    [Fact]
    public Task A_replica_killed_after_the_customer_was_created_doubles_nothing() => KilledAtAsync(CallStep.CreateCustomer, carriedOut: true);

    [Fact]
    public Task A_replica_killed_before_the_order_was_created_doubles_nothing() => KilledAtAsync(CallStep.CreateOrder, carriedOut: false);

    [Fact]
    public Task A_replica_killed_after_the_order_was_created_doubles_nothing() => KilledAtAsync(CallStep.CreateOrder, carriedOut: true);

    [CaseThatNeeds(Ability.Drafts)]
    public Task A_replica_killed_while_it_confirms_leaves_a_confirmed_order() => KilledAtAsync(CallStep.Confirm, carriedOut: true);

    [Fact]
    [InCi]
    public async Task Five_replicas_killed_one_after_the_other_leave_one_of_everything()
    {
        var dice = new Random(11);
        var orders = Enumerable.Range(0, 4).Select(_ => Capture.Order(Home)).ToList();
        for (var i = 0; i < 5; i++)
        {
            var replica = await ConnectedAsync();
            var (held, left) = (new Held(), dice.Next(1, 6));
            foreach (var step in Enum.GetValues<CallStep>())
                Line.Lay(step, Obstacles.Waits(held, carriedOut: dice.Next(2) == 0), only: _ => Interlocked.Decrement(ref left) == 0);
            foreach (var order in orders)
                await replica.TakeAsync(order with { Version = i + 1 });
            var ended = false;
            await UntilTrueAsync(async () => (ended = await AreDoneAsync(orders)) || Volatile.Read(ref left) <= 0, "the call to be killed at");
            replica.Kill();
            Line.Clear();
            if (ended)
                break;
        }

        await ReplicaAsync();
        await DoneAsync(orders);
        await AllOnceAsync(orders);
    }

    [Fact]
    public async Task A_claim_is_not_taken_over_while_the_session_of_its_holder_lives()
    {
        var first = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.CreateOrder, Obstacles.Waits(held));
        await first.TakeAsync(order);
        await ReachedAsync(held);
        var second = await ReplicaAsync();

        // Short of the time-out of a call, four of its sweeps long; after each of them it has shown that it works.
        for (var i = 0; i < 4; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(6));
            var other = Capture.Order(Home);
            await second.TakeAsync(other);
            await UntilAsync(Home.Company, other.RecordId, "done", timePasses: false);
        }

        Assert.Single(Line.To(CallStep.CreateOrder), call => call.Body.Contains(order.Number!, StringComparison.Ordinal));
        Assert.True((await DocumentAsync(Home.Company, order.RecordId))!.Held, "The claim was taken over.");
        held.Go();
        await DoneAsync(order);
        await OnceAsync(order);
    }

    [Fact]
    public async Task No_transaction_is_open_while_the_ERP_is_asked()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var open = new ConcurrentBag<string>();
        Line.Watching = async call =>
        {
            try
            {
                // Others of the replica come and go; one across the call stays as long as the call is kept here.
                await Eventually.TrueAsync(async () => await ScalarAsync<long>("""
                    select count(distinct pid) from pg_stat_activity join pg_locks using (pid)
                    where datname = current_database() and usename like $1 and (locktype = 'transactionid' or state like 'idle in transaction%')
                    """, $"{Schema}%") == 0, "no transaction", TimeSpan.FromSeconds(2));
            }
            catch (TimeoutException)
            {
                open.Add($"{call.Method} {call.Path}");
            }
        };

        await PushAsync(replica, order);

        Assert.Empty(open);
        Assert.Contains(Line.Calls, call => call.Step == CallStep.Token);
    }

    private async Task KilledAtAsync(CallStep step, bool carriedOut)
    {
        var first = await ConnectedAsync();
        var order = Capture.Order(Home);

        await KilledAsync(first, step, order, carriedOut);

        await OnceAsync(order);
    }

    /// <summary>The replica is killed while the call for a step is under way; another brings the record to its end.</summary>
    private protected async Task KilledAsync(ConnectorReplica first, CallStep step, DeliverRecord record, bool carriedOut = true)
    {
        var held = new Held();
        Line.Lay(step, Obstacles.Waits(held, carriedOut));
        await first.TakeAsync(record);
        await ReachedAsync(held);

        first.Kill();
        await ReplicaAsync();
        await DoneAsync(record);
    }

    private async Task<bool> AreDoneAsync(IEnumerable<DeliverRecord> orders)
    {
        foreach (var order in orders)
        {
            if ((await DocumentAsync(Home.Company, order.RecordId))?.State != "done")
                return false;
        }

        return true;
    }
}
