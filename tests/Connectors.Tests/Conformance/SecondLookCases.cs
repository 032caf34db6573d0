using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What had to be created a second time is looked for once more, when the first could have taken effect at the very latest.</summary>
public abstract class SecondLookCases(ConformanceStage stage) : WindowCases(stage)
{
    [CaseThatNeeds(Ability.Twins)]
    [InCi]
    public async Task What_was_created_again_is_looked_for_once_more_one_window_later_and_then_left_alone()
    {
        var replica = await ConnectedAsync();
        var customer = await CreatedAgainAsync(replica);
        var (done, calls) = (Clock.GetUtcNow(), Line.Calls.Count);

        await LookedAgainAsync();
        var looks = Line.Calls.Skip(calls).ToList();
        Clock.Advance(TimeSpan.FromDays(1));
        await PushAsync(replica, Capture.Customer().Record(Home));

        Assert.NotEmpty(looks);
        Assert.All(looks, look => Assert.True(look.Step is CallStep.Look && look.At >= done + Window - TimeSpan.FromSeconds(5), $"{look.Method} {look.Path} at {look.At:T}, done at {done:T}"));
        Assert.Equal(1, await ScalarAsync<long>($"select count(*) from {Schema}.step where company_id = $1 and again", Home.Company));
        Assert.DoesNotContain(Line.Calls.Skip(calls + looks.Count), call => call.Names(customer.RecordId));
        Assert.Equal(("done", null), await StateAsync(customer));
    }

    [Fact]
    public async Task What_was_created_at_the_first_go_is_not_looked_for_again()
    {
        var replica = await ConnectedAsync();
        var customer = Capture.Customer().Record(Home);
        await PushAsync(replica, customer);

        Assert.Equal(0, await ScalarAsync<long>($"select count(*) from {Schema}.document where company_id = $1 and look_at is not null", Home.Company));
    }

    [CaseThatNeeds(Ability.Voiding)]
    [InCi]
    public async Task A_first_create_that_took_effect_after_all_is_made_void_and_the_other_stays()
    {
        var replica = await ConnectedAsync();
        var customer = await CreatedAgainAsync(replica);
        var known = (await DocumentAsync(Home.Company, customer.RecordId))!.ExternalId;
        await Organisation.DoubleCustomerAsync(customer.RecordId);

        await LookedAgainAsync();

        Assert.Equal(known, Assert.Single(await Organisation.CustomersAsync(), one => one.RecordId == customer.RecordId).Id);
        Assert.Equal(("done", "erp.twiceVoided"), await StateAsync(customer));
        Assert.Equal(DeliveryState.Done, (await replica.ReportAsync(customer)).State);
    }

    [CaseThatNeeds(Ability.Twins)]
    [InCi]
    public async Task Two_of_one_that_cannot_be_made_void_are_both_named_in_attention_also_after_a_restart()
    {
        var first = await ConnectedAsync();
        var customer = await CreatedAgainAsync(first);
        await Organisation.DoubleCustomerAsync(customer.RecordId);
        Line.Lay(CallStep.Change, Obstacles.Says(Stage.Erp.No("It is in use")), times: 1000);

        first.Kill();
        var replica = await ReplicaAsync();
        await LookedAgainAsync();

        var report = await replica.ReportAsync(customer);
        var theirs = (await Organisation.CustomersAsync()).Where(one => one.RecordId == customer.RecordId).ToList();
        Assert.Equal((2, DeliveryState.Attention, "erp.twice"), (theirs.Count, report.State, report.Code));
        Assert.All(theirs, one => Assert.Contains(one.Id, report.Reason!, StringComparison.Ordinal));
        Assert.Contains(theirs.Single(one => one.Id != report.ExternalId).Id, report.Fix!, StringComparison.Ordinal);
    }

    // The first request seems never to arrive; the second does.
    private async Task<DeliverRecord> CreatedAgainAsync(ConnectorReplica replica)
    {
        var customer = Capture.Customer().Record(Home);
        Line.Lay(CallStep.CreateCustomer, Obstacles.LosesTheRequest);
        await PushAsync(replica, customer);
        Assert.Equal(2, Line.To(CallStep.CreateCustomer).Count());
        return customer;
    }

    private protected Task LookedAgainAsync() => UntilTrueAsync(async () => await ScalarAsync<long>(
        $"select count(*) from {Schema}.step s join {Schema}.document d using (company_id, account, document) where s.company_id = $1 and s.looked_at is not null and d.holder is null", Home.Company) == 1, "the second look");

    private async Task<(string State, string? Code)> StateAsync(DeliverRecord record)
    {
        var document = (await DocumentAsync(Home.Company, record.RecordId))!;
        return (document.State, document.Code);
    }
}
