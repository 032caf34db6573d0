using System.Text;
using Npgsql;
using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Faults;

[InCi]
public sealed class LostCommitTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task F036_An_order_whose_commit_was_done_but_not_answered_is_retry_later_and_then_a_duplicate_with_its_number()
    {
        var server = new NpgsqlConnectionStringBuilder(gateway.Environment["ConnectionStrings__gateway"]);
        await using var line = new LostAnswerLine(server.Host!, server.Port);
        server.Port = line.Port;
        await using var behindLine = await ServiceProcess.StartAsync("services/Gateway", new Dictionary<string, string>(gateway.Environment) { ["ConnectionStrings__gateway"] = server.ConnectionString });
        using var device = await TestDevice.EnrolAsync(gateway.Office, behindLine.Url, "Ada");
        var customer = Guid.CreateVersion7();
        await device.PushAsync(An.Customer(customer));
        var note = Guid.NewGuid().ToString("N")[..16];
        var order = An.Order(customer: customer, notes: note);
        var id = order["id"]!.GetValue<Guid>();

        // The id is looked up as well; the note stands only in what is stored.
        line.LoseAnswerTo(Encoding.UTF8.GetBytes(note));
        var push = device.PushAsync(order);
        await Eventually.TrueAsync(async () => line.Passed && await gateway.Scalar<long>($"select count(*) from gateway.record where record_id = '{id}'") == 1, "the order is committed");
        line.Cut();

        var lost = Assert.Single(await push);
        Assert.Equal("retryLater", lost.GetProperty("outcome").GetString());
        Assert.Equal("server.busy", lost.GetProperty("code").GetString());
        var again = Assert.Single(await device.PushAsync(order));
        Assert.Equal("duplicate", again.GetProperty("outcome").GetString());
        Assert.Equal(await gateway.Scalar<string>($"select number from gateway.record_number where record_id = '{id}'"), again.GetProperty("number").GetString());
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.record where record_id = '{id}'"));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.feed where key = '{id}'"));
        Assert.Equal(1, await gateway.Scalar<long>($"select count(*) from gateway.outbox where record_id = '{id}'"));
    }
}
