using OrderSync.Framework;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>Money received becomes customer payments, by both of Zoho's products.</summary>
public sealed class ZohoReceiptTests(ZohoSandbox sandbox) : IClassFixture<ZohoSandbox>
{
    [Theory]
    [InlineData(ZohoProduct.Inventory)]
    [InlineData(ZohoProduct.Books)]
    public async Task F082_A_receipt_for_an_order_pays_its_invoice(ZohoProduct product)
    {
        var (ledger, order, done) = await OrderAsync(product);
        var invoice = await Office.InvoiceAsync(ledger, done.ExternalId);

        var paid = Done(await ledger.TryAsync(Some.Receipt(order, order.Body.Totals.Total, order.Body.Totals.Total)));

        Assert.Equal((order.Body.Totals.Total, (string?)null), (paid.Total!.Value, paid.Code));
        var theirs = (await Office.GetAsync(ledger, $"invoices/{invoice}"))["invoice"]!;
        Assert.Equal((0m, "paid"), ((decimal)theirs["balance"]!, (string)theirs["status"]!));
    }

    [Fact]
    public async Task F082_Money_for_an_order_without_an_invoice_stands_on_account_and_says_so()
    {
        var (ledger, order, _) = await OrderAsync(ZohoProduct.Inventory);

        var paid = Done(await ledger.TryAsync(Some.Receipt(order, 20, forOrder: 15)));

        Assert.Equal("receipt.onAccount", paid.Code);
        Assert.StartsWith("15 EUR of it stand on account in Zoho", paid.Reason, StringComparison.Ordinal);
        var theirs = (await Office.GetAsync(ledger, $"customerpayments/{paid.ExternalId}"))["payment"]!;
        Assert.Equal((20m, 20m), ((decimal)theirs["amount"]!, (decimal)theirs["unused_amount"]!));
    }

    [Fact]
    public async Task A_receipt_can_wait_for_the_invoice_of_its_order()
    {
        var (ledger, order, done) = await OrderAsync(ZohoProduct.Inventory);
        ledger.Settings = ledger.Settings with { UninvoicedReceipt = UninvoicedReceipt.Wait };
        var receipt = Some.Receipt(order, 15, forOrder: 15);

        var waits = Assert.IsType<Outcome.Later>(await ledger.TryAsync(receipt));
        await Office.InvoiceAsync(ledger, done.ExternalId);
        var paid = Done(await ledger.TryAsync(receipt));

        Assert.Equal(($"The order {order.Info.Number} it pays has no invoice in Zoho yet; it is looked for again every hour.", TimeSpan.FromHours(1)), (waits.Reason, waits.After));
        Assert.Null(paid.Code);
    }

    [Fact]
    public async Task An_invoice_never_takes_more_than_it_has_open()
    {
        var (ledger, order, done) = await OrderAsync(ZohoProduct.Books);
        var invoice = (string)(await Office.GetAsync(ledger, $"invoices/{await Office.InvoiceAsync(ledger, done.ExternalId)}"))["invoice"]!["invoice_number"]!;
        var total = order.Body.Totals.Total;

        var paid = Done(await ledger.TryAsync(Some.Receipt(order, total + 5, total + 5, "bankTransfer", document: invoice)));

        var theirs = (await Office.GetAsync(ledger, $"customerpayments/{paid.ExternalId}"))["payment"]!;
        Assert.Equal((5m, "banktransfer"), ((decimal)theirs["unused_amount"]!, (string)theirs["payment_mode"]!));
        Assert.Equal("receipt.onAccount", paid.Code);
    }

    [Fact]
    public async Task F087_A_receipt_whose_answer_was_lost_is_one_payment()
    {
        var (ledger, order, _) = await OrderAsync(ZohoProduct.Inventory);
        var receipt = Some.Receipt(order, 12);
        Outcome first;
        await using (await sandbox.FaultsAsync(new { dropAnswer = 1.0, paths = "customerpayments", limit = 1 }))
            first = await ledger.TryAsync(receipt);

        var again = Done(await ledger.PushAsync(() => ledger.TryAsync(receipt)));
        var onceMore = Done(await ledger.TryAsync(receipt with { Info = receipt.Info with { Revision = 2 } }));

        Assert.IsType<Outcome.Ambiguous>(first);
        Assert.Equal(again.ExternalId, onceMore.ExternalId);
        Assert.Equal(1, ledger.Calls.Count("POST", "customerpayments"));
    }

    [Fact]
    public async Task A_payment_of_somebody_else_with_our_reference_is_not_ours()
    {
        var (ledger, order, _) = await OrderAsync(ZohoProduct.Inventory);
        var mine = Some.Receipt(order, 12);
        Done(await ledger.TryAsync(mine));
        var other = Some.Receipt(order, 13) is var one ? one with { Info = one.Info with { Number = mine.Info.Number } } : mine;

        Assert.Equal("erp.numberTaken", Assert.IsType<Outcome.Refused>(await ledger.TryAsync(other)).Code);
        Assert.Equal(1, ledger.Calls.Count("POST", "customerpayments"));
    }

    [Fact]
    public async Task Money_in_another_currency_than_the_customers_is_left_to_a_person()
    {
        var (ledger, order, _) = await OrderAsync(ZohoProduct.Inventory);

        var refused = Assert.IsType<Outcome.Refused>(await ledger.TryAsync(Some.Receipt(order, 12, currency: "USD")));

        Assert.Equal(("receipt.currency", 0), (refused.Code, ledger.Calls.Count("POST", "customerpayments")));
    }

    private async Task<(MemoryLedger Ledger, Order Order, Outcome.Done Done)> OrderAsync(ZohoProduct product)
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings with { Product = product });
        var order = Some.Order(Some.Line("A", 2, 10));
        return (ledger, order, Done(await ledger.PushAsync(order)));
    }

    private static Outcome.Done Done(Outcome outcome) => Assert.IsType<Outcome.Done>(outcome);
}
