using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Contracts.Catalogue;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.NetSuite;

/// <summary>What comes back from NetSuite: found by SuiteQL with an overlap of 26 hours, since it compares with a local time that nobody tells.</summary>
[InCi]
public sealed class NetSuitePullTests(NetSuiteStage stage) : ConformanceCase(stage), IClassFixture<NetSuiteStage>
{
    private NetSuiteSandboxAccount Account => (NetSuiteSandboxAccount)Organisation;

    [Fact]
    public async Task F022_F023_F107_Items_prices_stock_customers_and_documents_come_back_as_they_stand()
    {
        await Account.PutAsync(new
        {
            locations = new[] { "Depot" }, priceLevels = new[] { "Trade" },
            items = new[] { new { sku = "W", name = "Whole wheat", price = 4.5m, prices = new Dictionary<string, decimal> { ["Trade"] = 4m }, stock = new Dictionary<string, decimal> { ["Depot"] = 12m } } },
        });
        var replica = await PullingAsync();
        var (order, billed) = (Capture.Order(Home), Capture.Order(Home));
        await PushAsync(replica, order, billed);
        await Account.BillAsync(billed.RecordId);

        foreach (var collection in CollectionNames.All.Where(name => name is CollectionNames.Items or CollectionNames.Stock or CollectionNames.Customers or CollectionNames.Orders or CollectionNames.Invoices or CollectionNames.PriceLists or CollectionNames.Prices)
            .OrderBy(name => name != CollectionNames.Items))
            await LookAsync(replica, collection, wholly: true);

        Assert.Contains(await BodiesAsync(CollectionNames.Items), item => ((string?)item["sku"], (string?)item["name"]) == ("W", "Whole wheat"));
        Assert.Equal(("W", 12m), Assert.Single(await BodiesAsync(CollectionNames.Stock)) is var stock ? ((string)stock["sku"]!, (decimal)stock["available"]!) : default);
        Assert.Contains(await BodiesAsync(CollectionNames.Orders), theirs => ((string?)theirs["number"], (string?)theirs["status"], (decimal?)theirs["total"]) == (order.Number, "Pending Approval", order.Total()));
        Assert.Equal((billed.Total(), billed.Total()), Assert.Single(await BodiesAsync(CollectionNames.Invoices)) is var invoice ? ((decimal)invoice["total"]!, (decimal)invoice["balance"]!) : default);
        Assert.Contains(await BodiesAsync(CollectionNames.Customers), customer => ((string?)customer["body"]!["email"])!.EndsWith("@shops.example", StringComparison.Ordinal));
        Assert.Contains(await BodiesAsync(CollectionNames.PriceLists), list => (string?)list["name"] == "Trade");
        Assert.Contains(await BodiesAsync(CollectionNames.Prices), price => ((string?)price["sku"], (decimal?)price["unitPrice"]) == ("W", 4m));
    }

    [Fact]
    public async Task F107_A_look_for_changes_goes_back_26_hours_further_and_reads_the_records_of_those_alone_that_changed()
    {
        var replica = await PullingAsync();
        var (one, other) = (Capture.Order(Home), Capture.Order(Home));
        await PushAsync(replica, one, other);
        await LookAsync(replica, CollectionNames.Orders, wholly: true);
        // What has just changed is read again until it is old by any time zone.
        Clock.Advance(TimeSpan.FromHours(27));
        await LookAsync(replica, CollectionNames.Orders, wholly: true);
        var begun = Clock.GetUtcNow();
        Clock.Advance(TimeSpan.FromHours(1));
        var theirs = (await Organisation.OrdersAsync()).Single(order => order.RecordId == one.RecordId);
        await Account.ChangeAsync("salesOrder", theirs.Id, new() { ["memo"] = "Called", ["orderStatus"] = NetSuiteSandboxAccount.Ref("B") });
        var before = Line.Calls.Count;

        await LookAsync(replica, CollectionNames.Orders, wholly: false);

        var calls = Line.Calls.Skip(before).Where(call => call.Step == CallStep.Look).ToList();
        var since = calls.Select(call => call.Body).First(body => body.Contains("'SalesOrd' AND lastmodifieddate >= ", StringComparison.Ordinal)).Split("TO_TIMESTAMP('")[1][..19];
        Assert.Equal(26, (begun.UtcDateTime - DateTime.ParseExact(since, "yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)).TotalHours, 0.1);
        Assert.Equal([theirs.Id], calls.Where(call => call.Path.Contains("/salesOrder/", StringComparison.Ordinal)).Select(call => call.Path.Split('?')[0].Split('/')[^1]));
        Assert.Contains(await BodiesAsync(CollectionNames.Orders), order => ((string?)order["number"], (string?)order["status"]) == (one.Number, "Pending Fulfillment"));
    }

    [Fact]
    public async Task F107_An_order_that_changes_again_within_the_second_in_which_it_was_read_is_read_again()
    {
        var replica = await PullingAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var theirs = (await Organisation.OrdersAsync()).Single(one => one.RecordId == order.RecordId);
        Line.Lay(CallStep.Look, async call =>
        {
            await Account.ChangeAsync("salesOrder", theirs.Id, new() { ["memo"] = "Called" });
            await Obstacles.None(call);
        }, only: call => call.Body.Contains("'SalesOrd'", StringComparison.Ordinal));
        Line.Lay(CallStep.Look, async call =>
        {
            var read = await call.EffectAsync();
            await Account.ChangeAsync("salesOrder", theirs.Id, new() { ["orderStatus"] = NetSuiteSandboxAccount.Ref("B") });
            await call.AnswerAsync(read);
        }, only: call => call.Path.Contains("/salesOrder/", StringComparison.Ordinal));
        await LookAsync(replica, CollectionNames.Orders, wholly: true);
        Assert.Equal("Pending Approval", (string?)Assert.Single(await BodiesAsync(CollectionNames.Orders))["status"]);

        await LookAsync(replica, CollectionNames.Orders, wholly: false);

        Assert.Equal("Pending Fulfillment", (string?)Assert.Single(await BodiesAsync(CollectionNames.Orders))["status"]);
    }

    private async Task<ConnectorReplica> PullingAsync()
    {
        var settings = Organisation.Settings();
        settings["pullMinutes"] = 10_000;
        settings["notRead"] = new JsonArray();
        return await ConnectedAsync(settings);
    }

    private async Task LookAsync(ConnectorReplica replica, string collection, bool wholly)
    {
        var ended = await EndedAsync(collection);
        await replica.PullAsync(Home, collection, wholly);
        await UntilTrueAsync(async () => await EndedAsync(collection) > ended, $"the look at {collection} to end");
    }

    private async Task<long> EndedAsync(string collection) => await ScalarAsync<long>(
        $"select coalesce(max(case when running or holder is not null then 0 else import end), 0)::bigint from {Schema}.pull where company_id = $1 and collection = $2", Home.Company, collection);

    private async Task<IReadOnlyList<JsonNode>> BodiesAsync(string collection) =>
        [.. (await ScalarAsync<string[]>($"select coalesce(array_agg(body::text), array[]::text[]) from {Schema}.pulled where company_id = $1 and collection = $2 and not deleted", Home.Company, collection)).Select(body => JsonNode.Parse(body)!)];
}
