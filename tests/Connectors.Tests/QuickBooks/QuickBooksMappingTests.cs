using System.Net;
using System.Text.Json;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.QuickBooks;
using CatalogueOf = OrderSync.QuickBooks.Catalogue;
using ItemOf = OrderSync.QuickBooks.Item;

namespace OrderSync.Connectors.Tests.QuickBooks;

public sealed class QuickBooksMappingTests
{
    private static readonly QuickBooksSettings Global = new() { RealmId = "9", ClientId = "c", ClientSecret = "s", Url = new Uri("https://stand-in.example") };
    private static readonly QuickBooksSettings Us = Global with { Taxes = TaxSystem.Us };

    [Fact]
    public void F038_Outside_the_US_tax_is_rounded_on_each_line_and_in_it_once()
    {
        var lines = new[] { Some.Line("A", 1, 3.35m, 10), Some.Line("A", 1, 3.35m, 10), Some.Line("A", 1, 3.35m, 10) };

        Assert.Equal((1.02m, 11.07m), Sums(lines, Global));
        Assert.Equal((1.01m, 11.06m), Sums(lines, Us));
        Assert.Equal((1.00m, 11.05m), Sums(lines, Us with { Tie = Tie.HalfEven }));
    }

    [Fact]
    public void F038_The_case_of_thirty_one_lines_that_people_report_comes_to_their_sum()
    {
        var lines = Enumerable.Repeat(Some.Line("A", 1, 1.59m, 12), 29).Concat(Enumerable.Repeat(Some.Line("A", 11, 1.59m, 12), 2)).ToArray();

        Assert.Equal(9.71m, Sums(lines, Global).Tax);
        Assert.Equal(9.73m, Sums(lines, Global with { TaxLevel = TaxRoundedOn.Document }).Tax);
    }

    [Fact]
    public void F102_A_discounted_line_has_the_price_that_leads_to_its_amount()
    {
        var line = Plan(Some.Order(RoundingLevel.Line, body => body, Some.Line("A", 3, 29.99m, 20, new DiscountBody(12.5m, null))), Global).Payload.Line[0];

        Assert.Equal((78.72m, 3m, 26.24m), (line.Amount, line.SalesItemLineDetail!.Qty, line.SalesItemLineDetail.UnitPrice));
    }

    [Fact]
    public void F102_In_the_US_a_discount_on_the_whole_is_the_last_line_and_reduces_what_is_taxed()
    {
        var document = Plan(Some.Order(RoundingLevel.Document, body => body with { Discount = new DiscountBody(10, null) }, Some.Line("A", 2, 29.99m, 8), Some.Line("B", 3, 1.25m, 8)), Us).Payload;

        Assert.Equal((SalesLine.Discount, 6.37m, (bool?)true), (document.Line[^1].DetailType, document.Line[^1].Amount, document.ApplyTaxAfterDiscount));
        Assert.Equal(("8", null), (document.TxnTaxDetail!.TxnTaxCodeRef!.Value, document.GlobalTaxCalculation));
        Assert.All(document.Line.SkipLast(1), line => Assert.Equal("TAX", line.SalesItemLineDetail!.TaxCodeRef!.Value));
    }

    [Fact]
    public void F102_Outside_the_US_a_discount_on_the_whole_is_spread_over_the_prices_and_each_line_names_its_tax()
    {
        var document = Plan(Some.Order(RoundingLevel.Line, body => body with { Discount = new DiscountBody(null, 10) }, Some.Line("A", 1, 20m), Some.Line("B", 1, 20m, 8)), Global).Payload;

        Assert.Equal([15m, 15m], document.Line.Select(line => line.Amount));
        Assert.Equal(["20", "8"], document.Line.Select(line => line.SalesItemLineDetail!.TaxCodeRef!.Value));
        Assert.Equal("TaxExcluded", document.GlobalTaxCalculation);
        Assert.Contains("The prices contain a discount on the whole of 10.", document.PrivateNote, StringComparison.Ordinal);
    }

    [Fact]
    public void F104_The_record_id_is_the_last_line_of_the_note_and_a_long_note_is_cut_before_it()
    {
        var order = Some.Order(RoundingLevel.Line, body => body with { Notes = new string('n', 5000) }, Some.Line());

        var note = Plan(order, Global).Payload.PrivateNote!;

        Assert.Equal(4000, note.Length);
        Assert.EndsWith($"…\nOrderSync {order.Info.RecordId}", note, StringComparison.Ordinal);
        Assert.True(OurMark.Carries(note, order.Info.RecordId));
    }

