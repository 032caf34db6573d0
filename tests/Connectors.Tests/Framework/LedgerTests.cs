using Microsoft.Extensions.DependencyInjection;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework;
using OrderSync.Framework.Work;
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
        Assert.Equal([("customer", "Zoë & Søn"), ("order", order.Number!)], Ours().Select(document => (document.Kind, document.Number)));
        Assert.All(Ours(), document => Assert.Equal("confirmed", document.Status));

        IEnumerable<RecordedDocument> Ours() => erp.Created.Where(document => document.RecordId == order.RecordId || document.RecordId == customer.Id);
    }

    [Fact]
    public async Task F104_A_lost_answer_does_not_make_a_second_document()
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        var lost = 0;
        erp.Answering = call => call.RecordId == order.RecordId && call.Name == "create" && Interlocked.Increment(ref lost) == 1 ? throw new IOException("The answer was lost.") : Task.CompletedTask;

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "ambiguous");
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Equal("confirmed", Assert.Single(erp.Created, document => document.RecordId == order.RecordId).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task F104_A_write_that_took_no_effect_is_repeated_only_after_the_window_and_two_empty_looks(bool madeDueEarly)
    {
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        var lost = 0;
        erp.Arriving = call => call.RecordId == order.RecordId && call.Name == "create" && Interlocked.Increment(ref lost) == 1 ? throw new IOException("The line was cut.") : Task.CompletedTask;

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "ambiguous");
        await Eventually.TrueAsync(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(3));
            // As a take-over does: it looks earlier than it has to, and must not write earlier for that.
            if (madeDueEarly)
                await database.ScalarAsync<long>($"with early as (update recording.document set due = '{clock.GetUtcNow():O}' where record_id = '{order.RecordId}' returning 1) select count(*) from early");
            return (await database.DocumentAsync(order.RecordId))!.State == "done";
        }, "the order to be done");

        var creates = erp.CallsNamed("create").Where(call => call.RecordId == order.RecordId).Select(call => call.At).ToList();
        Assert.Equal(2, creates.Count);
        Assert.True(creates[1] - creates[0] >= TimeSpan.FromSeconds(150), $"{creates[1] - creates[0]} after the first");
        var late = erp.CallsNamed("look").Where(call => call.RecordId == order.RecordId).Select(call => call.At).Where(at => at >= creates[0].AddMinutes(2)).ToList();
        Assert.True(late[^1] - late[0] >= TimeSpan.FromSeconds(30), $"looks {late[^1] - late[0]} apart");
        Assert.Single(erp.Created, document => document.RecordId == order.RecordId);
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
            if (call.Name != "create" || call.RecordId != order.RecordId)
                return Task.CompletedTask;
            clock.CreateTimer(_ => erp.Create("order", order.RecordId, order.Number!, 12.5m), null, TimeSpan.FromSeconds(110), Timeout.InfiniteTimeSpan);
            throw new TimeoutException("504");
        };

        await host.TakeAsync(order);
        await database.UntilAsync(order.RecordId, "ambiguous");
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Single(erp.CallsNamed("create"), call => call.RecordId == order.RecordId);
        Assert.Single(erp.Created, document => document.RecordId == order.RecordId);
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
        var order = A.Order(company, connection);
        Task Kill(RecordedCall call)
        {
            if (call.Name != step || call.RecordId != order.RecordId || killed.Task.IsCompleted)
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
        await first.TakeAsync(order);
        await killed.Task.WaitAsync(Eventually.Patience);

        await using var second = await RecordingHost.StartAsync(database, erp, clock);
        await database.UntilAsync(order.RecordId, "done", clock);

        Assert.Equal("confirmed", Assert.Single(erp.Created, document => document.RecordId == order.RecordId).Status);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_frozen_replica_that_lost_its_session_does_not_write_when_it_wakes()
    {
        var erp = new RecordingErp(clock);
        var order = A.Order(company, connection);
        var frozen = new TaskCompletionSource();
        var wakes = new TaskCompletionSource();
        erp.Arriving = call =>
        {
            if (call.Name != "look" || call.RecordId != order.RecordId || !frozen.TrySetResult())
                return Task.CompletedTask;
            return wakes.Task;
        };
        await using var first = await RecordingHost.StartAsync(database, erp, clock);
        await first.ConnectAsync(company, connection);
        await first.TakeAsync(order);
        await frozen.Task.WaitAsync(Eventually.Patience);

        await EndLockSessionsAsync();
        await using var second = await RecordingHost.StartAsync(database, erp, clock);
        await database.UntilAsync(order.RecordId, "done", clock);
        wakes.SetResult();
        await first.DisposeAsync();

        Assert.Single(erp.CallsNamed("create"), call => call.RecordId == order.RecordId);
        Assert.Single(erp.Created, document => document.RecordId == order.RecordId);
        Assert.Equal("done", (await database.DocumentAsync(order.RecordId))!.State);
    }

    [Fact]
    public async Task A_claim_is_not_taken_over_while_the_session_of_its_holder_lives()
    {
        var erp = new RecordingErp(clock);
        var order = A.Order(company, connection);
        var reached = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        erp.Arriving = call => call.RecordId == order.RecordId && reached.TrySetResult() ? go.Task : Task.CompletedTask;
        await using var first = await RecordingHost.StartAsync(database, erp, clock);
        await first.ConnectAsync(company, connection);
        await first.TakeAsync(order);
        await reached.Task.WaitAsync(Eventually.Patience);

        await using var second = await RecordingHost.StartAsync(database, erp, clock);
        var other = A.Order(company, connection);
        await second.TakeAsync(other);
        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(6));
            await second.TakeAsync(other with { Version = i + 2, Revision = i + 2 });
            await Eventually.TrueAsync(async () => await database.ScalarAsync<int>($"select pushed_revision from recording.document where record_id = '{other.RecordId}'") == i + 2, "the second replica to work");
        }

        Assert.Single(erp.Calls, call => call.RecordId == order.RecordId);
        go.SetResult();
        await database.UntilAsync(order.RecordId, "done");
    }

    [Fact]
    public async Task A_replica_whose_session_has_ended_unnoticed_does_not_write()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var job = await ClaimAsync(host);

        await EndLockSessionsAsync();
        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.False(await WritesAsync(job));
    }

    [Fact]
    public async Task A_try_whose_claim_was_taken_over_does_not_write()
    {
        await using var host = await RecordingHost.StartAsync(database, new RecordingErp(clock), clock, works: false);
        var job = await ClaimAsync(host);

        await database.ScalarAsync<long>($"with taken as (update recording.document set holder = 1 where record_id = '{job.Claim.RecordId}' returning 1) select count(*) from taken");

        Assert.False(await WritesAsync(job));
        await host.Services.GetRequiredService<Notes>().WriteAsync(job.Claim, new Outcome.Done("E1", null, null), job.Steps, default);
        Assert.Equal(new LedgerRow("pending", true, null, null, null), await database.DocumentAsync(job.Claim.RecordId));
    }

    [Fact]
    public async Task F065_Whatever_a_destination_says_can_be_stored()
    {
        var erp = new RecordingErp(clock);
        var order = A.Order(company, connection) with { Number = "A-\0-\ud800-😀" };
        erp.Arriving = call => call.Name == "confirm" && call.RecordId == order.RecordId
            ? throw new OutcomeException(new Outcome.Refused("erp.odd", "Nul \0, half \ud83d and " + new string('x', 5000), "Look\0."))
            : Task.CompletedTask;
        await using var host = await RecordingHost.StartAsync(database, erp, clock);
        await host.ConnectAsync(company, connection);

        await host.TakeAsync(order);
        var refused = await database.UntilAsync(order.RecordId, "refused");

        Assert.StartsWith("Nul , half \ufffd and xxx", refused!.Reason, StringComparison.Ordinal);
        Assert.Equal(2000, refused.Reason!.Length);
    }

    private async Task<Job> ClaimAsync(RecordingHost host)
    {
        await host.ConnectAsync(company, connection);
        var order = A.Order(company, connection);
        await host.TakeAsync(order);
        var key = await host.Services.GetRequiredService<Replica>().KeyAsync(default);
        var claim = (await host.Services.GetRequiredService<Claims>().TakeAsync(key, 100, default)).Single(claim => claim.RecordId == order.RecordId);
        return await host.Services.GetRequiredService<Workbench>().LayOutAsync(claim, default);
    }

    private static async Task<bool> WritesAsync(Job job)
    {
        var written = false;
        var trouble = await Record.ExceptionAsync(() => job.Steps.OnceAsync("create", () => Task.FromResult(written = true)));
        Assert.IsType<Outcome.Later>(Assert.IsType<OutcomeException>(trouble).Outcome);
        return written;
    }

    // Only the sessions that hold a lock end: everything else of a replica still works.
    private Task<long> EndLockSessionsAsync() => database.ScalarAsync<long>(
        "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
}
