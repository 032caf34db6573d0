using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Testing;
using OrderSync.Zoho;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>The stand-in with Zoho's documented limits, on a clock that a test moves.</summary>
public sealed class ZohoLimitedStage() : ConformanceStage(new ZohoSide(ZohoProduct.Inventory, "documented"));

/// <summary>Many orders within Zoho's documented limits, in virtual time.</summary>
public sealed class ZohoBudgetTests(ZohoLimitedStage stage, ITestOutputHelper output) : ConformanceCase(stage), IClassFixture<ZohoLimitedStage>
{
    private const int PerMinute = 90;

    [Fact]
    [InCi]
    public async Task F103_Hundreds_of_orders_pass_the_documented_limits_in_the_time_they_need_and_nothing_is_one_too_many()
    {
        var count = Servers.Full ? 300 : 60;
        var settings = Organisation.Settings();
        settings["plan"] = "premium";
        var replica = await ConnectedAsync(settings);
        var customers = Enumerable.Range(0, count / 10).Select(_ => Capture.Customer()).ToList();
        var orders = Enumerable.Range(0, count).Select(i => Capture.Order(Home, customers[i % customers.Count])).ToList();

        await Parallel.ForEachAsync(orders, async (order, _) => await replica.TakeAsync(order));
        await DoneAsync(orders);

        // The stand-in refuses the 101st call of any minute.
        Assert.DoesNotContain(Line.Calls, call => call.Status == 429);
        var times = Line.Calls.Where(call => call.Step != CallStep.Token).Select(call => call.At).Order().ToList();
        var (took, needed) = (times[^1] - times[0], TimeSpan.FromMinutes((times.Count - 1) / PerMinute));
        output.WriteLine($"{times.Count} calls in {took}; {needed} are needed at {PerMinute} a minute.");
        Assert.InRange(times.Count, count * 4, count * 6);
        Assert.InRange(took, needed, needed + TimeSpan.FromMinutes(1));
        // By the control API: calls of our own would meet the limits too.
        using var http = new HttpClient();
        var theirs = JsonNode.Parse(await http.GetStringAsync(new Uri(Stage.Erp.Address, $"_control/zoho/orgs/{Organisation.Id}/salesorders")))!.AsArray();
        Assert.Equal(
            orders.Select(order => (order.RecordId, order.Total())).Order(),
            theirs.Where(row => (string)row!["status"]! == "confirmed").Select(row => (Guid.Parse((string)row!["cf_ordersync_id"]!), (decimal)row["total"]!)).Order());
    }
}