    [Fact]
    public void F102_Where_QuickBooks_gives_the_numbers_none_is_sent()
    {
        var order = Some.Order(Some.Line());

        Assert.Equal(order.Info.Number, Plan(order, Global).Payload.DocNumber);
        var plan = Plan(order, Global, ownNumbers: false);
        Assert.Null(plan.Payload.DocNumber);
        Assert.Contains($"Number: {order.Info.Number}", plan.Payload.PrivateNote, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cash 10", "SalesReceipt")]
    [InlineData("cash 4,externalTerminal 6", "SalesReceipt")]
    [InlineData("cash 4,onAccount 6", "Invoice")]
    [InlineData("cash 2,layBy 8", "Invoice")]
    [InlineData("cash 9", "Invoice")]
    [InlineData("cash 11", "Invoice")]
    public void F102_A_sale_is_a_sales_receipt_only_where_it_is_paid_to_the_cent(string tenders, string entity)
    {
        var order = Some.Order(RoundingLevel.Document, body => body, Some.Line("A", 1, 10m, 0)).Body;

        var sale = JsonSerializer.Deserialize<SaleBody>(JsonSerializer.Serialize(order))! with
        {
            Tenders = [.. tenders.Split(',').Select(one => one.Split(' ')).Select(one => new TenderBody(one[0], decimal.Parse(one[1], System.Globalization.CultureInfo.InvariantCulture)))],
        };

        Assert.Equal(entity, SalesKind.SaleOf(sale).Entity);
    }

    [Theory]
    [InlineData(400, """{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"6210"}],"type":"ValidationFault"}}""", "period.closed")]
    [InlineData(400, """{"Fault":{"Error":[{"Message":"m","code":"610"}],"type":"ValidationFault"}}""", "erp.missing")]
    [InlineData(400, """{"Fault":{"Error":[{"Message":"m","code":"6190"}],"type":"ValidationFault"}}""", "connection.subscription")]
    [InlineData(403, """{"fault":{"error":[{"message":"m","code":"5020"}],"type":"ValidationFault"}}""", "erp.plan")]
    [InlineData(401, """{"fault":{"error":[{"message":"m","code":"003200"}],"type":"AUTHENTICATION"}}""", "reconnect")]
    [InlineData(429, """<IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE"><Error code="3001"><Message>ThrottleExceeded</Message></Error></Fault></IntuitResponse>""", "later")]
    [InlineData(200, """{"Fault":{"Error":[{"Message":"m","code":"10000"}],"type":"SystemFault"}}""", "ambiguous")]
    public void F105_A_fault_means_the_same_in_each_of_its_four_shapes(int status, string body, string means)
    {
        var fault = QuickBooksClient.Read(new((HttpStatusCode)status, body, null), writes: true).Fault!;

        var outcome = QuickBooksErrors.Outcome((HttpStatusCode)status, fault, "order A-1", writes: true);

        Assert.Equal(means, outcome switch { Outcome.Refused refused => refused.Code, var other => other.GetType().Name.ToLowerInvariant() });
    }

    private static (decimal Tax, decimal Total) Sums(OrderLine[] lines, QuickBooksSettings settings) =>
        QuickBooksMoney.Predict(Some.Order(lines).Body, Known(), settings) is var totals ? (totals.Tax, totals.Total) : default;

    private static SalesPlan Plan(Order order, QuickBooksSettings settings, bool ownNumbers = true)
    {
        var catalogue = Known(ownNumbers);
        var kind = SalesKind.OrderOf(Through(settings));
        Assert.Null(QuickBooksMapping.WhyNot(kind, order, catalogue, settings));
        return QuickBooksMapping.ToDocument(kind, order, "58", catalogue, Through(settings));
    }

    private static CatalogueOf Known(bool ownNumbers = true) => new(
        new Dictionary<string, IReadOnlyList<ItemOf>> { ["A"] = [new("11", "A", "Olive oil", true)], ["B"] = [new("12", "B", "Water", true)] },
        [.. new[] { 0m, 8m, 10m, 12m, 20m }.Select(rate => new TaxEntry($"{rate}", $"Tax {rate}", rate))],
        new Preferences(new SalesFormsPrefs(ownNumbers, true), new CurrencyPrefs(false, new Reference("EUR"))));

    private static Connection Through(QuickBooksSettings settings) => new(Guid.Empty, Guid.Empty, settings.Account, settings, new Dictionary<string, string>());
}
