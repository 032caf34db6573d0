using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.QuickBooks;

/// <summary>Finished sales: paid ones as sales receipts, those that are owed as invoices with a payment for what was paid.</summary>
[InCi]
public sealed class QuickBooksSaleTests(QuickBooksStage stage) : ConformanceCase(stage), IClassFixture<QuickBooksStage>
{
    private QuickBooksSide.Company Company => (QuickBooksSide.Company)Organisation;

    [Fact]
    public async Task F104_A_sale_that_is_paid_is_one_sales_receipt_in_spite_of_a_lost_answer()
    {
        var replica = await ConnectedAsync();
        var sale = Sale(76.03m, tenders: new TenderBody("externalTerminal", 76.03m, "Slip 4711"));
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheAnswer);

        await PushAsync(replica, sale);

        var theirs = Assert.Single(await Company.ListAsync("salesreceipt"));
        Assert.Equal((sale.Number, 76.03m, "Slip 4711"), ((string)theirs["DocNumber"]!, (decimal)theirs["TotalAmt"]!, (string?)theirs["PaymentRefNum"]));
        Assert.Contains("Paid by: externalTerminal 76.03", (string)theirs["PrivateNote"]!, StringComparison.Ordinal);
        Assert.Empty(await Company.ListAsync("payment"));
        Assert.Single(Line.To(CallStep.CreateOrder));
        Assert.Equal((DeliveryState.Done, 76.03m, (string?)null), await replica.ReportAsync(sale) is var report ? (report.State, report.ExternalTotal, report.Code) : default);
    }

    [Fact]
    public async Task F087_A_sale_partly_on_account_is_an_invoice_with_one_payment_for_each_part_that_was_paid()
    {
        var replica = await ConnectedAsync();
        var sale = Sale(76.03m, tenders: [new("cash", 20m), new("cheque", 11.48m, "000123"), new(SaleBody.OnAccount, 44.55m, DueDate: new DateOnly(2026, 4, 2))]);
        Line.Lay(CallStep.CreateReceipt, Obstacles.LosesTheAnswer);

        await PushAsync(replica, sale);

        var invoice = Assert.Single(await Company.ListAsync("invoice"));
        Assert.Equal((76.03m, 44.55m, "2026-04-02"), ((decimal)invoice["TotalAmt"]!, (decimal)invoice["Balance"]!, (string)invoice["DueDate"]!));
        var payments = (await Company.ListAsync("payment")).OrderByDescending(payment => (decimal)payment["TotalAmt"]!).ToList();
        Assert.Equal([20m, 11.48m], payments.Select(payment => (decimal)payment["TotalAmt"]!));
        Assert.Equal([$"{sale.Number}-1", $"{sale.Number}-2"], payments.Select(payment => (string)payment["PaymentRefNum"]!));
        Assert.Contains("000123", (string)payments[1]["PrivateNote"]!, StringComparison.Ordinal);
        Assert.Empty(await Company.ListAsync("salesreceipt"));
    }

    [Fact]
    public async Task F104_A_replica_killed_between_the_invoice_of_a_sale_and_its_payment_doubles_neither()
    {
        var first = await ConnectedAsync();
        var sale = Sale(76.03m, tenders: [new("cash", 30m), new(SaleBody.LayBy, 46.03m, Deposit: 30m, DueDate: new DateOnly(2026, 6, 1))]);
        var held = new Held();
        Line.Lay(CallStep.CreateReceipt, Obstacles.Waits(held, carriedOut: true));
        await first.TakeAsync(sale);
        await ReachedAsync(held);

        first.Kill();
        await ReplicaAsync();
        await DoneAsync(sale);

        Assert.Equal(46.03m, (decimal)Assert.Single(await Company.ListAsync("invoice"))["Balance"]!);
        Assert.Equal(30m, (decimal)Assert.Single(await Company.ListAsync("payment"))["TotalAmt"]!);
    }

    [Fact]
    public async Task F105_A_sale_over_the_counter_waits_for_the_customer_that_stands_for_such_sales()
    {
        var replica = await ConnectedAsync();
        var sale = Sale(76.03m, counter: true, new TenderBody("cash", 76.03m));
        await replica.TakeAsync(sale);
        var held = await UntilAsync(sale, "refused");
        var walkIn = (string)(await Company.EnterAsync("customer", new() { ["DisplayName"] = "Counter" }))["Customer"]!["Id"]!;
        var settings = Organisation.Settings();
        settings["counterCustomer"] = walkIn;

        await replica.ConnectAsync(Home, settings);
        await replica.RetryAsync(sale);
        await DoneAsync(sale);

        Assert.Equal("sale.noCustomer", held.Code);
        Assert.Equal(walkIn, (string)Assert.Single(await Company.ListAsync("salesreceipt"))["CustomerRef"]!["value"]!);
    }

    [Fact]
    public async Task A_sale_that_is_paid_in_another_way_by_a_later_revision_is_never_made_a_second_time()
    {
        var replica = await ConnectedAsync();
        var sale = Sale(76.03m, tenders: new TenderBody("cash", 76.03m));
        await PushAsync(replica, sale);

        var changed = sale.Revised() with { Body = Body(76.03m, [new(SaleBody.OnAccount, 76.03m)]) };
        await replica.TakeAsync(changed);
        var refused = await UntilAsync(changed, "refused");

        Assert.Equal("erp.contentDiffers", refused.Code);
        Assert.Empty(await Company.ListAsync("invoice"));
        Assert.Single(await Company.ListAsync("salesreceipt"));
    }

    private DeliverRecord Sale(decimal total, bool counter = false, params TenderBody[] tenders)
    {
        var order = Capture.Order(Home);
        Assert.Equal(total, order.Total());
        return order with { Kind = Kinds.Sale, Number = $"SA-{order.Number}", Body = Body(total, tenders, order), Customer = counter ? null : order.Customer };
    }

    private string Body(decimal total, TenderBody[] tenders, DeliverRecord? order = null)
    {
        var body = JsonNode.Parse((order ?? Capture.Order(Home)).Body)!;
        Assert.Equal(total, (decimal)body["totals"]!["total"]!);
        body["tenders"] = JsonSerializer.SerializeToNode(tenders, ContractJson.Options);
        return body.ToJsonString(ContractJson.Options);
    }
}
