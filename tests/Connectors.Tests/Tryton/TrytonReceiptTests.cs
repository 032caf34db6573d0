using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Contracts.Bus;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.Tryton;

/// <summary>Money for an order whose invoice is posted pays it, in the real Tryton.</summary>
[InCi]
public sealed class TrytonReceiptTests(TrytonStage stage) : ConformanceCase(stage), IClassFixture<TrytonStage>
{
    [Fact]
    public async Task F104_Receipts_for_an_order_pay_its_invoice_once_each_though_answers_were_lost()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var tryton = (TrytonOrganisation)Organisation;
        await tryton.PostInvoiceAsync(order.RecordId);
        var (part, rest) = (Capture.Receipt(Home, 1.00m, order.Customer, order), Capture.Receipt(Home, order.Total() - 1.00m, order.Customer, order));
        Line.Lay(CallStep.CreateReceipt, Obstacles.LosesTheAnswer, only: call => call.Body.Contains("\"pay\",{", StringComparison.Ordinal));

        await PushAsync(replica, part);
        var between = await tryton.InvoiceAsync(order.RecordId);
        Line.Lay(CallStep.CreateReceipt, Obstacles.LosesTheAnswer);
        await PushAsync(replica, rest);

        Assert.Equal(("posted", order.Total() - 1.00m), between);
        Assert.Equal(("paid", 0m), await tryton.InvoiceAsync(order.RecordId));
        Assert.Equal(
            new[] { (part.RecordId, part.Total(), true), (rest.RecordId, rest.Total(), true) }.Order(),
            (await tryton.ReceiptsAsync()).Select(one => (one.RecordId ?? Guid.Empty, one.Total ?? 0, one.Final)).Order());
        Assert.All([await replica.ReportAsync(part), await replica.ReportAsync(rest)], report => Assert.Equal((DeliveryState.Done, null), (report.State, report.Code)));
    }

    [Fact]
    public async Task Money_for_an_order_whose_invoice_nobody_has_posted_stands_on_account_and_the_report_says_so()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var receipt = Capture.Receipt(Home, order.Total(), order.Customer, order);

        await PushAsync(replica, receipt);

        var report = await replica.ReportAsync(receipt);
        Assert.Equal((DeliveryState.Done, "receipt.onAccount"), (report.State, report.Code));
        Assert.Equal(("draft", 0m), await ((TrytonOrganisation)Organisation).InvoiceAsync(order.RecordId));
        Assert.Equal(receipt.Total(), Assert.Single(await Organisation.ReceiptsAsync()).Total);
    }
}
