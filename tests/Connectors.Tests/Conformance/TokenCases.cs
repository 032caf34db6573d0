using System.Text.Json.Nodes;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Tokens end, rotate, are withdrawn; nothing is lost by it and nobody sees them.</summary>
public abstract class TokenCases(ConformanceStage stage) : BreakerCases(stage)
{
    [Fact]
    public async Task A_token_that_ends_in_the_middle_of_a_push_is_renewed_and_the_push_goes_on()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, async call =>
        {
            await Organisation.EndAccessTokensAsync();
            await Obstacles.None(call);
        });

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Equal(2, Line.To(CallStep.Token).Count());
        Assert.Equal([4, 2], Line.To(CallStep.CreateOrder).Select(call => call.Status / 100));
    }

    [Fact]
    public async Task A_token_near_its_end_is_renewed_before_it_is_refused()
    {
        var replica = await ConnectedAsync();
        for (var i = 0; i < 3; i++)
        {
            await PushAsync(replica, Capture.Order(Home));
            Clock.Advance(TimeSpan.FromMinutes(59.5));
        }

        Assert.DoesNotContain(Line.Calls, call => call.Status == 401);
        Assert.Equal(3, Line.To(CallStep.Token).Count());
    }

    [Fact]
    public async Task Two_replicas_that_need_a_token_at_once_ask_for_one()
    {
        var replicas = new[] { await ConnectedAsync(), await ReplicaAsync() };

        var held = new Held();
        Line.Lay(CallStep.Token, Obstacles.Waits(held));

        var asking = Enumerable.Range(0, 20).Select(i => replicas[i % 2].TokenAsync(Home)).ToList();
        // One asks; the other waits for its turn, or asks as well.
        await Eventually.TrueAsync(async () => held.Reached && (Line.To(CallStep.Token).Count() > 1 || await ScalarAsync<long>(
            "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())") > 0), "both replicas");
        held.Go();
        var tokens = await Task.WhenAll(asking);

        Assert.Single(tokens.Distinct());
        Assert.Single(Line.To(CallStep.Token));
    }

    [Fact]
    [InCi]
    public async Task A_token_that_many_calls_find_refused_is_renewed_once()
    {
        var replica = await ConnectedAsync(Eight());
        await PushAsync(replica, Capture.Order(Home));
        var orders = Enumerable.Range(0, 16).Select(_ => Capture.Order(Home)).ToList();

        await Organisation.EndAccessTokensAsync();
        await PushAsync(replica, orders);

        foreach (var order in orders.Take(3))
            await OnceAsync(order);
        Assert.Equal(2, Line.To(CallStep.Token).Count());
    }

    [CaseThatNeeds(Ability.RotatingTokens)]
    public async Task Each_refresh_uses_the_token_that_the_last_one_gave()
    {
        var replica = await ConnectedAsync();
        for (var i = 0; i < 4; i++)
        {
            await PushAsync(replica, Capture.Order(Home));
            Clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal(4, Line.To(CallStep.Token).Select(call => call.Body).Distinct().Count());
        Assert.All(Line.To(CallStep.Token), call => Assert.Equal(200, call.Status));
    }

    [CaseThatNeeds(Ability.RotatingTokens)]
    public async Task Settings_saved_again_do_not_bring_a_spent_refresh_token_back()
    {
        var settings = Organisation.Settings();
        var replica = await ConnectedAsync(settings);
        await PushAsync(replica, Capture.Order(Home));

        await replica.ConnectAsync(Home, settings);
        Clock.Advance(TimeSpan.FromHours(2));

        await PushAsync(replica, Capture.Order(Home));
    }

    [Fact]
    public async Task A_withdrawn_approval_stands_in_reconnect_without_a_call_and_all_goes_on_after_new_credentials()
    {
        var replica = await ConnectedAsync();
        var customer = Capture.Customer();
        await PushAsync(replica, customer.Record(Home));
        var orders = Enumerable.Range(0, 4).Select(_ => Capture.Order(Home, customer)).ToList();
        await Organisation.RevokeAsync();
        foreach (var order in orders)
            await replica.TakeAsync(order);
        await UntilTrueAsync(async () => await ScalarAsync<bool>($"select reconnect from {Schema}.account where company_id = $1", Home.Company), "reconnect");
        await UntilTrueAsync(async () => await ScalarAsync<long>($"select count(*) from {Schema}.document where company_id = $1 and holder is not null", Home.Company) == 0, "all to be noted");

        var (reports, calls) = (new List<DeliveryReport>(), Line.Calls.Count);
        foreach (var order in orders)
            reports.Add(await replica.ReportAsync(order));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(calls, Line.Calls.Count);
        await Organisation.ApproveAsync();
        await replica.ConnectAsync(Home, Organisation.Settings());
        await DoneAsync(orders);

        Assert.All(reports, report => Assert.Equal((DeliveryState.Reconnect, "connection.reconnect"), (report.State, report.Code)));
        await AllOnceAsync(orders);
    }

    [Fact]
    public async Task A_token_endpoint_in_trouble_needs_nobody()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.Token, Obstacles.Fails(503), times: 4);

        await replica.TakeAsync(order);
        await FinishAsync(replica, order);

        Assert.Equal(5, Line.To(CallStep.Token).Count());
        await OnceAsync(order);
    }

    [Fact]
    public async Task A_lost_answer_of_the_token_endpoint_loses_no_order()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.Token, Obstacles.LosesTheAnswer);

        await replica.TakeAsync(order);
        await FinishAsync(replica, order);

        await OnceAsync(order);
    }

    [Fact]
    public async Task A_replica_killed_between_refresh_and_save_loses_no_order()
    {
        var first = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.Token, Obstacles.Waits(held, carriedOut: true));
        await first.TakeAsync(order);
        await ReachedAsync(held);

        first.Kill();
        await FinishAsync(await ReplicaAsync(), order);

        await OnceAsync(order);
    }

    [Fact]
    public async Task A_new_token_is_stored_before_it_is_used()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var stored = new List<long>();
        Line.Watching = async call =>
        {
            if (call.Step != CallStep.Token && stored.Count == 0)
                stored.Add(await ScalarAsync<long>($"select count(*) from {Schema}.token where company_id = $1 and kind = 'answer'", Home.Company));
        };

        await PushAsync(replica, order);

        Assert.Equal([1], stored);
        var another = await ReplicaAsync();
        await replica.StopAsync();
        await PushAsync(another, Capture.Order(Home));
        Assert.Single(Line.To(CallStep.Token));
    }

    [Fact]
    public async Task No_secret_stands_in_the_ledger_in_the_log_or_in_a_report()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Fails(500));
        await PushAsync(replica, order);
        var secrets = Organisation.Secrets.Append(await replica.TokenAsync(Home)).ToList();
        Line.Lay(CallStep.CreateOrder, Obstacles.Says(Stage.Erp.No("No.")));
        await replica.TakeAsync(Capture.Order(Home));
        await Organisation.RevokeAsync();
        await UntilTrueAsync(async () => await ScalarAsync<long>(
            $"select count(*) from {Schema}.document where company_id = $1 and state in ('pending', 'ambiguous')", Home.Company) == 0
            || await ScalarAsync<bool>($"select reconnect from {Schema}.account where company_id = $1", Home.Company), "all to end");

        var tables = new List<string>();
        foreach (var table in new[] { "connection", "account", "wish", "document", "content", "step", "report", "token" })
            tables.Add(await ScalarAsync<string>(
                $"select coalesce(string_agg(row_to_json(one)::text || encode(convert_to(one::text, 'UTF8'), 'escape'), ''), '') from {Schema}.{table} one where company_id = $1", Home.Company));
        var seen = string.Concat([.. tables, .. replica.Log, $"{await replica.ReportAsync(order)}"]);
        Assert.NotEmpty(replica.Log);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, seen, StringComparison.Ordinal));
    }

    // A person enters new credentials where they are asked for.
    private async Task FinishAsync(ConnectorReplica replica, DeliverRecord order)
    {
        await UntilTrueAsync(async () =>
        {
            var state = (await DocumentAsync(Home.Company, order.RecordId))?.State;
            var reconnect = await ScalarAsync<bool>($"select reconnect from {Schema}.account where company_id = $1", Home.Company);
            return state == "done" || reconnect;
        }, "the order to be done, or reconnect");
        if ((await DocumentAsync(Home.Company, order.RecordId))!.State != "done")
        {
            await Organisation.ApproveAsync();
            await replica.ConnectAsync(Home, Organisation.Settings());
            await DoneAsync(order);
        }
    }
}
