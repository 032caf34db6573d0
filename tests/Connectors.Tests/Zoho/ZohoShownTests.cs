using System.Text.Json.Nodes;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.Testing;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>What people see beside what was captured: the document as Zoho showed it last.</summary>
public sealed class ZohoShownTests(ZohoLedgerFixture database, ZohoSandbox sandbox) : IClassFixture<ZohoLedgerFixture>, IClassFixture<ZohoSandbox>
{
    private readonly Guid company = Guid.NewGuid();
    private readonly Guid connection = Guid.NewGuid();

    [Fact]
    public async Task F071_What_Zoho_holds_is_shown_without_asking_it_and_read_again_when_a_person_asks()
    {
        var zoho = await sandbox.OrganisationAsync();
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings with { OnDifference = OnDifference.Accept });
        var order = Some.Order(RoundingLevel.Line, body => body, Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10));
        await replica.TakeAsync(ZohoWorkerTests.Message(company, connection, order));

        var kept = await Eventually.GetAsync(() => DocumentAsync(replica, order), document => (string?)document?["state"] == "done", "the order to be in Zoho");
        var shown = kept!["shown"]!;
        Assert.Equal(("amountDiffers", order.Info.Number, "confirmed", "EUR"), ((string)kept["code"]!, (string)shown["number"]!, (string)shown["status"]!, (string)shown["currency"]!));
        Assert.Equal((11.06m, 1.01m, 10.05m), ((decimal)shown["total"]!, (decimal)shown["tax"]!, (decimal)shown["subtotal"]!));
        Assert.Equal([("C", 1m, 3.35m, 3.35m, 10m), ("C", 1m, 3.35m, 3.35m, 10m), ("C", 1m, 3.35m, 3.35m, 10m)],
            shown["lines"]!.AsArray().Select(line => ((string)line!["sku"]!, (decimal)line["quantity"]!, (decimal)line["unitPrice"]!, (decimal)line["amount"]!, (decimal)line["taxRate"]!)));
        var read = (DateTimeOffset)kept["readAt"]!;

        await Office.VoidAsync(new MemoryLedger(zoho.Settings), (string)kept["externalId"]!);
        Assert.Equal("confirmed", (string)(await DocumentAsync(replica, order))!["shown"]!["status"]!);
        Assert.Equal(0, await QuestionsAsync(replica, order, after: read));
        var again = (await replica.AskAsync($"{Path(order)}/read", HttpMethod.Post))["documents"]![0]!;

        Assert.Equal("void", (string)again["shown"]!["status"]!);
        Assert.True((DateTimeOffset)again["readAt"]! > read);
        Assert.Equal("void", (string)(await DocumentAsync(replica, order))!["shown"]!["status"]!);
        await Eventually.TrueAsync(async () => await QuestionsAsync(replica, order, after: read) == 1, "the question to stand in the order's call log");
    }

    [Fact]
    public async Task A_draft_that_is_held_can_be_compared_as_well()
    {
        var zoho = await sandbox.OrganisationAsync();
        await using var replica = await ZohoReplica.StartAsync(database);
        await replica.ConnectAsync(company, connection, zoho.Settings);
        // What the settings say of the organisation is not so: its draft comes out otherwise than foretold.
        await zoho.ChangeAsync(new { tax_level = "line" });
        var order = Some.Order(Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10));
        await replica.TakeAsync(ZohoWorkerTests.Message(company, connection, order));

        var held = await Eventually.GetAsync(() => DocumentAsync(replica, order), document => (string?)document?["state"] == "refused", "the order to be held");

        Assert.Equal(("draft", 11.07m), ((string)held!["shown"]!["status"]!, (decimal)held["shown"]!["total"]!));
    }

    [Theory]
    [InlineData("us", ZohoProduct.Inventory, "https://inventory.zoho.com/app/6000#/salesorders/7")]
    [InlineData("eu", ZohoProduct.Books, "https://books.zoho.eu/app/6000#/salesorders/7")]
    [InlineData("ca", ZohoProduct.Books, "https://books.zohocloud.ca/app/6000#/salesorders/7")]
    public void A_document_links_to_its_own_page_in_Zoho(string center, ZohoProduct product, string page) =>
        Assert.Equal(page, new ZohoSettings { DataCenter = center, Product = product, OrganizationId = "6000" }.Page("salesorders", "7")!.OriginalString);

    private string Path(Order order) => $"/manage/connections/{company}/{connection}/documents/{order.Info.RecordId}";

    private async Task<JsonNode?> DocumentAsync(ZohoReplica replica, Order order) => (await replica.AskAsync(Path(order)))["documents"]!.AsArray().FirstOrDefault();

    // The log is written beside the work: what was asked before may come into it late.
    private async Task<int> QuestionsAsync(ZohoReplica replica, Order order, DateTimeOffset after) =>
        (await replica.AskAsync($"/manage/calls?company={company}&record={order.Info.RecordId}"))["calls"]!.AsArray().Count(call =>
            ((string)call!["target"]!).Contains("salesorders/", StringComparison.Ordinal) && (string)call["method"]! == "GET" && (DateTimeOffset)call["at"]! > after);
}
