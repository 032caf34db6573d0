using OrderSync.Contracts.Bus;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>
/// The promises every connector keeps, written once. A connector's class derives from this one; each group of cases stands in a file of its
/// own: <see cref="OnceOnlyCases"/>, <see cref="WindowCases"/>, <see cref="SecondLookCases"/>, <see cref="WhoseDocumentCases"/>, <see cref="DependantCases"/>,
/// <see cref="LongWaitCases"/>, <see cref="ReplicaCases"/>, <see cref="ClaimCases"/>, <see cref="LimitCases"/>, <see cref="BudgetCases"/>,
/// <see cref="BreakerCases"/>, <see cref="TokenCases"/>, <see cref="RefusalCases"/>, <see cref="MoneyCases"/>, <see cref="TextCases"/>,
/// <see cref="RestartCases"/>, <see cref="StopCases"/>, <see cref="ChangeCases"/>, <see cref="PullCases"/>, <see cref="QuoteCases"/>,
/// <see cref="ReceiptCases"/>, <see cref="RoundingCases"/>; reports are here. Groups run side by side, see <see cref="SideBySide"/>; docs/add-a-connector.md lists all by name.
/// </summary>
public abstract class ConnectorConformance(ConformanceStage stage, ITestOutputHelper output) : RoundingCases(stage, output)
{
    [Fact]
    public async Task A_report_of_done_says_id_number_and_total_as_the_ERP_holds_them()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);

        var report = await replica.ReportAsync(order);

        var theirs = Assert.Single(await Organisation.OrdersAsync());
        Assert.Equal((DeliveryState.Done, theirs.Id, theirs.Number, theirs.Total), (report.State, report.ExternalId, report.ExternalNumber, report.ExternalTotal));
        Assert.Equal((1L, 1, null, null), (report.KnownVersion, report.Revision, report.Code, report.Reason));
    }

    [Fact]
    public async Task Each_change_raises_the_version_of_the_report()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Says(Stage.Erp.No("Not today")));
        await replica.TakeAsync(order);
        var taken = await replica.ReportAsync(order);
        await UntilAsync(order, "refused");
        var refused = await replica.ReportAsync(order);
        await replica.RetryAsync(order);
        await DoneAsync(order);
        var done = await replica.ReportAsync(order);

        Assert.Equal((DeliveryState.Attention, DeliveryState.Done), (refused.State, done.State));
        Assert.True(taken.Version < refused.Version && refused.Version < done.Version, $"{taken.Version} {refused.Version} {done.Version}");
    }

    [Fact]
    public async Task A_report_is_due_again_1_2_and_4_minutes_later_until_it_is_acknowledged()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        Assert.True(await replica.ClaimsReportOfAsync(order));

        foreach (var minutes in new[] { 1, 2, 4 })
        {
            Clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.False(await replica.ClaimsReportOfAsync(order), $"before {minutes} minutes");
            Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await replica.ClaimsReportOfAsync(order), $"after {minutes} minutes");
        }

        await replica.AcknowledgeAsync(await replica.ReportAsync(order));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await replica.ClaimsReportOfAsync(order));
    }

    [Fact]
    public async Task An_acknowledgement_that_was_overtaken_leaves_the_newer_report_due()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var older = await replica.ReportAsync(order);
        await PushAsync(replica, order with { Version = 2 });

        await replica.AcknowledgeAsync(older);

        Assert.True(await replica.ClaimsReportOfAsync(order));
    }

    [Fact]
    public async Task A_repeated_message_is_answered_again_with_what_is_held()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        await replica.AcknowledgeAsync(await replica.ReportAsync(order));

        await replica.TakeAsync(order);

        Assert.True(await replica.ClaimsReportOfAsync(order));
        Assert.Equal(DeliveryState.Done, (await replica.ReportAsync(order)).State);
    }

    [Fact]
    public async Task A_report_of_what_is_unsure_says_what_is_being_waited_for()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheRequest);
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        var report = await replica.ReportAsync(order);

        Assert.Equal(DeliveryState.InProgress, report.State);
        Assert.False(string.IsNullOrWhiteSpace(report.Reason));
        await DoneAsync(order);
    }
}
