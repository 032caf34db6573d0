using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Whatever happens to a call, at whichever step, there is one document.</summary>
public abstract class OnceOnlyCases(ConformanceStage stage) : ConformanceCase(stage)
{
    [Fact]
    public Task A_new_order_and_its_new_customer_arrive_once_final_and_with_equal_sums() => OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.None, writes: 1);

    [Fact]
    public Task An_answer_lost_after_the_customer_was_created_makes_no_second_customer() =>
        OnceInSpiteOfAsync(CallStep.CreateCustomer, Obstacles.LosesTheAnswer, writes: 1);

    [Fact]
    public Task An_answer_lost_after_the_order_was_created_makes_no_second_order() => OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.LosesTheAnswer, writes: 1);

    [CaseThatNeeds(Ability.Drafts)]
    public Task An_answer_lost_after_the_order_was_confirmed_changes_nothing() => OnceInSpiteOfAsync(CallStep.Confirm, Obstacles.LosesTheAnswer, writes: 1);

    [Fact]
    public Task A_customer_whose_request_was_cut_off_is_created_later() => OnceInSpiteOfAsync(CallStep.CreateCustomer, Obstacles.LosesTheRequest, writes: 2);

    [Fact]
    public Task An_order_whose_request_was_cut_off_is_created_later() => OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.LosesTheRequest, writes: 2);

    [CaseThatNeeds(Ability.Drafts)]
    public Task A_confirmation_whose_request_was_cut_off_is_sent_again() => OnceInSpiteOfAsync(CallStep.Confirm, Obstacles.LosesTheRequest, writes: 2);

    [Fact]
    public Task Half_an_answer_to_a_create_is_no_answer() => OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.LosesHalfTheAnswer, writes: 1);

    [Fact]
    public Task A_page_of_something_in_between_is_not_taken_for_the_ERPs_answer() => OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.AnswersWithAPage, writes: 1);

    [Fact]
    public Task An_error_of_the_server_at_a_create_is_not_taken_for_a_no() => OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.Fails(500), writes: 2);

    [Fact]
    public Task A_gateway_error_while_the_customer_is_created_doubles_nobody() => OnceInSpiteOfAsync(CallStep.CreateCustomer, Obstacles.Fails(502), writes: 2);

    [Fact]
    public Task A_look_that_fails_again_and_again_leads_to_no_second_write() => OnceInSpiteOfAsync(CallStep.Look, Obstacles.Fails(503), times: 5);

    [Fact]
    [InCi]
    public Task Three_requests_cut_off_in_a_row_end_in_one_order() => OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.LosesTheRequest, writes: 4, times: 3);

    [Fact]
    public async Task An_answer_lost_at_every_step_ends_in_one_order_and_one_customer()
    {
        foreach (var step in new[] { CallStep.CreateCustomer, CallStep.CreateOrder })
            Line.Lay(step, Obstacles.LosesTheAnswer);

        await OnceInSpiteOfAsync(CallStep.Confirm, Obstacles.LosesTheAnswer);
    }

    [Fact]
    public Task A_create_that_times_out_without_effect_is_done_later() => OnceInSpiteOfATimeOutAsync(carriedOut: false, writes: 2);

    [Fact]
    public Task A_create_that_times_out_after_its_effect_is_found() => OnceInSpiteOfATimeOutAsync(carriedOut: true, writes: 1);

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public Task An_order_that_is_committed_late_is_found_and_not_created_again() =>
        OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, TimeSpan.FromSeconds(20)), writes: 1);

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public Task A_customer_that_is_committed_late_is_found_and_not_created_again() =>
        OnceInSpiteOfAsync(CallStep.CreateCustomer, Obstacles.CommitsLate(Clock, TimeSpan.FromSeconds(20)), writes: 1);

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public Task A_commit_in_the_last_second_of_the_window_is_found() =>
        OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, Window - TimeSpan.FromSeconds(1)), writes: 1);

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    [InCi]
    public Task A_commit_between_the_two_looks_is_found() =>
        OnceInSpiteOfAsync(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, Window + TimeSpan.FromSeconds(15)), writes: 1);

    [Fact]
    public async Task A_revision_that_comes_while_a_create_is_unsure_makes_no_second_order()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheAnswer);
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await replica.TakeAsync(order.Revised());
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))!.Pushed == 2, "revision 2");

        await OnceAsync(order);
        Assert.Single(Line.To(CallStep.CreateOrder));
    }

    private async Task OnceInSpiteOfAsync(CallStep step, Obstacle obstacle, int? writes = null, int times = 1)
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(step, obstacle, times);

        await PushAsync(replica, order);

        await OnceAsync(order);
        if (writes is { } wanted)
            Assert.Equal(wanted, Line.To(step).Count());
    }

    private async Task OnceInSpiteOfATimeOutAsync(bool carriedOut, int writes)
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.CreateOrder, Obstacles.Waits(held, carriedOut));
        await replica.TakeAsync(order);
        await ReachedAsync(held);

        Clock.Advance(TimeSpan.FromMinutes(1));
        await DoneAsync(order);

        await OnceAsync(order);
        Assert.Equal(writes, Line.To(CallStep.CreateOrder).Count());
    }
}
