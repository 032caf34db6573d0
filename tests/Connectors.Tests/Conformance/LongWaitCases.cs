using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What has waited 24 hours for something else needs a person, who is told for what; it still goes on by itself.</summary>
[OfTheFramework]
public abstract class LongWaitCases(ConformanceStage stage) : DependantCases(stage)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public async Task An_order_whose_record_has_not_come_for_24_hours_says_what_is_missing_and_where_it_was_captured_and_goes_on_when_it_comes()
    {
        var replica = await ConnectedAsync();
        var missing = Capture.Customer();
        var order = Capture.Order(Home) with { DependsOn = [missing.Id], Rep = new RepSnapshot(Guid.NewGuid(), "Ann Archer", null) };
        await replica.TakeAsync(order);
        await DoneAsync(order.Customer!.Record(Home));

        Clock.Advance(Day - TimeSpan.FromMinutes(10));
        var early = await TellAsync(replica, order);
        await ToldAgainAsync(order);
        var late = await replica.ReportAsync(order);
        var listed = await replica.AttentionAsync(Home);
        await replica.TakeAsync(missing.Record(Home));
        await DoneAsync(order);

        Assert.Equal((DeliveryState.Waiting, DeliveryState.Attention, "dependency.missing"), (early.State, late.State, late.Code));
        Assert.Contains($"{missing.Id}", late.Reason!, StringComparison.Ordinal);
        Assert.Contains("24 hours", late.Reason!, StringComparison.Ordinal);
        Assert.Contains("Ann Archer", late.Fix!, StringComparison.Ordinal);
        Assert.Equal((order.RecordId, late.Code, late.Reason), (Assert.Single(listed).RecordId, listed[0].Code, listed[0].Reason));
        Assert.Empty(await replica.AttentionAsync(Home));
        await OnceAsync(order);
    }

    [Fact]
    public async Task An_order_behind_a_customer_that_stands_refused_for_24_hours_needs_a_person_and_goes_on_with_one_retry()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateCustomer, Obstacles.Says(Stage.Erp.No("The tax number is not valid")));
        await replica.TakeAsync(order);
        await UntilAsync(Home.Company, order.Customer!.Id, "refused");

        Clock.Advance(Day - TimeSpan.FromMinutes(10));
        var early = await TellAsync(replica, order);
        await ToldAgainAsync(order);
        var late = await replica.ReportAsync(order);
        await replica.RetryAsync(order);
        await DoneAsync(order);

        Assert.Equal((DeliveryState.Waiting, DeliveryState.Attention), (early.State, late.State));
        Assert.Contains("has been refused for 24 hours", late.Reason!, StringComparison.Ordinal);
        Assert.Contains("The tax number is not valid", late.Reason!, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(late.Fix));
        await OnceAsync(order);
    }

    // The gateway holds what is said now: whatever it is told after this is told because of the time.
    private static async Task<DeliveryReport> TellAsync(ConnectorReplica replica, DeliverRecord order)
    {
        var told = await replica.ReportAsync(order);
        await replica.AcknowledgeAsync(told);
        return told;
    }

    private async Task ToldAgainAsync(DeliverRecord order)
    {
        Clock.Advance(TimeSpan.FromMinutes(10));
        await UntilTrueAsync(() => ScalarAsync<bool>($"select due is not null from {Schema}.report where company_id = $1 and record_id = $2", Home.Company, order.RecordId), "the gateway to be told");
    }
}
