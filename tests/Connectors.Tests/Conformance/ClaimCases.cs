using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>
/// Who writes holds the claim at that moment: whoever was frozen, cut off or made to wait in between looks before it writes whether that is so.
/// </summary>
[OfTheFramework]
public abstract class ClaimCases(ConformanceStage stage) : ReplicaCases(stage)
{
    [Fact]
    public async Task A_worker_that_was_frozen_while_its_claim_was_taken_over_writes_nothing_when_it_wakes()
    {
        var first = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        await FreezeAfterTheLastLookAsync(first, held);
        await first.TakeAsync(order);
        await ReachedAsync(held);

        await EndLockSessionsAsync();
        await ReplicaAsync();
        await DoneAsync(order);
        held.Go();
        await first.StopAsync();

        await OneOfEachAsync(order);
    }

    [Fact]
    [InCi]
    public async Task A_worker_that_froze_between_its_intent_and_its_write_writes_nothing_once_its_claim_was_taken_over()
    {
        var first = await ConnectedAsync();
        var order = Capture.Order(Home);
        await FreezeAfterTheIntentAsync(first, order);

        await EndLockSessionsAsync();
        await ReplicaAsync();
        await DoneAsync(order);
        // A session is trusted for five seconds. Where a create may be repeated nothing waits for that; the same one within it would get the first one's answer.
        Clock.Advance(TimeSpan.FromSeconds(6));
        first.Thaw();
        await first.StopAsync();

        await OneOfEachAsync(order);
    }

    [Fact]
    [InCi]
    public async Task A_worker_whose_session_ended_writes_nothing_before_it_has_claimed_anew()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await FreezeAfterTheIntentAsync(replica, order);
        var withoutClaim = 0L;
        Line.Watching = async call =>
        {
            if (call.Step is CallStep.CreateCustomer or CallStep.CreateOrder)
                withoutClaim += 1 - Math.Min(1, await LivingClaimsAsync());
        };

        await EndLockSessionsAsync();
        Clock.Advance(TimeSpan.FromSeconds(6));
        replica.Thaw();
        await DoneAsync(order);

