using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>Services stop, start and go away in any order.</summary>
public abstract class RestartCases(ConformanceStage stage) : TextCases(stage)
{
    [Fact]
    public async Task A_restart_between_customer_and_order_goes_on_where_it_was()
    {
        var first = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheRequest);
        await first.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await first.StopAsync();
        await ReplicaAsync();
        await DoneAsync(order);

        await OnceAsync(order);
        Assert.Single(Line.To(CallStep.CreateCustomer));
    }

    [Fact]
    public async Task A_service_that_is_told_to_stop_finishes_what_it_is_writing()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.CreateOrder, Obstacles.Waits(held, carriedOut: true));
        await replica.TakeAsync(order);
        await ReachedAsync(held);

        var stopping = replica.StopAsync();
        held.Go();
        await stopping;

        Assert.Equal("done", (await DocumentAsync(Home.Company, order.RecordId))!.State);
        await OnceAsync(order);
    }

    [Fact]
    [InCi]
    public async Task PostgreSQL_that_goes_away_during_a_write_doubles_nothing_when_it_is_back()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.CreateOrder, Obstacles.Waits(held, carriedOut: true));
        await replica.TakeAsync(order);
        await ReachedAsync(held);

        replica.LoseDatabase();
        held.Go();
        await OrderSync.Testing.Eventually.TrueAsync(() => Line.Busy == 0, "the answer to be on its way");
        replica.FindDatabase();
        await DoneAsync(order);

        await OnceAsync(order);
        Assert.Single(Line.To(CallStep.CreateOrder));
    }

    [Fact]
    public async Task PostgreSQL_that_goes_away_before_a_write_leads_to_no_write_without_its_intent()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var held = new Held();
        Line.Lay(CallStep.Look, Obstacles.Waits(held));
        await replica.TakeAsync(order);
        await ReachedAsync(held);

        replica.LoseDatabase();
        held.Go();
        await OrderSync.Testing.Eventually.TrueAsync(() => Line.Busy == 0 && Line.Quiet > TimeSpan.FromMilliseconds(300), "the answer to be read");
        Assert.Empty(Line.To(CallStep.CreateCustomer));
        replica.FindDatabase();
        await DoneAsync(order);

        await OnceAsync(order);
    }

    [Fact]
    public async Task An_open_intent_stands_in_the_ledger_while_the_ERP_writes()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        var intents = new List<long>();
        Line.Watching = async call =>
        {
            if (call.Step is CallStep.CreateCustomer or CallStep.CreateOrder or CallStep.Confirm or CallStep.Change)
                intents.Add(await ScalarAsync<long>($"select count(*) from {Schema}.step where company_id = $1 and state = 'open'", Home.Company));
        };

        await PushAsync(replica, order);

        Assert.NotEmpty(intents);
        Assert.All(intents, open => Assert.Equal(1, open));
    }

    [Fact]
    public async Task While_RabbitMQ_is_away_the_ledger_is_worked_off_and_reports_wait()
    {
        var replica = await ReplicaAsync(broker: new Uri("amqp://guest:guest@127.0.0.1:1/"));
        await replica.ConnectAsync(Home, Organisation.Settings());
        var order = Capture.Order(Home);

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.True(await ScalarAsync<bool>($"select due is not null from {Schema}.report where company_id = $1 and record_id = $2", Home.Company, order.RecordId));
    }

    [Fact]
    public async Task While_Redis_is_away_everything_is_written_all_the_same()
    {
        var replica = await ReplicaAsync(redis: "127.0.0.1:1,abortConnect=false");
        await replica.ConnectAsync(Home, Organisation.Settings());
        var orders = Enumerable.Range(0, 5).Select(_ => Capture.Order(Home)).ToList();

        await PushAsync(replica, orders);

        await AllOnceAsync(orders);
    }

    [Fact]
    public async Task A_record_whose_connection_has_no_settings_waits_visibly_and_goes_on_when_it_has()
    {
        var replica = await ReplicaAsync();
        var order = Capture.Order(Home);
        await replica.TakeAsync(order);

        var waiting = await replica.ReportAsync(order);
        await replica.ConnectAsync(Home, Organisation.Settings());
        await DoneAsync(order);

        Assert.Equal((DeliveryState.Waiting, "connection.unknown"), (waiting.State, waiting.Code));
        await OnceAsync(order);
    }
}
