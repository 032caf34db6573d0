using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>What is the same and what differs by Zoho Inventory and Zoho Books.</summary>
public sealed class ZohoProductTests(ZohoSandbox sandbox) : IClassFixture<ZohoSandbox>
{
    [Theory]
    [InlineData(ZohoProduct.Inventory, "confirmed")]
    [InlineData(ZohoProduct.Books, "open")]
    public async Task F101_An_order_arrives_final_by_either_product_and_is_found_by_the_other(ZohoProduct product, string status)
    {
        var zoho = await sandbox.OrganisationAsync();
        var order = Some.Order(Some.Line("A", 5, 29.99m), Some.Line("B", 12, 1.2345m, 8));
        var ledger = new MemoryLedger(zoho.Settings with { Product = product });

        var done = Done(await ledger.PushAsync(order));

        Assert.Equal(status, (string)(await Office.ReadOrderAsync(ledger, done.ExternalId))["salesorder"]!["status"]!);
        var other = new MemoryLedger(zoho.Settings with { Product = product == ZohoProduct.Books ? ZohoProduct.Inventory : ZohoProduct.Books });
        Assert.Equal(done.ExternalId, Done(await other.PushAsync(order)).ExternalId);
        Assert.Single(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task F062_A_quote_becomes_an_estimate_that_counts_as_sent()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings with { Product = ZohoProduct.Books });
        var quote = Some.Quote(Some.Order(Some.Line("A", 5, 29.99m)), new DateOnly(2026, 12, 24));

        var done = Done(await ledger.PushQuoteAsync(quote));

        var theirs = (await Office.GetAsync(ledger, $"estimates/{done.ExternalId}"))["estimate"]!;
        Assert.Equal((quote.Info.Number, "sent", "2026-12-24", quote.Body.Totals.Total), ((string)theirs["estimate_number"]!, (string)theirs["status"]!, (string)theirs["expiry_date"]!, (decimal)theirs["total"]!));
        Assert.Empty(await zoho.SalesOrdersAsync());
        Assert.Equal(done, Done(await new MemoryLedger(ledger.Settings).PushQuoteAsync(quote)));
    }

    [Theory]
    [InlineData(ZohoProduct.Inventory, false)]
    [InlineData(ZohoProduct.Books, true)]
    public void What_an_edition_does_not_take_can_be_read_beforehand(ZohoProduct product, bool takesQuotes)
    {
        var ledger = new MemoryLedger(new ZohoSettings { Product = product });

        var lacking = ((IConnector)ledger.Connector).Capabilities(ledger.Connection);

        Assert.Equal(takesQuotes, lacking.All(one => one.Name != Kinds.Quote));
        Assert.All(lacking, one => Assert.True(!one.Taken && one.Why!.EndsWith('.') && one.Fix!.EndsWith('.'), one.Name));
    }

    [Theory]
    [InlineData(ZohoProduct.Inventory)]
    [InlineData(ZohoProduct.Books)]
    public async Task A_confirmed_order_is_changed_until_it_is_invoiced(ZohoProduct product)
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings with { Product = product });
        var order = Some.Order(Some.Line("A", 5, 29.99m));
        var first = Done(await ledger.PushAsync(order));

        var second = Done(await ledger.PushAsync(order.Revised(Some.Line("A", 7, 29.99m), Some.Line("B", 1, 2m, 8))));
        await Office.InvoiceAsync(ledger, first.ExternalId);
        var third = Assert.IsType<Outcome.Refused>(await ledger.TryAsync(order.Revised(Some.Line()).Revised(Some.Line("A", 9, 29.99m))));

        Assert.Equal((first.ExternalId, 2.16m + 251.92m), (second.ExternalId, second.Total!.Value));
        Assert.Contains("cannot be changed", third.Reason, StringComparison.Ordinal);
        Assert.Equal(second.Total, (decimal)Assert.Single(await zoho.SalesOrdersAsync())!["total"]!);
    }

    [Fact]
    public async Task What_the_office_changed_in_Zoho_is_left_as_it_is()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var order = Some.Order(Some.Line("A", 5, 29.99m));
        var done = Done(await ledger.PushAsync(order));
        await Office.ChangeAsync(ledger, done.ExternalId, new { line_items = new[] { new { name = "Something else", quantity = 1, rate = 1 } } });

        var again = Done(await new MemoryLedger(zoho.Settings).PushAsync(order));

        Assert.Equal(("amountDiffers", 1m), (again.Code, again.Total!.Value));
    }

    [Fact]
    public async Task A_cancelled_order_is_void_and_one_that_was_invoiced_is_left_to_a_person()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var (order, billed) = (Some.Order(Some.Line("A", 5, 29.99m)), Some.Order(Some.Line("A")));
        Done(await ledger.PushAsync(order));
        await Office.InvoiceAsync(ledger, Done(await ledger.PushAsync(billed)).ExternalId);

        var cancelled = Done(await ledger.CancelAsync(order));
        var refused = Assert.IsType<Outcome.Refused>(await ledger.CancelAsync(billed));
        var never = Done(await ledger.CancelAsync(Some.Order(Some.Line())));

        Assert.Equal(("cancelled", $"It is void in Zoho as {order.Info.Number}."), (cancelled.Code, cancelled.Reason));
        Assert.Equal(["void", "confirmed"], (await zoho.SalesOrdersAsync()).OrderBy(row => (string)row!["number"]! == billed.Info.Number).Select(row => (string)row!["status"]!));
        Assert.Contains("invoiced cannot be voided", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(("", "cancelled.unwritten"), (never.ExternalId, never.Code));
    }

    [Fact]
    public async Task A_test_of_the_connection_names_the_organisation_and_finds_a_wrong_number()
    {
        var zoho = await sandbox.OrganisationAsync(new { name = "Al Noor Trading" });
        var ledger = new MemoryLedger(zoho.Settings with { Product = ZohoProduct.Books });

        var found = await ledger.Connector.TestAsync(ledger.StepsOf(Some.Customer().Info), default);
        ledger.Settings = ledger.Settings with { OrganizationId = "4711" };
        var wrong = await Assert.ThrowsAsync<OutcomeException>(() => ledger.Connector.TestAsync(ledger.StepsOf(Some.Customer().Info), default));

        Assert.Equal($"Zoho Books answers for Al Noor Trading ({zoho.Id}), which keeps its books in EUR and has 3 taxes.", found);
        Assert.Contains("4711", wrong.Outcome.ToString(), StringComparison.Ordinal);
    }

    private static Outcome.Done Done(Outcome outcome) => Assert.IsType<Outcome.Done>(outcome);
}
