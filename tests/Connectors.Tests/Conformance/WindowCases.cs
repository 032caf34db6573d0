using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>When a write may have taken effect: how long is waited, and how one looks. Before every create one looks.</summary>
public abstract class WindowCases(ConformanceStage stage) : OnceOnlyCases(stage)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public async Task A_create_is_repeated_only_after_the_window_and_two_empty_looks()
    {
        var creates = await CreatesAsync(_ => Task.CompletedTask);

        Assert.True(creates[1] - creates[0] >= Window + BetweenLooks, $"{creates[1] - creates[0]} after the first");
        var looks = Line.To(CallStep.Look).Select(call => call.At).Where(at => at >= creates[0] + Window && at <= creates[1]).ToList();
        Assert.True(looks[^1] - looks[0] >= BetweenLooks, $"looks {looks[^1] - looks[0]} apart");
    }

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public async Task A_document_made_due_too_early_is_looked_for_and_not_written()
    {
        var creates = await CreatesAsync(async _ =>
        {
            Clock.Advance(TimeSpan.FromSeconds(10));
            await ExecuteAsync($"update {Schema}.document set due = $2 where company_id = $1 and state = 'ambiguous' and holder is null", Home.Company, Clock.GetUtcNow());
        });

        Assert.True(creates[1] - creates[0] >= Window + BetweenLooks, $"{creates[1] - creates[0]} after the first");
    }

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public async Task A_persons_retry_does_not_shorten_the_window()
    {
        ConnectorReplica? replica = null;
        var creates = await CreatesAsync(async order => await (replica ??= await ReplicaAsync()).RetryAsync(order));

        Assert.True(creates[1] - creates[0] >= Window + BetweenLooks, $"{creates[1] - creates[0]} after the first");
    }

    [Fact]
    public async Task A_window_that_the_connection_sets_counts()
    {
        var creates = await CreatesAsync(_ => Task.CompletedTask, ambiguitySeconds: 600);

        Assert.True(creates[1] - creates[0] >= TimeSpan.FromSeconds(630), $"{creates[1] - creates[0]} after the first");
    }

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    [InCi]
    public async Task Who_takes_an_open_step_over_waits_its_window_out()
    {
        var first = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.CreateOrder, Obstacles.Waits(held));
        await first.TakeAsync(order);
        await ReachedAsync(held);

        first.Kill();
        await ReplicaAsync();
        await DoneAsync(order);

        var creates = Line.To(CallStep.CreateOrder).Select(call => call.At).ToList();
        Assert.Equal(2, creates.Count);
        Assert.True(creates[1] - creates[0] >= Window + BetweenLooks, $"{creates[1] - creates[0]} after the first");
        await OnceAsync(order);
    }

    [Fact]
    public async Task A_ledger_restored_from_an_old_backup_creates_nothing_again()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var before = Line.Calls.Count;

        // To the ERP a ledger that knows nothing of the order is one from before it; what it knows of tokens may be spent, so a person approves again.
        var empty = AnotherPlace();
        await Organisation.ApproveAsync();
        await replica.ConnectAsync(empty, Organisation.Settings());
        await PushAsync(replica, order with { CompanyId = empty.Company, ConnectionId = empty.Connection });

        await OnceAsync(order);
        Assert.All(Line.Calls.Skip(before), call => Assert.True(call.Step is CallStep.Look or CallStep.Token, $"{call.Method} {call.Path}"));
    }

    [CaseThatNeeds(Ability.Drafts)]
    public async Task An_order_that_a_lost_ledger_left_half_done_is_finished()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.Confirm, Obstacles.Says(Stage.Erp.No("Not now")));
        await replica.TakeAsync(order);
        await UntilAsync(order, "refused");
        Assert.False(Assert.Single(await Organisation.OrdersAsync()).Final);

        var empty = AnotherPlace();
        await replica.ConnectAsync(empty, Organisation.Settings());
        await PushAsync(replica, order with { CompanyId = empty.Company, ConnectionId = empty.Connection });

        await OnceAsync(order);
        Assert.Single(Line.To(CallStep.CreateOrder));
    }

    [Fact]
    public async Task Each_create_comes_after_a_look_for_its_document()
    {
        var replica = await ConnectedAsync();
        await PushAsync(replica, Enumerable.Range(0, 3).Select(_ => Capture.Order(Home)).ToList());

        var (looks, creates) = (0, 0);
        foreach (var call in Line.Calls)
        {
            if (call.Step == CallStep.Look)
                looks++;
            else if (call.Step is CallStep.CreateCustomer or CallStep.CreateOrder)
                Assert.True(looks >= ++creates, $"{call.Method} {call.Path} with {looks} looks before");
        }

        Assert.Equal(6, creates);
    }

    // Times of the creates of an order whose first request is cut off.
    private async Task<List<DateTimeOffset>> CreatesAsync(Func<DeliverRecord, Task> meanwhile, int? ambiguitySeconds = null)
    {
        var settings = Organisation.Settings();
        settings["ambiguitySeconds"] = ambiguitySeconds;
        var replica = await ConnectedAsync(settings);
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheRequest);
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await UntilTrueAsync(async () =>
        {
            await meanwhile(order);
            return (await DocumentAsync(Home.Company, order.RecordId))!.State == "done";
        }, "the order to be done");

        await OnceAsync(order);
        var creates = Line.To(CallStep.CreateOrder).Select(call => call.At).ToList();
        Assert.Equal(2, creates.Count);
        return creates;
    }
}
