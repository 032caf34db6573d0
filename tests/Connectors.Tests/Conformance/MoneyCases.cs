using System.Globalization;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Bus;
using OrderSync.Money;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The amounts are those the customer was shown, or the connection's policy decides and the difference is seen.</summary>
public abstract class MoneyCases(ConformanceStage stage) : RefusalCases(stage)
{
    [Fact]
    public Task Totals_are_equal_where_tax_is_rounded_on_the_document() => AreEqualAsync(Stage.Erp.OnDocument);

    [Fact]
    public Task Totals_are_equal_where_tax_is_rounded_on_each_line() => AreEqualAsync(Stage.Erp.OnLines);

    [Fact]
    public async Task Hold_sends_nothing_and_shows_both_sums()
    {
        await OrganisationThatRoundsAsync(Stage.Erp.OnDocument);
        var replica = await ConnectedAsync(Organisation.Settings("hold"));
        var order = Capture.Order(Home, null, Capture.ThatRoundApart).As(Stage.Erp, Stage.Erp.OnLines);
        await replica.TakeAsync(order);
        await UntilAsync(order, "refused");

        var report = await replica.ReportAsync(order);

        InPlainWords(report);
        Assert.Equal("erp.amountDiffers", report.Code);
        ShowsBoth(report);
        Assert.Empty(Line.To(CallStep.CreateOrder));
    }

    [CaseThatNeeds(Ability.AdjustmentLine)]
    public async Task Adjust_reaches_the_captured_total()
    {
        await OrganisationThatRoundsAsync(Stage.Erp.OnDocument);
        var replica = await ConnectedAsync(Organisation.Settings("adjust"));
        var order = Capture.Order(Home, null, Capture.ThatRoundApart).As(Stage.Erp, Stage.Erp.OnLines);

        await PushAsync(replica, order);

        Assert.Equal(11.07m, order.Total());
        await OnceAsync(order);
    }

    [Fact]
    public async Task Accept_sends_the_order_and_shows_both_sums()
    {
        await OrganisationThatRoundsAsync(Stage.Erp.OnDocument);
        var replica = await ConnectedAsync(Organisation.Settings("accept"));
        var order = Capture.Order(Home, null, Capture.ThatRoundApart).As(Stage.Erp, Stage.Erp.OnLines);

        await PushAsync(replica, order);

        var report = await replica.ReportAsync(order);
        var reached = order.As(Stage.Erp, Stage.Erp.OnDocument).Total();
        Assert.Equal((DeliveryState.Done, "amountDiffers", reached), (report.State, report.Code, report.ExternalTotal));
        ShowsBoth(report);
        Assert.Equal((reached, true), (Assert.Single(await Organisation.OrdersAsync()) is var theirs ? (theirs.Total, theirs.Final) : default));
    }

    [Fact]
    public async Task An_ERP_that_reaches_another_total_than_foretold_has_the_order_once_and_says_so()
    {
        await OrganisationThatRoundsAsync(Stage.Erp.OnLines);
        var replica = await ConnectedAsync(Organisation.Settings("hold", says: Stage.Erp.OnDocument));
        var order = Capture.Order(Home, null, Capture.ThatRoundApart).As(Stage.Erp, Stage.Erp.OnDocument);
        await replica.TakeAsync(order);
        await UntilAsync(order, "refused");
        var report = await replica.ReportAsync(order);

        await replica.RetryAsync(order);
        await UntilTrueAsync(async () => await DocumentAsync(Home.Company, order.RecordId) is { State: "refused", Held: false }, "the second no");

        InPlainWords(report);
        Assert.Equal("erp.amountDiffers", report.Code);
        ShowsBoth(report);
        Assert.Equal(11.07m, Assert.Single(await Organisation.OrdersAsync()).Total);
        Assert.Single(Line.To(CallStep.CreateOrder));
    }

    [CaseThatNeeds(Ability.Drafts)]
    public async Task A_draft_of_another_total_is_not_confirmed_and_is_put_right_once_the_settings_are()
    {
        await OrganisationThatRoundsAsync(Stage.Erp.OnLines);
        var replica = await ConnectedAsync(Organisation.Settings("hold", says: Stage.Erp.OnDocument));
        var order = Capture.Order(Home, null, Capture.ThatRoundApart).As(Stage.Erp, Stage.Erp.OnDocument);
        await replica.TakeAsync(order);
        await UntilAsync(order, "refused");
        var draft = Assert.Single(await Organisation.OrdersAsync());

        await replica.ConnectAsync(Home, Organisation.Settings("adjust", says: Stage.Erp.OnLines));
        await replica.RetryAsync(order);
        await DoneAsync(order);

        Assert.False(draft.Final);
        Assert.Equal(draft.Id, Assert.Single(await Organisation.OrdersAsync()).Id);
        await OnceAsync(order);
    }

    private async Task AreEqualAsync(RoundingPolicy rounding)
    {
        await OrganisationThatRoundsAsync(rounding);
        var replica = await ConnectedAsync();
        var customer = Capture.Customer();
        var dice = new Random(23);
        var orders = Enumerable.Range(0, 10).Select(_ => Capture.Order(Home, customer, [.. Enumerable.Range(0, dice.Next(1, 6)).Select(_ =>
            Some.Line(dice.Next(2) == 0 ? "A" : "B", dice.Next(1, 2000) / 100m, dice.Next(10, 90_000) / 1000m, dice.Next(4) switch { 0 => 0, 1 => 8, 2 => 10, _ => 20 }))]).As(Stage.Erp, rounding)).ToList();

        await PushAsync(replica, orders);

        await AllOnceAsync(orders);
        foreach (var order in orders)
        {
            var report = await replica.ReportAsync(order);
            Assert.Equal((DeliveryState.Done, order.Total(), (string?)null), (report.State, report.ExternalTotal, report.Code));
        }
    }

    private protected void ShowsBoth(DeliveryReport report)
    {
        foreach (var rounding in new[] { Stage.Erp.OnDocument, Stage.Erp.OnLines })
        {
            var total = Capture.Order(Home, null, Capture.ThatRoundApart).As(Stage.Erp, rounding).Total();
            Assert.Contains(total.ToString(CultureInfo.InvariantCulture), report.Reason!, StringComparison.Ordinal);
        }
    }
}
