using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Bus;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A quote is kept as an order is: once, with the sums the customer was shown, and never somebody else's.</summary>
public abstract class QuoteCases(ConformanceStage stage) : PullCases(stage)
{
    [CaseThatNeeds(Ability.Quotes)]
    public Task A_new_quote_and_its_new_customer_arrive_once_final_and_with_equal_sums() => QuoteInSpiteOfAsync(CallStep.CreateQuote, Obstacles.None, writes: 1);

    [CaseThatNeeds(Ability.Quotes)]
    public Task An_answer_lost_after_the_quote_was_created_makes_no_second_quote() => QuoteInSpiteOfAsync(CallStep.CreateQuote, Obstacles.LosesTheAnswer, writes: 1);

    [CaseThatNeeds(Ability.Quotes)]
    public Task A_quote_whose_request_was_cut_off_is_created_later() => QuoteInSpiteOfAsync(CallStep.CreateQuote, Obstacles.LosesTheRequest, writes: 2);

    [CaseThatNeeds(Ability.Quotes, Ability.AmbiguityWindow)]
    public Task A_quote_that_is_committed_late_is_found_and_not_created_again() =>
        QuoteInSpiteOfAsync(CallStep.CreateQuote, Obstacles.CommitsLate(Clock, TimeSpan.FromSeconds(20)), writes: 1);

    [CaseThatNeeds(Ability.Quotes, Ability.Drafts, Ability.QuoteDrafts)]
    public Task An_answer_lost_after_the_quote_was_made_to_count_changes_nothing() => QuoteInSpiteOfAsync(CallStep.Confirm, Obstacles.LosesTheAnswer, writes: 1);

    [CaseThatNeeds(Ability.Quotes)]
    public async Task A_replica_killed_after_the_quote_was_created_doubles_nothing()
    {
        var replica = await ConnectedAsync();
        var quote = Capture.Quote(Home);

        await KilledAsync(replica, CallStep.CreateQuote, quote);

        await QuoteOnceAsync(quote);
    }

    [CaseThatNeeds(Ability.Quotes)]
    public async Task A_quote_of_somebody_else_with_our_number_is_never_adopted()
    {
        var replica = await ConnectedAsync();
        var quote = Capture.Quote(Home);
        await Organisation.TakeQuoteNumberAsync(quote.Number!);

        await replica.TakeAsync(quote);
        var refused = await UntilAsync(quote, "refused");

        Assert.Equal("erp.numberTaken", refused.Code);
        Assert.Empty(Line.To(CallStep.CreateQuote));
        Assert.Null(Assert.Single(await Organisation.QuotesAsync()).RecordId);
    }

    [CaseThatNeeds(Ability.Quotes, Ability.NumbersByKind)]
    public async Task A_quote_and_an_order_of_one_number_are_two_documents()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var quote = Capture.Quote(Home, order.Customer) with { Number = order.Number };

        await PushAsync(replica, order, quote);

        await OnceAsync(order);
        await QuoteOnceAsync(quote);
    }

    [CaseThatNeeds(Ability.Quotes)]
    public async Task A_later_revision_changes_the_quote_that_is_there()
    {
        var replica = await ConnectedAsync();
        var quote = Capture.Quote(Home);
        await PushAsync(replica, quote);
        var before = Assert.Single(await Organisation.QuotesAsync());

        var changed = quote.WithOneMoreLine();
        await replica.TakeAsync(changed);
        await PushedAsync(changed);

        await QuoteOnceAsync(changed);
        Assert.Equal(before.Id, Assert.Single(await Organisation.QuotesAsync()).Id);
    }

    [CaseThatNeeds(Ability.Quotes)]
    public async Task A_no_to_a_quote_is_told_in_its_words_and_waits_for_a_person()
    {
        var quote = Capture.Quote(Home);
        await WaitsForAPersonAsync(CallStep.CreateQuote, quote);
        await QuoteOnceAsync(quote);
    }

    [CaseThatNeeds(Ability.Quotes)]
    public async Task A_quote_whose_sums_would_differ_is_held_and_shows_both()
    {
        await OrganisationThatRoundsAsync(Stage.Erp.OnDocument);
        var replica = await ConnectedAsync(Organisation.Settings("hold"));
        var quote = Capture.Quote(Home, null, null, Capture.ThatRoundApart).As(Stage.Erp, Stage.Erp.OnLines);
        await replica.TakeAsync(quote);
        await UntilAsync(quote, "refused");

        var report = await replica.ReportAsync(quote);

        InPlainWords(report);
        Assert.Equal("erp.amountDiffers", report.Code);
        ShowsBoth(report);
        Assert.Empty(Line.To(CallStep.CreateQuote));
    }

    private async Task QuoteInSpiteOfAsync(CallStep step, Obstacle obstacle, int writes)
    {
        var replica = await ConnectedAsync();
        var quote = Capture.Quote(Home);
        Line.Lay(step, obstacle);

        await PushAsync(replica, quote);

        await QuoteOnceAsync(quote);
        Assert.Equal(writes, Line.To(step).Count());
    }

    // As with an order; and no order was made of it.
    private async Task QuoteOnceAsync(DeliverRecord quote)
    {
        var theirs = Assert.Single(await Organisation.QuotesAsync(), one => one.RecordId == quote.RecordId);
        Assert.Equal((quote.Number, quote.Total(), true), (theirs.Number, theirs.Total, theirs.Final));
        Assert.Single(await Organisation.CustomersAsync(), one => one.RecordId == quote.Customer!.Id);
        Assert.DoesNotContain(await Organisation.OrdersAsync(), one => one.RecordId == quote.RecordId);
    }
}
