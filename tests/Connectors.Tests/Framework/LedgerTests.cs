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
