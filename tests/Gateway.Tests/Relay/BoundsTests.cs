using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OrderSync.Gateway.Relay;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Relay;

/// <summary>How often the relay may do what costs others something.</summary>
[InCi]
public sealed class BoundsTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const string Announcement = "notify";

    [Fact]
    public void Repeats_come_at_two_hundred_a_second_with_a_second_in_reserve()
    {
        var clock = new ManualClock();
        var pace = new Pace(200, 200, clock);

        Assert.Equal([200, 200, 100, 200], (int[])[Take(), After(1_000), After(500), After(60_000)]);

        int After(int milliseconds)
        {
            clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return Take();
        }

        int Take()
        {
            var taken = 0;
            for (; pace.Free > 0 && taken < 1_000; taken++)
                pace.Take();
            return taken;
        }
    }

    [Fact]
    public async Task F104_What_is_sent_again_comes_at_two_hundred_a_second_at_most()
    {
        const int Repeats = 900;
        using var device = await gateway.EnrolAsync();
        foreach (var push in Enumerable.Range(0, Repeats).Select(_ => An.Customer()).Chunk(450))
            await device.PushAsync(push);
        await Eventually.TrueAsync(async () => await gateway.Scalar<long>("select count(*) from gateway.outbox where tries = 0") == 0, "all are sent");
        await using var connector = await TestConnector.StartAsync(gateway);
        await Eventually.TrueAsync(() => connector.Messages.Count >= Repeats, "all have come once");

        var clock = Stopwatch.StartNew();
        await gateway.Execute("update gateway.outbox set due = now()");
        await Eventually.TrueAsync(() => connector.Messages.Count >= Repeats * 2, "all come again");

        // 200 are in reserve and one claim may begin with the last of a second: the other 600 take three seconds.
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(3), Eventually.Patience);
        await gateway.Execute("delete from gateway.outbox");
    }

    [Fact]
    public async Task Replicas_are_told_of_work_at_most_every_50_ms()
    {
        var clock = new ManualClock();
        await using var listening = await gateway.Database.Administrator.OpenConnectionAsync();
        var heard = 0;
        listening.Notification += (_, _) => heard++;
        await using (var listen = new NpgsqlCommand("listen gateway_relay", listening))
            await listen.ExecuteNonQueryAsync();
        await using var database = NpgsqlDataSource.Create(gateway.Database.ConnectionStringAs("gateway_relay"));
        using var notices = new RelayNotices(database, new RelaySignal(), clock, NullLogger<RelayNotices>.Instance);
        await notices.StartAsync(default);

        notices.Tell();
        await HeardAsync(1);
        await Eventually.TrueAsync(() => clock.PendingTimers > 0, "it rests");
        for (var i = 0; i < 20; i++)
            notices.Tell();
        clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(1, heard);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await HeardAsync(2);
        await notices.StopAsync(default);

        // What was said comes with the next answer.
        Task HeardAsync(int count) => Eventually.TrueAsync(async () =>
        {
            await using var ask = new NpgsqlCommand("select 1", listening);
            await ask.ExecuteNonQueryAsync();
            return heard >= count;
        }, $"{count} announcements");
    }

    [Fact]
    public async Task A_push_announces_nothing_inside_its_transaction()
    {
        var server = new NpgsqlConnectionStringBuilder(gateway.Database.ConnectionStringAs("gateway"));
        await using var line = new Faults.LostAnswerLine(server.Host!, server.Port);
        (server.Host, server.Port) = ("127.0.0.1", line.Port);
        await using var quiet = await ServiceProcess.StartAsync("services/Gateway", new Dictionary<string, string>(gateway.Environment)
        {
            ["ConnectionStrings__gateway"] = server.ConnectionString, ["Relay__Paused"] = "true",
        });
        using var device = await TestDevice.EnrolAsync(gateway.Office, quiet.Url, "Ada");
        line.LoseAnswerTo(System.Text.Encoding.UTF8.GetBytes(Announcement));

        foreach (var push in Enumerable.Range(0, 300).Select(_ => An.Customer()).Chunk(100))
            Assert.All(await device.PushAsync(push), verdict => Assert.Equal("accepted", verdict.GetProperty("outcome").GetString()));

        // Its relay is paused, so nobody but the push could have said it; nor does the database by itself.
        Assert.False(line.Passed);
        Assert.Equal(0L, await gateway.Scalar<long>("select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'gateway' and prosrc ilike '%notify%'"));
    }
}