        Assert.Equal(0, withoutClaim);
        await OnceAsync(order);
    }

    [Fact]
    [InCi]
    public async Task A_worker_whose_session_lives_but_has_not_answered_for_five_seconds_writes_nothing()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        await FreezeAfterTheLastLookAsync(replica, held);
        await replica.TakeAsync(order);
        await ReachedAsync(held);
        // What is written once this claim has been given up is another's, of a session that answers.
        var claim = await ScalarAsync<long>(HolderOfTheCustomer, Home.Company, order.Customer!.Id);
        var underThisClaim = 0;
        Line.Watching = async call =>
        {
            if (call.Step == CallStep.CreateCustomer && await ScalarAsync<long>(HolderOfTheCustomer, Home.Company, order.Customer!.Id) == claim)
                underThisClaim++;
        };

        // Its claim cannot be taken over, since its session lives; whether that is still so it cannot know.
        var session = await ScalarAsync<int>($"""
            select a.client_port from {Schema}.document d join pg_locks l
                on l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint << 32 | l.objid::bigint = d.holder join pg_stat_activity a on a.pid = l.pid
            where d.company_id = $1 limit 1
            """, Home.Company);
        replica.Silence(session);
        Clock.Advance(TimeSpan.FromSeconds(6));
        held.Go();
        await UntilTrueAsync(async () => await ScalarAsync<long>($"select count(*) from {Schema}.document where company_id = $1 and record_id = $2 and holder is null and (tries > 0 or state = 'done')", Home.Company, order.Customer!.Id) == 1, "the try to end");
        replica.Thaw();
        await DoneAsync(order);

        Assert.Equal(0, underThisClaim);
        await OneOfEachAsync(order);
    }

    [Fact]
    [InCi]
    public async Task A_worker_that_waited_for_its_place_in_the_minute_while_its_claim_was_taken_over_writes_nothing()
    {
        const int Minute = 40;
        var settings = Organisation.Settings();
        settings["callsPerMinute"] = Minute;
        var first = await ConnectedAsync(settings);
        var looks = await LooksBeforeACustomerIsWrittenAsync(first);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await first.TakePlacesAsync(Home, Minute - looks);
        Clock.Advance(TimeSpan.FromSeconds(58));
        var (order, before) = (Capture.Order(Home), Line.To(CallStep.Look).Count());
        await first.TakeAsync(order);
        await Eventually.TrueAsync(() => Line.To(CallStep.Look).Count() == before + looks && Line.Busy == 0, "the last look");
        Assert.Equal(Minute, (await first.StandingAsync(Home)).Budget.UsedThisMinute);

        // Only its session ends, and it has answered just now; the claim is another's. It hears nothing until that one is done: with a new session it could
        // take the document up itself, and would wait for its place for ever, since no time passes.
        var holder = await ScalarAsync<long>($"select min(holder) from {Schema}.document where company_id = $1", Home.Company);
        first.Freeze();
        await EndLockSessionsAsync();
        await ReplicaAsync();
        await Eventually.TrueAsync(async () => await ScalarAsync<long>($"select count(*) from {Schema}.document where company_id = $1 and holder = $2", Home.Company, holder) == 0, "the claim to be taken over");
        await UntilAsync(Home.Company, order.RecordId, "done", timePasses: false);
        first.Thaw();
        Clock.Advance(TimeSpan.FromSeconds(2));
        await first.StopAsync();

        await OneOfEachAsync(order);
    }

    [Fact]
    public async Task A_worker_that_wakes_after_its_deadline_writes_nothing_more()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        await FreezeAfterTheLastLookAsync(replica, held);
        await replica.TakeAsync(order);
        await ReachedAsync(held);
        var tries = new List<int>();
        Line.Watching = async call =>
        {
            if (call.Step == CallStep.CreateCustomer)
                tries.Add(await ScalarAsync<int>($"select tries from {Schema}.document where company_id = $1 and record_id = $2", Home.Company, order.Customer!.Id));
        };

        Clock.Advance(TimeSpan.FromMinutes(10));
        held.Go();
        await DoneAsync(order);

        Assert.True(Assert.Single(tries) > 1, "It was written by the try whose time was over.");
        await OneOfEachAsync(order);
    }

    // The customers that showed how many looks there are are two of the three.
    private async Task OneOfEachAsync(DeliverRecord order)
    {
        await OnceAsync(order);
        Assert.Equal((3, 1), (Line.To(CallStep.CreateCustomer).Count(), Line.To(CallStep.CreateOrder).Count()));
    }

    private string HolderOfTheCustomer => $"select coalesce(holder, 0) from {Schema}.document where company_id = $1 and record_id = $2";

    // The worker has looked and found nothing: what it does next is write. How many looks that takes shows with another customer.
    private async Task FreezeAfterTheLastLookAsync(ConnectorReplica replica, Held held)
    {
        var left = await LooksBeforeACustomerIsWrittenAsync(replica);
        Line.Lay(CallStep.Look, Obstacles.Waits(held, carriedOut: true), only: _ => Interlocked.Decrement(ref left) == 0);
    }

    // Its intent is in the ledger, and it has not heard of it yet.
    private async Task FreezeAfterTheIntentAsync(ConnectorReplica replica, DeliverRecord order)
    {
        var held = new Held();
        await FreezeAfterTheLastLookAsync(replica, held);
        await replica.TakeAsync(order);
        await ReachedAsync(held);
        replica.Freeze();
        held.Go();
        await Eventually.TrueAsync(async () => await ScalarAsync<long>($"select count(*) from {Schema}.step where company_id = $1 and state = 'open'", Home.Company) == 1, "the intent");
    }

    private async Task<int> LooksBeforeACustomerIsWrittenAsync(ConnectorReplica replica)
    {
        // The first is asked for things that are then kept.
        await PushAsync(replica, Capture.Customer().Record(Home));
        var before = Line.Calls.Count;
        await PushAsync(replica, Capture.Customer().Record(Home));
        return Line.Calls.Skip(before).TakeWhile(call => call.Step != CallStep.CreateCustomer).Count(call => call.Step == CallStep.Look);
    }

    // Claims whose session lives; a session holds the lock of its key.
    private Task<long> LivingClaimsAsync() => ScalarAsync<long>($"""
        select count(*) from {Schema}.document d join pg_locks l
            on l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint << 32 | l.objid::bigint = d.holder
        where d.company_id = $1
        """, Home.Company);
}
