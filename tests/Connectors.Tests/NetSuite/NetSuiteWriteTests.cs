using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Conformance;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Money;
using OrderSync.NetSuite;
using OrderSync.Testing;

namespace OrderSync.Connectors.Tests.NetSuite;

/// <summary>What is peculiar to writing into NetSuite: its external ids, its states, deposits and payments, cash sales, roundings.</summary>
[InCi]
public sealed class NetSuiteWriteTests(NetSuiteStage stage) : ConformanceCase(stage), IClassFixture<NetSuiteStage>
{
    private NetSuiteSandboxAccount Account => (NetSuiteSandboxAccount)Organisation;

    [Fact]
    public async Task F104_An_order_without_an_answer_is_sent_again_under_its_external_id_and_its_lines_stand_once()
    {
        var settings = Organisation.Settings();
        settings["ambiguitySeconds"] = 0;
        var replica = await ConnectedAsync(settings);
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.Fails(503), times: 2);

        await PushAsync(replica, order);

        await OnceAsync(order);
        Assert.Equal([$"eid:{order.RecordId:D}?replace=item"], Line.To(CallStep.CreateOrder).Select(call => call.Path.Split('/')[^1]).Distinct());
        Assert.Equal(2, (await Account.ListAsync("salesOrder")).Single()["item"]!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task F104_A_create_that_comes_late_undoes_no_cancellation()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        Line.Lay(CallStep.CreateOrder, Obstacles.CommitsLate(Clock, TimeSpan.FromMinutes(14)));
        await replica.TakeAsync(order);
        await UntilAsync(order, "ambiguous");

        await replica.TakeAsync(order.Cancelled());
        await UntilTrueAsync(async () => await DocumentAsync(Home.Company, order.RecordId) is { Held: false, Code: "cancelled" or "cancelled.unwritten" }, "the order to be cancelled");
        Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.All(await Organisation.OrdersAsync(), theirs => Assert.True(theirs.Void));
    }

    [Fact]
    public async Task F105_A_property_that_NetSuite_does_not_know_is_refused_and_not_dropped()
    {
        var replica = await ConnectedAsync();
        await replica.MapAsync(Home, NetSuiteMappings.CustomField, "Route", "custbody_nowhere");
        var order = Capture.Order(Home, body => body with { CustomFields = new Dictionary<string, string> { ["Route"] = "North 7" } });

        await replica.TakeAsync(order);
        var refused = await UntilAsync(order, "refused");

        Assert.Equal("erp.refused", refused.Code);
        Assert.Contains("custbody_nowhere", refused.Reason!, StringComparison.Ordinal);
        Assert.Empty(await Organisation.OrdersAsync());
    }

    [Fact]
    public async Task F105_An_order_that_somebody_has_gone_on_with_is_neither_changed_nor_closed()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        await Account.ChangeAsync("salesOrder", (await Organisation.OrdersAsync()).Single().Id, new() { ["orderStatus"] = NetSuiteSandboxAccount.Ref("B") });

