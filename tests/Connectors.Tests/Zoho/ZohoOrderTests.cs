using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

public sealed class ZohoOrderTests(ZohoSandbox sandbox) : IClassFixture<ZohoSandbox>
{
    // Three lines of 3.35 at 10 %: 1.02 tax when each line is rounded, 1.01 when the document is.
    private static readonly OrderLine[] CaseR = [Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10)];

    [Fact]
    public async Task F101_An_order_becomes_a_confirmed_sales_order_with_equal_sums()
    {
        var zoho = await sandbox.OrganisationAsync();
        var order = Some.Order(Some.Line("A", 5, 29.99m), Some.Line("B", 12, 1.2345m, 8));

        var done = Assert.IsType<Outcome.Done>(await new MemoryLedger(zoho.Settings).PushAsync(order));

        var row = Assert.Single(await zoho.SalesOrdersAsync())!;
        Assert.Equal("confirmed", (string)row["status"]!);
        Assert.Equal(order.Info.RecordId.ToString(), (string)row["cf_ordersync_id"]!);
        Assert.Equal(order.Info.Number, (string)row["number"]!);
        Assert.Equal(order.Body.Totals.Total, (decimal)row["total"]!);
        Assert.Equal((order.Body.Totals.Total, order.Info.Number, (string?)null), (done.Total!.Value, done.Number, done.Code));
    }

    [Fact]
    public async Task F039_An_order_pushed_again_creates_nothing_even_if_our_ledger_was_lost()
    {
        var zoho = await sandbox.OrganisationAsync();
        var order = Some.Order(Some.Line());
        var first = await new MemoryLedger(zoho.Settings).PushAsync(order);

        var again = await new MemoryLedger(zoho.Settings).PushAsync(order);

        Assert.Equal(first, again);
        var summary = await zoho.SummaryAsync();
        Assert.Equal((1, 1), ((int)summary["salesorders"]!, (int)summary["contacts"]!));
    }

    [Theory]
    [InlineData(RoundingLevel.Line, 11.07)]
    [InlineData(RoundingLevel.Document, 11.06)]
    public async Task Case_R_keeps_its_sums_where_device_and_Zoho_round_alike(RoundingLevel level, decimal total)
    {
        var zoho = await sandbox.OrganisationAsync(new { tax_level = level == RoundingLevel.Line ? "line" : "document" });
        var order = Some.Order(level, body => body, CaseR);

        var done = Assert.IsType<Outcome.Done>(await new MemoryLedger(zoho.Settings with { TaxLevel = level }).PushAsync(order));

        Assert.Equal((total, (string?)null), (done.Total!.Value, done.Code));
    }

    [Fact]
    public async Task An_order_that_Zoho_would_sum_up_otherwise_is_held_and_nothing_is_sent()
    {
        var zoho = await sandbox.OrganisationAsync();
        var order = Some.Order(RoundingLevel.Line, body => body, CaseR);

        var refused = Assert.IsType<Outcome.Refused>(await new MemoryLedger(zoho.Settings).PushAsync(order));

        Assert.Equal("erp.amountDiffers", refused.Code);
        Assert.Equal("Zoho would reach 11.06 EUR (tax 1.01); the customer was shown 11.07 EUR (tax 1.02).", refused.Reason);
        Assert.Empty(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task Adjust_brings_Zoho_to_the_captured_total_by_a_visible_line()
    {
        var zoho = await sandbox.OrganisationAsync();
        var order = Some.Order(RoundingLevel.Line, body => body, CaseR);

        var done = Assert.IsType<Outcome.Done>(await new MemoryLedger(zoho.Settings with { OnDifference = OnDifference.Adjust }).PushAsync(order));

        Assert.Equal((11.07m, (string?)null), (done.Total!.Value, done.Code));
        Assert.Equal(11.07m, (decimal)Assert.Single(await zoho.SalesOrdersAsync())!["total"]!);
    }

    [Fact]
    public async Task Accept_sends_the_order_and_shows_both_sums()
    {
        var zoho = await sandbox.OrganisationAsync();
        var order = Some.Order(RoundingLevel.Line, body => body, CaseR);

        var done = Assert.IsType<Outcome.Done>(await new MemoryLedger(zoho.Settings with { OnDifference = OnDifference.Accept }).PushAsync(order));

        Assert.Equal((11.06m, "amountDiffers"), (done.Total!.Value, done.Code));
        Assert.Equal("Zoho reached 11.06 EUR (tax 1.01); the customer was shown 11.07 EUR (tax 1.02).", done.Reason);
    }

    [Fact]
    public async Task A_draft_that_Zoho_sums_up_otherwise_than_foretold_is_not_confirmed_and_goes_on_once_the_setting_is_right()
    {
        var zoho = await sandbox.OrganisationAsync(new { tax_level = "line" });
        var order = Some.Order(CaseR);
        var ledger = new MemoryLedger(zoho.Settings);

        var refused = Assert.IsType<Outcome.Refused>(await ledger.PushAsync(order));
        Assert.Equal("erp.amountDiffers", refused.Code);
        Assert.Contains("Zoho reached 11.07 EUR (tax 1.02); the customer was shown 11.06 EUR (tax 1.01).", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("draft", (string)Assert.Single(await zoho.SalesOrdersAsync())!["status"]!);

        ledger.Settings = zoho.Settings with { TaxLevel = RoundingLevel.Line, OnDifference = OnDifference.Adjust };
        var done = Assert.IsType<Outcome.Done>(await ledger.PushAsync(order));

        Assert.Equal((11.06m, (string?)null), (done.Total!.Value, done.Code));
        var row = Assert.Single(await zoho.SalesOrdersAsync())!;
        Assert.Equal(("confirmed", 11.06m), ((string)row["status"]!, (decimal)row["total"]!));
    }

    [Theory]
    [InlineData(RoundingLevel.Line)]
    [InlineData(RoundingLevel.Document)]
    public async Task Discounts_shipping_and_prices_with_tax_reach_the_captured_sums(RoundingLevel level)
    {
        var zoho = await sandbox.OrganisationAsync(new { tax_level = level == RoundingLevel.Line ? "line" : "document" });
        var ledger = new MemoryLedger(zoho.Settings with { TaxLevel = level, ShippingSku = "SHIP" });
        var dice = new Random(7);

        for (var i = 0; i < 60; i++)
        {
            var order = Some.Order(level, body => body with
            {
                PricesIncludeTax = dice.Next(2) == 0,
                Discount = dice.Next(3) switch { 0 => null, 1 => new DiscountBody(dice.Next(1, 300) / 10m, null), _ => new DiscountBody(null, dice.Next(1, 200) / 100m) },
                Shipping = dice.Next(2) == 0 ? 0 : dice.Next(100, 2000) / 100m,
                ShippingTaxRate = dice.Next(2) == 0 ? 0 : 20,
            }, [.. Enumerable.Range(0, dice.Next(1, 6)).Select(_ => Some.Line(
                "A", dice.Next(1, 1000) / 100m, dice.Next(200, 100_000) / 1000m, dice.Next(3) switch { 0 => 8, 1 => 20, _ => 0 },
                dice.Next(4) switch { 0 => new DiscountBody(dice.Next(1, 500) / 10m, null), 1 => new DiscountBody(null, 0.01m), _ => null }))]);

            var outcome = await ledger.PushAsync(order);

            Assert.True(outcome is Outcome.Done { Code: null }, $"order {i}: {outcome} {order.Body}");
        }
    }

    [Fact]
    public async Task Texts_in_any_script_arrive_and_an_order_s_own_address_stands_in_its_notes()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var order = Some.Order(RoundingLevel.Document, body => body with
        {
            Notes = "Leave at the side door 🚪, ask for Łukasz or محمد",
            ShipTo = new AddressBody("Bäckerei Süß", "Straße 1", null, "Köln", null, "50667", "DE"),
        }, Some.Line("A") with { Description = "橄榄油", Notes = "№ 7 – “fresh”" });

        var done = Assert.IsType<Outcome.Done>(await ledger.PushAsync(order));

        var theirs = (await Office.ReadOrderAsync(ledger, done.ExternalId))["salesorder"]!;
        Assert.Equal("Leave at the side door 🚪, ask for Łukasz or محمد\nShip to: Bäckerei Süß, Straße 1, 50667, Köln, DE", (string)theirs["notes"]!);
        Assert.Equal("橄榄油\n№ 7 – “fresh”", (string)theirs["line_items"]![0]!["description"]!);
    }

    [Fact]
    public async Task F105_What_Zoho_lacks_is_said_in_plain_words_and_mended_by_a_retry()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var order = Some.Order(Some.Line("A"), Some.Line("NEW-7", rate: 7) with { Description = "Figs" });

        var item = Assert.IsType<Outcome.Refused>(await ledger.PushAsync(order));
        Assert.Equal(("item.unmapped", "Line 2: Zoho has no item with SKU NEW-7 (Figs)."), (item.Code, item.Reason));
        await zoho.ChangeAsync(new { items = new[] { new { sku = "NEW-7", name = "Figs", rate = 1m, status = "inactive" } } });

        var inactive = Assert.IsType<Outcome.Refused>(await ledger.PushAsync(order));
        Assert.Equal(("item.inactive", "Line 2: item NEW-7 (Figs) is inactive in Zoho."), (inactive.Code, inactive.Reason));
        await zoho.ChangeAsync(new { items = new[] { new { sku = "NEW-7", name = "Figs", rate = 1m, status = "active" } } });

        var tax = Assert.IsType<Outcome.Refused>(await ledger.PushAsync(order));
        Assert.Equal(("tax.unmapped", "Line 2: Zoho has no tax of 7 %."), (tax.Code, tax.Reason));
        await zoho.ChangeAsync(new { taxes = new[] { new { tax_name = "Seven", tax_percentage = 7m } } });

        Assert.IsType<Outcome.Done>(await ledger.PushAsync(order));
        Assert.Single(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task Another_order_of_the_same_number_is_never_taken_for_ours()
    {
        var zoho = await sandbox.OrganisationAsync();
        var theirs = Some.Order(Some.Line());
        await new MemoryLedger(zoho.Settings).PushAsync(theirs);

        var refused = Assert.IsType<Outcome.Refused>(await new MemoryLedger(zoho.Settings).PushAsync(Some.Order(Some.Line("B")).WithNumber(theirs.Info.Number!)));

        Assert.Equal("erp.numberTaken", refused.Code);
        Assert.Single(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task An_order_that_the_office_voided_in_Zoho_is_not_made_again()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var order = Some.Order(Some.Line());
        await Office.VoidAsync(ledger, Assert.IsType<Outcome.Done>(await ledger.PushAsync(order)).ExternalId);

        var refused = Assert.IsType<Outcome.Refused>(await new MemoryLedger(zoho.Settings).PushAsync(order));

        Assert.Equal("erp.void", refused.Code);
        Assert.Single(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task An_order_in_another_currency_than_its_customer_is_not_confirmed()
    {
        var zoho = await sandbox.OrganisationAsync(new { currency_code = "USD" });

        var refused = Assert.IsType<Outcome.Refused>(await new MemoryLedger(zoho.Settings).PushAsync(Some.Order(Some.Line())));

        Assert.Equal("erp.contentDiffers", refused.Code);
        Assert.StartsWith("Zoho keeps this customer in USD, the order is in EUR.", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("draft", (string)Assert.Single(await zoho.SalesOrdersAsync())!["status"]!);
    }

    [Fact]
    public async Task Quantities_finer_than_Zoho_keeps_are_refused_instead_of_rounded()
    {
        var zoho = await sandbox.OrganisationAsync();

        var refused = Assert.IsType<Outcome.Refused>(await new MemoryLedger(zoho.Settings).PushAsync(Some.Order(Some.Line("A", 1.125m))));

        Assert.Equal("Line 1: Zoho keeps 2 decimals of a quantity; 1.125 of A has more.", refused.Reason);
        Assert.Empty(await zoho.SalesOrdersAsync());
    }

    [Fact]
    public async Task F104_When_one_answer_in_five_is_lost_each_order_and_customer_is_there_once()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        var orders = Enumerable.Range(0, 60).Select(_ => Some.Order(Some.Line("A", 2), Some.Line("B", 3, 1.1m, 8))).ToList();

        await using (await sandbox.FaultsAsync(new { dropAnswer = 0.2, seed = 11, methods = "POST|PUT", paths = "salesorders|contacts" }))
            await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (order, _) => Assert.IsType<Outcome.Done>(await ledger.PushAsync(order)));

        var summary = await zoho.SummaryAsync();
        Assert.Equal((60, 60, 60), ((int)summary["salesorders"]!, (int)summary["confirmed"]!, (int)summary["contacts"]!));
        Assert.Equal(orders.Sum(order => order.Body.Totals.Total), (decimal)summary["total"]!);
        Assert.InRange(ledger.Calls.Lost, 10, 100);
    }

    [Fact]
    public async Task Items_and_taxes_are_asked_for_once_not_for_every_order()
    {
        var zoho = await sandbox.OrganisationAsync();
        var ledger = new MemoryLedger(zoho.Settings);
        for (var i = 0; i < 10; i++)
            Assert.IsType<Outcome.Done>(await ledger.PushAsync(Some.Order(Some.Line("A"), Some.Line("B"))));

        Assert.Equal((2, 1), (ledger.Calls.Count("GET", "/items?"), ledger.Calls.Count("GET", "/settings/taxes")));
    }
}
