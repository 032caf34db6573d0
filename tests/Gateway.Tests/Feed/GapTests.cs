using Npgsql;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Feed;

/// <summary>Whatever the order of commits, a reader misses nothing and waits for nobody. The two ways that look simpler are kept here, with what is wrong with them.</summary>
[InCi]
public sealed class GapTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly int Schedules = Servers.Full ? 10_000 : 200;

    [Fact]
    public async Task F026_No_change_is_ever_missed_whatever_the_order_in_which_sleeping_writers_commit()
    {
        var seed = Environment.TickCount;
        await using var parts = await FeedParts.OpenAsync(gateway, new OrderSync.Gateway.Feed.Collections.Taxes());
        var table = new FeedTable(parts);
        for (var i = 0; i < Schedules; i++)
        {
            var missed = await new Schedule(parts.Database, gateway.CompanyId, seed + i).RunAsync(table);
            Assert.True(missed.Count == 0, $"Seed {seed + i}: missed {string.Join(", ", missed)}");
        }
    }

    [Fact]
    public async Task F026_The_trap_a_reader_of_a_sequence_misses_what_commits_late()
    {
        await using var parts = await FeedParts.OpenAsync(gateway);
        await SerialTable.MakeAsync(gateway);
        var table = new SerialTable(gateway.Database.Administrator);
        var missed = 0;
        for (var seed = 0; seed < 50; seed++)
            missed += (await new Schedule(parts.Database, gateway.CompanyId, 1_000_000 + seed).RunAsync(table)).Count;

        Assert.True(missed > 0);
    }

    [Fact]
    public async Task F026_The_trap_a_reader_behind_a_watermark_stands_still_with_any_open_transaction_and_the_feed_does_not()
    {
        await using var parts = await FeedParts.OpenAsync(gateway, new OrderSync.Gateway.Feed.Collections.Taxes());
        await WatermarkTable.MakeAsync(gateway);
        var (watermark, feed) = (new WatermarkTable(gateway.Database.Administrator), new FeedTable(parts));
        await feed.PollAsync();
        var (mark, code) = ($"W-{Guid.NewGuid():N}", $"T-{Guid.NewGuid():N}");
        await using (await WritingElsewhereAsync(await Servers.PostgresAsync()))
        {
            await WriteAsync(watermark, mark);
            await WriteAsync(feed, code);

            Assert.DoesNotContain(mark, await watermark.PollAsync());
            Assert.Contains(code, await feed.PollAsync());
        }

        // Others on the server may hold the mark back as well, but not for ever.
        await Eventually.TrueAsync(async () => (await watermark.PollAsync()).Contains(mark), "the watermark goes on once the transaction in the other database is over");

        async Task WriteAsync(IWatchedTable table, string key)
        {
            await using var connection = await parts.Database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var set = new NpgsqlCommand("select set_config('app.company', $1, true)", connection, transaction) { Parameters = { new() { Value = gateway.CompanyId.ToString() } } };
            await set.ExecuteNonQueryAsync();
            await table.WriteAsync(connection, transaction, key);
            await transaction.CommitAsync();
        }
    }

    [Fact]
    public async Task F026_A_write_transaction_left_open_here_or_in_another_database_holds_up_no_push_and_no_pull()
    {
        using var device = await ModelDevice.EnrolAsync(gateway);
        await device.SyncAsync();
        await using var elsewhere = await WritingElsewhereAsync(await Servers.PostgresAsync());
        await using var here = await gateway.Database.Administrator.OpenConnectionAsync();
        await using var open = await here.BeginTransactionAsync();
        await using (var write = new NpgsqlCommand($"insert into gateway.tax (company_id, code, name, rate) values ('{gateway.CompanyId}', 'OPEN', 'Open', 1)", here, open))
            await write.ExecuteNonQueryAsync();
        var order = An.Customer();

        await device.Device.PushAsync(order);
        await device.SyncAsync();

        Assert.Contains(order["id"]!.GetValue<Guid>().ToString(), device.Rows("verdicts").Keys);
        Assert.DoesNotContain("OPEN", device.Rows("taxes").Keys);
        await open.CommitAsync();
        await device.SyncAsync();
        Assert.Contains("OPEN", device.Rows("taxes").Keys);
        device.AssertEqual();
    }

    // A transaction that has written, in the administrator's own database on the same server.
    private static async Task<NpgsqlConnection> WritingElsewhereAsync(string server)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var begin = new NpgsqlCommand("begin; select pg_current_xact_id()", connection);
        await begin.ExecuteNonQueryAsync();
        return connection;
    }
}
