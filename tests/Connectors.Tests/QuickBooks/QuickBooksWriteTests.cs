using System.Text;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.QuickBooks;

/// <summary>What is peculiar to writing into QuickBooks: its requestid, its names, its numbers, its faults.</summary>
[InCi]
public sealed class QuickBooksWriteTests(QuickBooksStage stage) : ConformanceCase(stage), IClassFixture<QuickBooksStage>
{
    private QuickBooksSide.Company Company => (QuickBooksSide.Company)Organisation;

    [Fact]
    public async Task F104_An_order_without_an_answer_is_sent_again_under_the_same_requestid()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Fails(503), times: 2);

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Equal((3, 1), (Keys(CallStep.CreateOrder).Count, Keys(CallStep.CreateOrder).Distinct().Count()));
        Assert.All(Keys(CallStep.CreateOrder), key => Assert.Equal(40, key.Length));
    }

    [Fact]
    public async Task F104_A_create_that_takes_effect_late_and_its_repeat_are_one_order()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, TimeSpan.FromMinutes(2)));
        await PushAsync(replica, order);

        Clock.Advance(TimeSpan.FromMinutes(3));

        await OnceAsync(order);
        Assert.Single(await Organisation.OrdersAsync());
    }

    [Fact]
    public async Task F104_A_revision_that_comes_while_a_create_is_unsure_goes_on_under_its_requestid_and_changes_the_order()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, TimeSpan.FromMinutes(2)));
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        var changed = order.WithOneMoreLine();
        await replica.TakeAsync(changed);
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))!.Pushed == 2, "revision 2");
        Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(changed.Total(), Assert.Single(await Organisation.OrdersAsync()).Total);
        Assert.Single(Keys(CallStep.CreateOrder).Distinct());
    }

    [Fact]
    public async Task F105_A_refusal_that_a_person_mends_is_sent_again_under_another_requestid()
    {
        var replica = await ConnectedAsync();
        await Company.PutAsync(new { bookCloseDate = "2026-12-31" });
        var order = Capture.Order(Home);
        await replica.TakeAsync(order);
        var refused = await UntilAsync(order, "refused");

        await Company.PutAsync(new { bookCloseDate = (string?)null });
        await replica.RetryAsync(order);
        await DoneAsync(order);

        Assert.Equal("period.closed", refused.Code);
        Assert.Equal(2, Keys(CallStep.CreateOrder).Distinct().Count());
        await OnceAsync(order);
    }

    [Fact]
    public async Task F104_A_requestid_that_QuickBooks_calls_a_duplicate_is_looked_up()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, async call =>
        {
            await call.EffectAsync();
            await call.AnswerAsync(400, Encoding.UTF8.GetBytes("""{"Fault":{"Error":[{"Message":"Duplicate Request ID","code":"600"}],"type":"ValidationFault"}}"""));
        });

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Single(Keys(CallStep.CreateOrder));
    }

    [Fact]
    public async Task F104_An_order_cancelled_while_its_create_is_unsure_does_not_come_late()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, TimeSpan.FromMinutes(2)));
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await replica.TakeAsync(order.Cancelled());
        await UntilTrueAsync(async () => await DocumentAsync(Home.Company, order.RecordId) is { Held: false, Code: "cancelled" }, "the order to be cancelled");
        Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.True(Assert.Single(await Organisation.OrdersAsync()).Void);
    }

    [Fact]
    public async Task F106_A_customer_whose_name_is_a_suppliers_gets_another_name_and_is_found_again()
    {
        var replica = await ConnectedAsync();
        await Company.PutAsync(new { vendors = new[] { "Falcon Trading" } });
        var order = Capture.Order(Home, Capture.Customer("Falcon Trading"));
        Line.Lay(CallStep.CreateCustomer, Obstacles.LosesTheAnswer, only: call => call.Body.Contains(" (", StringComparison.Ordinal));

        await PushAsync(replica, order);

        var customer = Assert.Single(await Organisation.CustomersAsync());
        Assert.Matches(@"^Falcon Trading \([0-9a-f]{8}\)$", customer.Text);
        await OnceAsync(order);
    }

    [Fact]
    public async Task F104_Where_QuickBooks_gives_the_numbers_an_order_is_found_by_customer_and_day()
    {
        await Company.PutAsync(new { customTxnNumbers = false });
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.LosesTheAnswer);

        await PushAsync(replica, order);

        var theirs = Assert.Single(await Organisation.OrdersAsync());
        Assert.Equal((order.RecordId, "1001", order.Total()), (theirs.RecordId, theirs.Number, theirs.Total));
        Assert.Contains($"Number: {order.Number}", theirs.Text, StringComparison.Ordinal);
        Assert.Single(Keys(CallStep.CreateOrder));
    }

    [Fact]
    public async Task An_invoice_that_lost_our_mark_when_it_was_made_void_is_known_to_be_ours()
    {
        await Company.PutAsync(new { voidNote = "replace" });
        var settings = Organisation.Settings();
        settings["orderAs"] = "invoice";
        var replica = await ConnectedAsync(settings);
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        Line.Lay(CallStep.Change, Obstacles.LosesTheAnswer);

        await replica.TakeAsync(order.Cancelled());
        await UntilTrueAsync(async () => await DocumentAsync(Home.Company, order.RecordId) is { Held: false, Code: "cancelled" }, "the order to be cancelled");

        Assert.Equal("Voided", (string?)Assert.Single(await Company.ListAsync("invoice"))["PrivateNote"]);
        Assert.Single(Line.To(CallStep.Change));
    }

    [Fact]
    public async Task A_document_that_somebody_changes_at_the_same_time_is_read_anew_and_changed()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        Line.Lay(CallStep.Change, async call =>
        {
            var theirs = (await Company.ListAsync("estimate"))[0];
            await Company.EnterAsync("estimate", new() { ["Id"] = (string)theirs["Id"]!, ["SyncToken"] = (string)theirs["SyncToken"]!, ["sparse"] = true, ["AcceptedBy"] = "Ann" });
            await Obstacles.None(call);
        });

        var changed = order.WithOneMoreLine();
        await replica.TakeAsync(changed);
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))!.Pushed == 2, "revision 2");

        var estimate = Assert.Single(await Company.ListAsync("estimate"));
        Assert.Equal((changed.Total(), "Ann"), ((decimal)estimate["TotalAmt"]!, (string?)estimate["AcceptedBy"]));
    }

    [Theory]
    [InlineData(200, "application/json", """{"Fault":{"Error":[{"Message":"An application error has occurred","code":"10000"}],"type":"SystemFault"}}""")]
    [InlineData(429, "application/xml", """<?xml version="1.0"?><IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded</Message></Error></Fault></IntuitResponse>""")]
    [InlineData(403, "application/xml", """<?xml version="1.0"?><IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded</Message></Error></Fault></IntuitResponse>""")]
    [InlineData(401, "application/json", """{"warnings":null,"fault":{"error":[{"message":"message=AuthenticationFailed","code":"3200"}],"type":"AUTHENTICATION"}}""")]
    public async Task F103_A_fault_in_any_of_its_shapes_needs_nobody(int status, string type, string body)
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, call => call.AnswerAsync(status, Encoding.UTF8.GetBytes(body), type));

        await PushAsync(replica, order);

        await OnceAsync(order);
    }

    [Theory]
    [InlineData(false, "net")]
    [InlineData(true, "net")]
    [InlineData(true, "gross")]
    public async Task Discounts_on_lines_and_on_the_whole_and_shipping_come_to_the_captured_sums(bool inclusive, string amounts)
    {
        await OrganisationThatRoundsAsync(Capture.OnLines);
        await Company.PutAsync(new { inclusiveAmounts = amounts });
        var settings = Organisation.Settings();
        (settings["shippingSku"], settings["inclusiveAmounts"]) = ("C", amounts);
        var replica = await ConnectedAsync(settings);
        var order = Capture.Order(
            Home, body => body with { PricesIncludeTax = inclusive, Discount = new DiscountBody(null, 10m), Shipping = 7.77m, ShippingTaxRate = 20 }, null, Capture.OnLines,
            Some.Line("A", 3, 29.99m, 20, new DiscountBody(12.5m, null)), Some.Line("B", 7, 1.005m, 8), Some.Line("B", 1.5m, 3.35m, 10, new DiscountBody(null, 0.4m)), Some.Line("B", 2, 5m, 0));

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Null((await replica.ReportAsync(order)).Code);
    }

    [Fact]
    public async Task In_the_US_an_order_has_one_tax_and_a_discount_line_before_it()
    {
        await Company.PutAsync(new { country = "US", taxLevel = "" });
        var settings = Organisation.Settings();
        (settings["taxes"], settings["taxLevel"]) = ("us", "usual");
        var replica = await ConnectedAsync(settings);
        var order = Capture.Order(Home, body => body with { Discount = new DiscountBody(10m, null) }, null, Capture.Document, Some.Line("A", 3, 29.99m, 8), Some.Line("B", 7, 1.005m, 8));
        var two = Capture.Order(Home, order.Customer, Some.Line("A", 1, 1m, 8), Some.Line("B", 1, 1m, 10));

        await PushAsync(replica, order);
        await replica.TakeAsync(two);

        Assert.Equal("tax.several", (await UntilAsync(two, "refused")).Code);
        await OnceAsync(order);
        Assert.Contains((await Company.ListAsync("estimate"))[0]["Line"]!.AsArray(), line => (string?)line!["DetailType"] == "DiscountLineDetail");
    }

    [Fact]
    public async Task A_receipt_for_an_order_that_was_invoiced_is_linked_to_the_invoice()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var estimate = (JsonObject)(await Company.ListAsync("estimate"))[0].DeepClone();
        await Company.EnterAsync("invoice", new()
        {
            ["CustomerRef"] = estimate["CustomerRef"]!.DeepClone(), ["GlobalTaxCalculation"] = "NotApplicable",
            ["Line"] = new JsonArray(new JsonObject { ["DetailType"] = "SalesItemLineDetail", ["Amount"] = 10m, ["SalesItemLineDetail"] = new JsonObject { ["ItemRef"] = new JsonObject() } }),
            ["LinkedTxn"] = new JsonArray(new JsonObject { ["TxnId"] = (string)estimate["Id"]!, ["TxnType"] = "Estimate" }),
        });
        var receipt = Capture.Receipt(Home, 25m, order: order);

        await PushAsync(replica, receipt);

        Assert.Equal(0m, (decimal)(await Company.ListAsync("invoice"))[0]["Balance"]!);
        Assert.Equal((DeliveryState.Done, "receipt.onAccount"), await replica.ReportAsync(receipt) is var report ? (report.State, report.Code) : default);
        Assert.Contains("15", report.Reason!, StringComparison.Ordinal);
    }

    private List<string> Keys(CallStep step) => [.. Line.To(step).Select(call => call.Path.Split("requestid=")[1].Split('&')[0])];
}
