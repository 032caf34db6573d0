using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.QuickBooks;

/// <summary>What comes back from QuickBooks: by its list of changes where that goes back far enough, else by a query; deletions of documents at once.</summary>
[InCi]
public sealed class QuickBooksPullTests(QuickBooksStage stage) : ConformanceCase(stage), IClassFixture<QuickBooksStage>
{
    private const string Verifier = "a verifier token";

    private QuickBooksSide.Company Company => (QuickBooksSide.Company)Organisation;

    [Fact]
    public async Task F022_F023_F107_Items_stock_customers_and_documents_come_back_as_they_stand()
    {
        await Company.PutAsync(new { items = new[] { new { sku = "A", name = "Olive oil 5 l", price = 29.99m, stock = 12m } } });
        var replica = await PullingAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);

        foreach (var collection in new[] { CollectionNames.Items, CollectionNames.Stock, CollectionNames.Customers, CollectionNames.Orders, CollectionNames.Invoices })
            await LookAsync(replica, collection, wholly: true);

        Assert.Contains(await BodiesAsync(CollectionNames.Items), item => (string?)item["sku"] == "A" && (decimal)item["price"]! == 29.99m);
        Assert.Equal(("A", 12m), Assert.Single(await BodiesAsync(CollectionNames.Stock)) is var stock ? ((string)stock["sku"]!, (decimal)stock["available"]!) : default);
        var theirs = Assert.Single(await BodiesAsync(CollectionNames.Orders));
        Assert.Equal((order.Number, "Accepted", order.Total()), ((string)theirs["number"]!, (string)theirs["status"]!, (decimal)theirs["total"]!));
        Assert.Contains(await BodiesAsync(CollectionNames.Customers), customer => ((string?)customer["body"]!["name"])!.StartsWith("Shop", StringComparison.Ordinal) && customer["body"]!["notes"] is null);
    }

    [Fact]
    public async Task F107_What_changed_lately_is_asked_of_the_list_of_changes_and_what_is_older_is_read_by_a_query()
    {
        var replica = await PullingAsync();
        await LookAsync(replica, CollectionNames.Items, wholly: true);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await Organisation.RenameItemAsync("B", "Still water");
        var before = Line.Calls.Count;

        await LookAsync(replica, CollectionNames.Items, wholly: false);
        var lately = Line.Calls.Skip(before).Where(call => call.Step == CallStep.Look).Select(call => call.Path).ToList();
        Clock.Advance(TimeSpan.FromDays(45));
        await Organisation.RenameItemAsync("C", "Rye bread");
        before = Line.Calls.Count;
        await LookAsync(replica, CollectionNames.Items, wholly: false);

        Assert.Contains(lately, path => path.Contains("/cdc?entities=Item", StringComparison.Ordinal));
        Assert.Contains(Line.Calls.Skip(before), call => call.Path.Contains("LastUpdatedTime", StringComparison.Ordinal));
        Assert.Equal(["Olive oil 5 l", "Rye bread", "Still water"], (await BodiesAsync(CollectionNames.Items)).Select(item => (string)item["name"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task F107_A_document_that_was_deleted_there_is_shown_so_at_once()
    {
        var replica = await PullingAsync();
        await PushAsync(replica, Capture.Order(Home));
        await LookAsync(replica, CollectionNames.Orders, wholly: true);
        var estimate = (await Company.ListAsync("estimate"))[0];
        Clock.Advance(TimeSpan.FromMinutes(10));
        await Company.EnterAsync("estimate?operation=delete", new JsonObject { ["Id"] = (string)estimate["Id"]!, ["SyncToken"] = (string)estimate["SyncToken"]! });

        await LookAsync(replica, CollectionNames.Orders, wholly: false);

        Assert.Equal("deleted", (string?)Assert.Single(await BodiesAsync(CollectionNames.Orders))["status"]);
    }

    [Fact]
    public async Task F107_A_webhook_makes_the_look_at_what_changed_come_at_once_and_one_that_QuickBooks_did_not_sign_does_nothing()
    {
        var replica = await PullingAsync();
        foreach (var collection in new[] { CollectionNames.Items, CollectionNames.Customers })
            await LookAsync(replica, collection, wholly: true);
        var customers = await EndedAsync(CollectionNames.Customers);
        await Organisation.RenameItemAsync("B", "Still water");
        Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.False(await replica.HintAsync(Home, Call(Events("qbo.item.updated.v1", Company.Id), "another verifier")));
        Assert.True(await replica.HintAsync(Home, Call(Events("qbo.item.updated.v1", "1"), Verifier)));
        Assert.True(await replica.HintAsync(Home, Call("<not json>", Verifier)));
        Assert.Null(await replica.HintAsync(Place.New(), Call("[]", Verifier)));
        Assert.Contains(await BodiesAsync(CollectionNames.Items), item => (string?)item["name"] == "Water");
        Assert.True(await replica.HintAsync(Home, Call(Events("qbo.item.updated.v1", Company.Id), Verifier)));

        await UntilTrueAsync(async () => (await BodiesAsync(CollectionNames.Items)).Any(item => (string?)item["name"] == "Still water"), "the new name");
        Assert.Equal(customers, await EndedAsync(CollectionNames.Customers));
    }

    private static string Events(string type, string realm) =>
        $$$"""[{"specversion":"1.0","id":"88cd","source":"intuit.x","type":"{{{type}}}","time":"2026-11-21T21:31:25Z","intuitentityid":"801","intuitaccountid":"{{{realm}}}","data":{} }]""";

    private static IncomingCall Call(string body, string verifier) => new(
        new Dictionary<string, string> { ["Intuit-Signature"] = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(verifier), Encoding.UTF8.GetBytes(body))) }, Encoding.UTF8.GetBytes(body));

    private async Task<ConnectorReplica> PullingAsync()
    {
        var settings = Organisation.Settings();
        (settings["pullMinutes"], settings["webhookVerifier"]) = (10_000, Verifier);
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