        await replica.TakeAsync(order.WithOneMoreLine());
        var changed = await UntilAsync(order, "refused");
        await replica.TakeAsync(order.WithOneMoreLine() with { Version = 9, Wish = DeliveryWish.Cancel });
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))?.Reason?.Contains("cancelled", StringComparison.Ordinal) == true, "the cancellation to be refused");

        Assert.Equal("erp.goneOn", changed.Code);
        Assert.Equal((order.Total(), false), (await Organisation.OrdersAsync()).Single() is var theirs ? (theirs.Total, theirs.Void) : default);
    }

    [Fact]
    public async Task F105_A_later_revision_takes_back_what_it_does_not_say_any_more()
    {
        var replica = await ConnectedAsync(Organisation.Settings("adjust"));
        var order = Capture.Order(Home, body => body with { Notes = "Ring twice" }, null, null, Capture.ThatRoundApart).As(Stage.Erp, Stage.Erp.OnLines);
        await PushAsync(replica, order);
        var overridden = (bool?)(await Account.ListAsync("salesOrder")).Single()["taxDetailsOverride"];
        var body = order.Content() with { Notes = null };
        var changed = (order.Revised() with { Body = Json(body) }).As(Stage.Erp, Stage.Erp.OnDocument);

        await replica.TakeAsync(changed);
        await UntilTrueAsync(async () => (await DocumentAsync(Home.Company, order.RecordId))!.Pushed == 2, "revision 2");

        var theirs = (await Account.ListAsync("salesOrder")).Single();
        Assert.Equal((true, 11.06m, ""), (overridden, (decimal)theirs["total"]!, (string?)theirs["memo"]));
    }

    [Fact]
    public async Task F106_A_customer_whose_name_is_taken_keeps_it_as_company_and_is_listed_under_another()
    {
        var replica = await ConnectedAsync();
        await Organisation.TakeNameAsync("Falcon Trading");
        var order = Capture.Order(Home, Capture.Customer("Falcon Trading"));

        await PushAsync(replica, order);

        var theirs = (await Account.ListAsync("customer")).Single(row => row["externalId"] is not null);
        Assert.Equal("Falcon Trading", (string)theirs["companyName"]!);
        Assert.Matches(@"^Falcon Trading \([0-9a-f]{8}\)$", (string)theirs["entityId"]!);
    }

    [Fact]
    public async Task F106_One_customer_of_the_same_address_and_nobodys_becomes_ours_and_several_are_left_to_a_person()
    {
        var replica = await ConnectedAsync();
        await Account.EnterAsync("customer", new() { ["companyName"] = "Only", ["email"] = "only@shops.example" });
        foreach (var name in new[] { "One", "Other" })
            await Account.EnterAsync("customer", new() { ["companyName"] = name, ["email"] = "two@shops.example" });
        var (only, two) = (Capture.Customer("Only one", email: "only@shops.example").Record(Home), Capture.Customer("Which", email: "two@shops.example").Record(Home));

        await PushAsync(replica, only);
        await replica.TakeAsync(two);

        Assert.Equal("customer.several", (await UntilAsync(two, "refused")).Code);
        Assert.Equal((3, only.RecordId.ToString()), ((await Account.ListAsync("customer")).Count, (string)(await Account.ListAsync("customer")).Single(row => row["externalId"] is not null)["externalId"]!));
    }

    [Fact]
    public async Task F107_A_receipt_for_an_order_is_a_deposit_of_it_and_one_for_an_invoice_is_a_payment_applied_to_it()
    {
        var replica = await ConnectedAsync();
        var (order, billed) = (Capture.Order(Home), Capture.Order(Home));
        await PushAsync(replica, order, billed);
        var invoice = await Account.BillAsync(billed.RecordId);
        var (deposit, payment) = (Capture.Receipt(Home, 10, order: order), For(Capture.Receipt(Home, 20, billed.Customer), (string)invoice["tranId"]!, 20));

        await PushAsync(replica, deposit, payment);

        Assert.Equal((await Organisation.OrdersAsync()).Single(one => one.RecordId == order.RecordId).Id, (string)(await Account.ListAsync("customerDeposit")).Single()["salesOrder"]!["id"]!);
        Assert.Equal(((string)invoice["id"]!, 20m), (await Account.ListAsync("customerPayment")).Single()["apply"]!["items"]![0] is { } applied ? ((string)applied["doc"]!["id"]!, (decimal)applied["amount"]!) : default);
        Assert.Null((await replica.ReportAsync(payment)).Code);
    }

    [Fact]
    public async Task F107_What_no_invoice_takes_stands_on_account_and_is_said()
    {
        var replica = await ConnectedAsync();
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var invoice = await Account.BillAsync(order.RecordId);
        var open = (decimal)invoice["total"]!;
        var receipt = For(Capture.Receipt(Home, open + 5, order.Customer), (string)invoice["tranId"]!, open + 5);

        await PushAsync(replica, receipt);

        var report = await replica.ReportAsync(receipt);
        Assert.Equal(("receipt.onAccount", true), (report.Code, report.Reason!.StartsWith("5 EUR", StringComparison.Ordinal)));
        Assert.Equal(5m, (decimal)(await Account.ListAsync("customerPayment")).Single()["unapplied"]!);
    }

    [Fact]
    public async Task F107_A_receipt_that_may_have_been_written_as_a_deposit_is_not_written_as_a_payment_too()
    {
        var settings = Organisation.Settings();
        settings["ambiguitySeconds"] = 60;
        var replica = await ConnectedAsync(settings);
        var order = Capture.Order(Home);
        await PushAsync(replica, order);
        var receipt = Capture.Receipt(Home, 10, order: order);
        Line.Lay(CallStep.CreateReceipt, Obstacles.CommitsLate(Clock, TimeSpan.FromMinutes(10)));
        await replica.TakeAsync(receipt);
        await UntilAsync(receipt, "ambiguous");
        await Account.BillAsync(order.RecordId);
        settings["onAccount"] = "payment";
        await replica.ConnectAsync(Home, settings);

        await DoneAsync(receipt);
        Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Single(await Organisation.ReceiptsAsync());
    }

    [Fact]
    public async Task F108_A_sale_over_the_counter_is_a_cash_sale_and_one_that_is_owed_needs_a_person()
    {
        var settings = Organisation.Settings();
        settings["counterCustomerId"] = await Account.EnterAsync("customer", new() { ["companyName"] = "Over the counter" });
        var replica = await ConnectedAsync(settings);
        var (paid, owed) = (Sale("cash"), Sale(SaleBody.OnAccount));

        await replica.TakeAsync(owed);
        await PushAsync(replica, paid);

        var theirs = (await Account.ListAsync("cashSale")).Single();
        Assert.Equal((paid.RecordId.ToString(), paid.Total(), "Over the counter"), ((string)theirs["externalId"]!, (decimal)theirs["total"]!, (string)theirs["entity"]!["refName"]!));
        Assert.Equal("sale.notPaid", (await UntilAsync(owed, "refused")).Code);
    }

    [Fact]
    public async Task F104_Orders_of_a_device_that_rounds_as_the_nexus_does_arrive_with_equal_sums()
    {
        (TaxMethod, RoundingLevel)[] everyday = [(TaxMethod.Up, RoundingLevel.Line), (TaxMethod.Down, RoundingLevel.Document)];
        foreach (var (method, level) in Servers.Full ? [.. everyday, (TaxMethod.Up, RoundingLevel.Document), (TaxMethod.Down, RoundingLevel.Line)] : everyday)
            await ArriveAsync(method, level);
    }

    private async Task ArriveAsync(TaxMethod method, RoundingLevel level)
    {
        var account = await ((NetSuiteSide)Stage.Erp).AccountAsync(Line.Address, new(level, Tie.HalfUp), method);
        var (replica, place, dice) = (await ReplicaAsync(), AnotherPlace(), new Random(7));
        await replica.ConnectAsync(place, account.Settings());
        var orders = Enumerable.Range(0, Servers.Full ? 40 : 4).Select(_ => Rounded(Capture.Order(place, lines: [.. Enumerable.Range(0, dice.Next(1, 6)).Select(_ =>
            Some.Line("A", dice.Next(1, 30), dice.Next(1, 4000) / 100m, dice.Next(3) switch { 0 => 8, 1 => 10, _ => 20 }))]), method, level)).ToList();

        await PushAsync(replica, orders);

        Assert.Equal(orders.Select(order => (order.RecordId, order.Total())).Order(), (await account.OrdersAsync()).Select(theirs => (theirs.RecordId!.Value, theirs.Total!.Value)).Order());
    }

    // By hand: amounts have whole cents, and cents times per cent are hundredths of a cent.
    private static DeliverRecord Rounded(DeliverRecord order, TaxMethod method, RoundingLevel level)
    {
        var body = order.Content();
        var lines = body.Lines.Select(line => (line.TaxRate, Hundredths: line.Quantity * line.UnitPrice * line.TaxRate)).ToList();
        var tax = (level == RoundingLevel.Line ? lines.Select(line => line.Hundredths) : lines.GroupBy(line => line.TaxRate).Select(rate => rate.Sum(line => line.Hundredths)))
            .Sum(hundredths => method == TaxMethod.Up ? Math.Ceiling(hundredths) : Math.Floor(hundredths)) / 100;
        return order with { Body = Json(body with { Totals = body.Totals with { Tax = tax, Total = body.Totals.Subtotal + tax } }) };
    }

    private DeliverRecord Sale(string method)
    {
        var order = Capture.Order(Home);
        var body = JsonNode.Parse(order.Body)!;
        body["tenders"] = new JsonArray(new JsonObject { ["method"] = method, ["amount"] = order.Total() });
        return order with { Kind = Kinds.Sale, Body = body.ToJsonString(ContractJson.Options), Customer = null };
    }

    private static DeliverRecord For(DeliverRecord receipt, string document, decimal amount) =>
        receipt with { Body = Json(System.Text.Json.JsonSerializer.Deserialize<ReceiptBody>(receipt.Body, ContractJson.Options)! with { Allocations = [new(null, document, amount)] }) };

    private static string Json<T>(T body) => System.Text.Json.JsonSerializer.Serialize(body, ContractJson.Options);
}
