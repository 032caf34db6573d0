using System.Text.RegularExpressions;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A no reaches people in words they understand, is not tried again before they act, and then goes on.</summary>
public abstract partial class RefusalCases(ConformanceStage stage) : TokenCases(stage)
{
    [Fact]
    public async Task An_item_the_ERP_does_not_know_is_named_and_goes_on_once_it_is_there()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home, null, Some.Line("A"), Some.Line("NEW-7"));
        await replica.TakeAsync(order);
        await UntilAsync(order, "refused");

        var report = await replica.ReportAsync(order);
        await Organisation.AddItemAsync("NEW-7");
        await replica.RetryAsync(order);
        await DoneAsync(order);

        InPlainWords(report);
        Assert.Equal("item.unmapped", report.Code);
        Assert.Contains("NEW-7", report.Reason!, StringComparison.Ordinal);
        await OnceAsync(order);
    }

    [Fact]
    public Task A_no_to_a_customer_is_told_in_its_words_and_waits_for_a_person() => WaitsForAPersonAsync(CallStep.CreateCustomer);

    [Fact]
    public Task A_no_to_an_order_is_told_in_its_words_and_waits_for_a_person() => WaitsForAPersonAsync(CallStep.CreateOrder);

    [CaseThatNeeds(Ability.Drafts)]
    public Task A_no_to_a_confirmation_is_told_in_its_words_and_waits_for_a_person() => WaitsForAPersonAsync(CallStep.Confirm);

    [Fact]
    public async Task Whatever_characters_a_no_has_it_can_be_shown()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Says(Stage.Erp.No("Nul \0 bell \a 🚪 " + new string('x', 5000))));

        await replica.TakeAsync(order);
        var refused = await UntilAsync(order, "refused");

        Assert.Contains("🚪 xxx", refused.Reason!, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', refused.Reason!);
        Assert.InRange(refused.Reason!.Length, 100, 2000);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_refused_in_plain_words()
    {
        var replica = await ConnectedAsync();
        var (bad, good) = (Capture.Order(Home) with { Body = """{"lines":5}""" }, Capture.Order(Home));
        await replica.TakeAsync(bad);
        await PushAsync(replica, good);
        await UntilAsync(bad, "refused");

        var report = await replica.ReportAsync(bad);

        InPlainWords(report);
        Assert.Equal("record.unreadable", report.Code);
        await OnceAsync(good);
    }

    [Fact]
    public async Task A_kind_the_ERP_does_not_take_is_refused_in_plain_words()
    {
        var replica = await ConnectedAsync();
        var visit = Capture.Customer().Record(Home) with { Kind = "visit", Body = "{}" };
        await replica.TakeAsync(visit);
        await UntilAsync(visit, "refused");

        var report = await replica.ReportAsync(visit);

        InPlainWords(report);
        Assert.Equal("kind.unsupported", report.Code);
        Assert.Empty(Line.Calls);
    }

    [Fact]
    public async Task A_page_with_a_status_of_400_is_never_shown_to_people()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Fails(400));
        await replica.TakeAsync(order);
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))?.Reason is not null, "a reason");

        Assert.DoesNotContain('<', (await replica.ReportAsync(order)).Reason!);
        await DoneAsync(order);
        await OnceAsync(order);
    }

    private protected static void InPlainWords(DeliveryReport report)
    {
        Assert.Equal(DeliveryState.Attention, report.State);
        Assert.Matches(Code(), report.Code);
        foreach (var words in new[] { report.Reason, report.Fix })
        {
            Assert.Matches(Sentence(), words);
            Assert.DoesNotMatch(Machine(), words);
        }
    }

    private async Task WaitsForAPersonAsync(CallStep step)
    {
        var order = Capture.Order(Home);
        await WaitsForAPersonAsync(step, step == CallStep.CreateCustomer ? order.Customer!.Record(Home) : order, order);
        await OnceAsync(order);
    }

    /// <summary>A no to a record is told in its words; one retry brings it to its end, and what was taken with it.</summary>
    private protected async Task WaitsForAPersonAsync(CallStep step, DeliverRecord record, DeliverRecord? with = null)
    {
        var replica = await ConnectedAsync();
        Line.Lay(step, Obstacles.Says(Stage.Erp.No("The books of March are closed")));
        await replica.TakeAsync(record);
        if (with is not null && with != record)
            await replica.TakeAsync(with);
        await UntilAsync(record, "refused");

        var (report, calls) = (await replica.ReportAsync(record), Line.Calls.Count);
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(calls, Line.Calls.Count);
        await replica.RetryAsync(record);
        await DoneAsync(with is null ? [record] : [record, with]);

        InPlainWords(report);
        Assert.Contains("The books of March are closed", report.Reason!, StringComparison.Ordinal);
        Assert.Equal(2, Line.To(step).Count());
    }

    [GeneratedRegex("^[a-z][A-Za-z]*(\\.[a-z][A-Za-z]*)+$")]
    private static partial Regex Code();

    [GeneratedRegex("^\\p{Lu}.*[.]$", RegexOptions.Singleline)]
    private static partial Regex Sentence();

    // JSON, markup, types and stacks.
    [GeneratedRegex("[{}]|</?\\w|Exception|OrderSync\\.|System\\.|\\bat \\w+\\.\\w+|\\$\\.|null")]
    private static partial Regex Machine();
}
