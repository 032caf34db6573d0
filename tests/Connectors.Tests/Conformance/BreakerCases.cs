using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>An account whose ERP is in trouble again and again rests, and is then tried with one document before all others.</summary>
[OfTheFramework]
public abstract class BreakerCases(ConformanceStage stage) : BudgetCases(stage)
{
    [Fact]
    [InCi]
    public async Task An_account_in_trouble_again_and_again_rests_and_says_so_while_others_go_on()
    {
        var replica = await ConnectedAsync(Eight());
        var (there, theirs) = (AnotherPlace(), await AnotherOrganisationAsync());
        await replica.ConnectAsync(there, theirs.Settings());
        var customers = await InTroubleAsync(replica);

        var calls = Line.Calls.Count;
        var standing = await replica.StandingAsync(Home);
        var report = await replica.ReportAsync(customers[^1]);
        var other = Capture.Order(there);
        await replica.TakeAsync(other);
        await UntilAsync(there.Company, other.RecordId, "done", timePasses: false);

        Assert.True(standing.Troubles >= 5 && standing.Rests!.Until > Clock.GetUtcNow(), $"{standing}");
        Assert.Contains("calls went wrong several times in a row", standing.Rests!.Reason!, StringComparison.Ordinal);
        Assert.Equal((DeliveryState.InProgress, standing.Rests.Reason), (report.State, report.Reason));
        Assert.DoesNotContain(Line.Calls.Skip(calls), IsHere);
    }

    [Fact]
    [InCi]
    public async Task An_account_that_rested_is_tried_with_one_document_and_goes_on_with_all_once_that_was_answered()
    {
        var replica = await ConnectedAsync(Eight());
        var there = AnotherPlace();
        await replica.ConnectAsync(there, (await AnotherOrganisationAsync()).Settings());
        var customers = await InTroubleAsync(replica);
        var (held, before) = (new Held(), Line.Calls.Count);
        Line.Clear();
        Line.Lay(CallStep.Look, Obstacles.Waits(held), times: 1000, only: IsHere);
        await ReachedAsync(held);

        // By now all are due. That it claims none of them shows once it has claimed and written something else.
        Clock.Advance(TimeSpan.FromSeconds(20));
        var (more, other) = (Capture.Customer().Record(Home), Capture.Customer().Record(there));
        await replica.TakeAsync(more);
        await replica.TakeAsync(other);
        await UntilAsync(there.Company, other.RecordId, "done", timePasses: false);
        var working = await ScalarAsync<long>($"select count(*) from {Schema}.document where company_id = $1 and holder is not null", Home.Company);
        var asked = Line.Calls.Skip(before).Count(IsHere);
        Line.Clear();
        held.Go();
        await DoneAsync([.. customers, more]);

        Assert.Equal((1, 1), (working, asked));
        var standing = await replica.StandingAsync(Home);
        Assert.Equal((0, null), (standing.Troubles, standing.Rests));
        Assert.Equal(customers.Count + 2, (await Organisation.CustomersAsync()).Count);
    }

    private bool IsHere(ErpCall call) => call.Path.Contains(Organisation.Id, StringComparison.Ordinal);

    // A token is there; whatever is asked then is answered with trouble, until the account rests.
    private async Task<List<DeliverRecord>> InTroubleAsync(ConnectorReplica replica)
    {
        await PushAsync(replica, Capture.Customer().Record(Home));
        Line.Lay(CallStep.Look, Obstacles.Fails(503), times: 10_000, only: IsHere);
        // So few that the breaker within one process, which counts twenty calls, stays out of it.
        var customers = Enumerable.Range(0, 5).Select(_ => Capture.Customer().Record(Home)).ToList();
        foreach (var customer in customers)
            await replica.TakeAsync(customer);
        await UntilTrueAsync(async () => (await replica.StandingAsync(Home)) is { Rests: not null, Troubles: >= 5 }
            && await ScalarAsync<long>($"select count(*) from {Schema}.document where company_id = $1 and holder is not null", Home.Company) == 0, "the account to rest");
        return customers;
    }
}
