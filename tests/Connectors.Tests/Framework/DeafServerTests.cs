using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderSync.Connectors.Tests.Recording;
using OrderSync.Framework.Storage;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Framework;

/// <summary>PostgreSQL does not even answer the knock, as when its host is overloaded or a firewall drops what comes.</summary>
public sealed class DeafServerTests(LedgerFixture database) : IClassFixture<LedgerFixture>
{
    [Fact]
    [InCi]
    public async Task A_connector_whose_PostgreSQL_does_not_answer_the_knock_goes_on_when_it_does()
    {
        var clock = new ManualClock();
        var erp = new RecordingErp(clock);
        await using var host = await RecordingHost.StartAsync(database, erp, clock, deaf: true);
        var ledger = host.Services.GetRequiredService<LedgerDatabase>();
        // All that works by itself has knocked before.
        Assert.True(await Record.ExceptionAsync(async () => await ledger.Worker.OpenConnectionAsync()) is NpgsqlException or TimeoutException);

        host.HearDatabase();
        var (company, connection) = (Guid.NewGuid(), Guid.NewGuid());
        await LedgerDatabase.UntilTakenAsync(async () => await host.ConnectAsync(company, connection), default);
        var order = A.Order(company, connection);
        await LedgerDatabase.UntilTakenAsync(async () =>
        {
            await host.TakeAsync(order);
            return 0;
        }, default);

        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return erp.Created.Any(document => document.RecordId == order.RecordId);
        }, "the order to be written");
    }

    // Which of the two the client throws depends on where the time ran out.
    [Fact]
    public async Task What_the_client_says_when_the_time_for_opening_ran_out_is_tried_again_whichever_way_it_is_said()
    {
        foreach (var said in new Exception[] { new TimeoutException(), new NpgsqlException("Exception while reading from stream", new TimeoutException()) })
        {
            var tries = 0;
            Assert.Equal(2, await LedgerDatabase.UntilTakenAsync(() => ++tries == 1 ? throw said : Task.FromResult(tries), default));
        }
    }
}
