using OrderSync.Connectors.Tests.Recording;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

public sealed class LedgerTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    private readonly ManualClock clock = new();
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F101_An_order_and_its_new_customer_arrive_complete_and_confirmed()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var customer = A.Snapshot(name: "Zoë & Søn");
        var order = A.Order(company, connection, customer, total: 99.9m);

        await host.TakeAsync(order);

        await database.UntilAsync(order.RecordId, "done");
        Assert.Equal([("customer", "Zoë & Søn"), ("order", order.Number!)], erp.Created.Select(document => (document.Kind, document.Number)));
        Assert.All(erp.Created, document => Assert.Equal("confirmed", document.Status));
    }

    [Fact]
    public async Task F104_A_lost_answer_does_not_make_a_second_document()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var lost = 0;
        erp.Answering = call => call.Name == "create" && Interlocked.Increment(ref lost) == 1 ? throw new IOException("The answer was lost.") : Task.CompletedTask;
        var order = A.Order(company, connection);

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "ambiguous");
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Equal("confirmed", Assert.Single(erp.Created).Status);
    }

    [Fact]
    public async Task F104_A_write_that_took_no_effect_is_repeated_only_after_the_window_and_two_empty_looks()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var lost = 0;
        erp.Arriving = call => call.Name == "create" && Interlocked.Increment(ref lost) == 1 ? throw new IOException("The line was cut.") : Task.CompletedTask;
        var order = A.Order(company, connection);

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "ambiguous");
        await database.UntilAsync(order.RecordId, "done", clock);

        var creates = erp.CallsNamed("create").Select(call => call.At).ToList();
        Assert.Equal(2, creates.Count);
        Assert.True(creates[1] - creates[0] >= TimeSpan.FromSeconds(150), $"{creates[1] - creates[0]} after the first");
        var looks = erp.CallsNamed("look").Select(call => call.At).Where(at => at >= creates[0].AddMinutes(2)).ToList();
        Assert.True(looks[1] - looks[0] >= TimeSpan.FromSeconds(30), $"looks {looks[1] - looks[0]} apart");
        Assert.Single(erp.Created);
    }

    [Fact]
    public async Task F104_A_write_that_takes_effect_late_is_found_and_not_repeated()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        erp.Arriving = call =>
        {
            if (call.Name != "create")
                return Task.CompletedTask;
            clock.CreateTimer(_ => erp.Create("order", order.RecordId, order.Number!, 12.5m), null, TimeSpan.FromSeconds(110), Timeout.InfiniteTimeSpan);
            throw new TimeoutException("504");
        };

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "ambiguous");
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Single(erp.CallsNamed("create"));
        Assert.Single(erp.Created);
    }

    [Theory]
    [InlineData("look", false)]
    [InlineData("create", false)]
    [InlineData("create", true)]
    [InlineData("confirm", false)]
    [InlineData("confirm", true)]
    public async Task F104_A_replica_killed_at_any_step_leaves_one_document_once_another_goes_on(string step, bool afterItsEffect)
    {
        var erp = new RecordingErp(clock);
        var killed = new TaskCompletionSource();
        RecordingHost? first = null;
        Task Kill(RecordedCall call)
        {
            if (call.Name != step || killed.Task.IsCompleted)
                return Task.CompletedTask;
            first!.Kill();
            killed.SetResult();
            return new TaskCompletionSource().Task;
        }

        first = await RecordingHost.StartAsync(database, erp, clock);
        await first.ConnectAsync(company, connection);
        if (afterItsEffect)
            erp.Answering = Kill;
        else
            erp.Arriving = Kill;
        var order = A.Order(company, connection);
        await first.TakeAsync(order);
        await killed.Task.WaitAsync(Eventually.Patience);

        await using var second = await RecordingHost.StartAsync(database, erp, clock);
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Equal("confirmed", Assert.Single(erp.Created).Status);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_frozen_replica_that_lost_its_session_does_not_write_when_it_wakes()
    {
        var erp = new RecordingErp(clock);
        var frozen = new TaskCompletionSource();
        var wakes = new TaskCompletionSource();
        erp.Arriving = call =>
        {
            if (call.Name != "look" || !frozen.TrySetResult())
                return Task.CompletedTask;
            return wakes.Task;
        };
        await using var first = await RecordingHost.StartAsync(database, erp, clock);
        await first.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await first.TakeAsync(order);
        await frozen.Task.WaitAsync(Eventually.Patience);

        // Only the session that holds the lock ends: everything else of the frozen replica still works.
        await database.ScalarAsync<long>("select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
        await using var second = await RecordingHost.StartAsync(database, erp, clock);
        await database.UntilAsync(order.RecordId, "done", clock);
        wakes.SetResult();
        await Eventually.TrueAsync(async () => await database.ScalarAsync<long>("select count(*) from recording.document where holder is not null") == 0, "the woken try to end");

        Assert.Single(erp.CallsNamed("create"));
        Assert.Single(erp.Created);
        Assert.Equal("done", (await database.DocumentAsync(order.RecordId))!.State);
    }
}
