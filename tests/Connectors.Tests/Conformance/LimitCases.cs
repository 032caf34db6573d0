using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The ERP's limits, and what it says when one is reached.</summary>
[OfTheFramework]
public abstract class LimitCases(ConformanceStage stage) : ClaimCases(stage)
{
    [Fact]
    [InCi]
    public Task There_are_never_more_calls_at_once_than_the_connector_declares() => AtMostAsync(null, Stage.Erp.Connector.Info.MaxConcurrent);

    [Fact]
    public Task There_are_never_more_calls_at_once_than_the_connection_allows() => AtMostAsync(2, 2);

    [Fact]
    [InCi]
    public async Task Too_many_requests_rest_the_account_for_as_long_as_the_ERP_asks()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Fails(429, retryAfter: "90"));
        await replica.TakeAsync(order);
        await Eventually.TrueAsync(() => ScalarAsync<bool>($"select coalesce(bool_or(paused_until is not null), false) from {Schema}.account where company_id = $1", Home.Company), "the account to rest");
        var another = Capture.Order(Home, order.Customer);

        await PushAsync(replica, another);
        await DoneAsync(order);

        await OnceAsync(order);
        var limited = Line.To(CallStep.CreateOrder).First().At;
        Assert.DoesNotContain(Line.Calls, call => call.At > limited && call.At < limited.AddSeconds(90));
    }

    [Fact]
    public async Task Too_many_requests_without_a_word_how_long_rest_the_account_by_themselves()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.Look, Obstacles.Fails(429), times: 2);

        await PushAsync(replica, order);

        await OnceAsync(order);
        var looks = Line.To(CallStep.Look).Select(call => call.At).Distinct().ToList();
        Assert.True(looks[1] - looks[0] >= TimeSpan.FromSeconds(1), $"{looks[1] - looks[0]} after the first");
    }

    [CaseThatNeeds(Ability.AmbiguityWindow)]
    public async Task A_write_that_was_one_too_many_is_not_ambiguous()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Fails(429, retryAfter: "5"));

        await PushAsync(replica, order);

        await OnceAsync(order);
        var creates = Line.To(CallStep.CreateOrder).Select(call => call.At).ToList();
        Assert.Equal(2, creates.Count);
        Assert.InRange(creates[1] - creates[0], TimeSpan.FromSeconds(5), Window - TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task The_limit_of_one_account_leaves_others_alone()
    {
        var replica = await ConnectedAsync();
        var (there, theirs) = (AnotherPlace(), await AnotherOrganisationAsync());
        await replica.ConnectAsync(there, theirs.Settings());
        var (limited, free) = (Capture.Order(Home), Capture.Order(there));
        Line.Lay(CallStep.Look, Obstacles.Fails(429, retryAfter: "600"), only: call => call.Path.Contains(Organisation.Id, StringComparison.Ordinal));
        await replica.TakeAsync(limited);
        await Eventually.TrueAsync(() => Line.To(CallStep.Look).Any(call => call.Status == 429), "the limit");

        await replica.TakeAsync(free);
        await UntilAsync(there.Company, free.RecordId, "done", timePasses: false);

        await DoneAsync(limited);
        await OnceAsync(limited);
    }

    [Fact]
    public async Task An_ERP_that_says_when_it_is_back_is_asked_then()
    {
        var replica = await ConnectedAsync();
        var customer = Capture.Customer();
        // Asked, and asked twice more within a try.
        Line.Lay(CallStep.Look, Obstacles.Fails(503, retryAfter: "120"), times: 3);

        await PushAsync(replica, customer.Record(Home));

        var looks = Line.To(CallStep.Look).Select(call => call.At).ToList();
        Assert.True(looks[3] - looks[2] >= TimeSpan.FromSeconds(119), $"{looks[3] - looks[2]} later");
    }

    private async Task AtMostAsync(int? setting, int most)
    {
        var settings = Organisation.Settings();
        settings["maxConcurrent"] = setting;
        var replicas = new[] { await ConnectedAsync(settings), await ReplicaAsync() };
        var customers = Enumerable.Range(0, most + 6).Select(_ => Capture.Customer().Record(Home)).ToList();
        var held = new Held();
        Line.Lay(CallStep.CreateCustomer, Obstacles.Waits(held), times: 1000);
        foreach (var (i, customer) in customers.Index())
            await replicas[i % 2].TakeAsync(customer);
        await Eventually.TrueAsync(() => Line.To(CallStep.CreateCustomer).Count() == most, $"{most} calls at once");
        for (var i = 0; i < 3; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(6));
            await replicas[i % 2].TakeAsync(customers[i] with { Version = i + 2 });
        }

        held.Go();
        await DoneAsync(customers);
        Assert.Equal(most, Line.Peak);
    }
}
