using System.Runtime.CompilerServices;
using System.Text.Json;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.NetSuite;
using CatalogueOf = OrderSync.NetSuite.Catalogue;
using ItemOf = OrderSync.NetSuite.Item;

namespace OrderSync.Connectors.Tests.NetSuite;

public sealed class NetSuiteMappingTests
{
    private static readonly JsonSerializerOptions Readable = new(NetSuiteWire.Json) { WriteIndented = true };

    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Mapped = new()
    {
        [NetSuiteMappings.Tax] = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["20"] = "61", ["8"] = "62", ["0"] = "63" },
        [NetSuiteMappings.Terms] = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["30 days net"] = "5" },
        [NetSuiteMappings.CustomField] = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Route"] = "custbody_route" },
        [NetSuiteMappings.Currency] = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["USD"] = "2" },
    };

    private static readonly CatalogueOf Catalogue = new(
        new[] { "A", "B", "SHIP" }.Select((sku, i) => new ItemOf($"50{i}", sku, null, null)).ToDictionary(item => item.ItemId, item => (IReadOnlyList<ItemOf>)[item]), Mapped[NetSuiteMappings.Tax]);

    private static readonly AddressBody Street = new("Goods in", "12 Market St", "Floor 2", "Leeds", "West Yorkshire", "LS1 1AA", "gb");

    [Fact]
    public void An_order_with_everything_on_it() => Approve(Map(new NetSuiteSettings { ShippingSku = "SHIP", Subsidiary = "3", BaseCurrency = "EUR", Taxes = TaxSource.LineCodes }, body => body with
    {
        Discount = new DiscountBody(12.5m, null), Shipping = 4.90m, ShippingTaxRate = 20, CustomerReference = "PO-7781", RequestedDate = new DateOnly(2026, 11, 24), PaymentTerms = "30 days net",
        Notes = "Deliver before noon", ShipTo = Street, BillTo = Street with { Country = "U.A.E." }, CustomFields = new Dictionary<string, string> { ["Route"] = "North 7", ["Van"] = "12" },
    }, Some.Line("A", 5, 29.99m) with { Description = "Olive oil 5 l", Unit = "can", Notes = "no dents" }, Some.Line("B", 12, 1.2345m, 8, new DiscountBody(null, 1.5m))).Payload);

    [Fact]
    public void An_order_whose_discount_is_the_discount_item() => Approve(Map(
        new NetSuiteSettings { DiscountItemId = "311", TaxLevel = RoundingLevel.Document, BaseCurrency = "EUR" }, body => body with { Discount = new DiscountBody(null, 5) }, Some.Line("A", 3, 12.5m)).Payload);

    [Fact]
    public void An_order_whose_tax_is_adjusted() => Approve(Map(
        new NetSuiteSettings { OnDifference = OnDifference.Adjust, TaxTypeId = "8", BaseCurrency = "EUR" }, body => body, RoundingLevel.Document, Some.Line("A", 1, 3.33m), Some.Line("A", 1, 3.33m), Some.Line("B", 1, 1m, 8)).Payload);

    [Fact]
    public void A_customer() => Approve(CustomerMapping.ToCustomer(
        Fixed(Some.Customer("Al Noor Grocery")) is var customer
            ? customer with { Body = customer.Body with { Company = "Al Noor Grocery LLC", Contact = "Omar Said", Phone = "+971500000000", Billing = Street, Shipping = Street with { Name = "Depot" }, TaxNumber = "100", PaymentTerms = "30 days net", Notes = "Closed on Fridays" } }
            : null!, "Al Noor Grocery (00000002)", Through(new NetSuiteSettings { Subsidiary = "3" })));

    [Fact]
    public void F102_A_discounted_line_carries_the_rate_that_leads_to_its_amount()
    {
        var plan = Map(new NetSuiteSettings { BaseCurrency = "EUR" }, body => body with { Discount = new DiscountBody(null, 1) }, Some.Line("A", 3, 9.99m, 20, new DiscountBody(10, null)), Some.Line("B", 7, 1.99m, 8));

        Assert.All(plan.Lines, line => Assert.Equal(line.Amount, decimal.Round(line.Payload.Quantity!.Value * line.Payload.Rate!.Value, 2, MidpointRounding.AwayFromZero)));
        Assert.Equal(3 * 9.99m - 3m + 7 * 1.99m - 1m, plan.Predicted.Subtotal, 2);
    }

    [Fact]
    public void F102_Prices_with_tax_are_sent_as_the_amounts_without()
    {
        var plan = Map(new NetSuiteSettings { BaseCurrency = "EUR" }, body => body with { PricesIncludeTax = true }, Some.Line("A", 2, 60m), Some.Line("B", 1, 10.80m, 8));

        Assert.Equal((100m, 10m, 130.80m), (plan.Lines[0].Amount, plan.Lines[1].Amount, plan.Predicted.Total));
    }

    [Theory]
    [InlineData(RoundingLevel.Line, TaxMethod.Off, 0.01, 1.02)]
    [InlineData(RoundingLevel.Document, TaxMethod.Off, 0.01, 1.01)]
    [InlineData(RoundingLevel.Line, TaxMethod.Down, 0.01, 0.99)]
    [InlineData(RoundingLevel.Document, TaxMethod.Down, 0.01, 1.00)]
    [InlineData(RoundingLevel.Document, TaxMethod.Up, 0.01, 1.01)]
    [InlineData(RoundingLevel.Document, TaxMethod.Up, 0.1, 1.1)]
    [InlineData(RoundingLevel.Line, TaxMethod.Up, 1, 3)]
    public void F104_Tax_is_foretold_as_the_nexus_rounds_it(RoundingLevel level, TaxMethod method, double precision, double tax)
    {
        var settings = new NetSuiteSettings { BaseCurrency = "EUR", TaxLevel = level, TaxMethod = method, TaxPrecision = (decimal)precision };

        Assert.Equal((decimal)tax, Map(settings, body => body, Some.Line("A", 1, 3.35m, 10), Some.Line("A", 1, 3.35m, 10), Some.Line("A", 1, 3.35m, 10)).Predicted.Tax);
    }

    [Fact]
    public void F104_An_order_in_a_currency_that_nobody_mapped_says_which()
    {
        var order = Some.Order(RoundingLevel.Document, body => body with { Currency = "CHF" }, Some.Line());

        var (chf, usd) = (WhyNot(order), WhyNot(order with { Body = order.Body with { Currency = "USD" } }));

        Assert.Equal(("order.currency", "CHF", null), (chf!.Code, chf.Unmapped!.Ours, usd));
        Assert.Equal("order.currency", WhyNot(order with { Body = order.Body with { Currency = "KWD" } })!.Code);
    }

    [Fact]
    public void F104_A_tax_that_lines_need_and_nobody_mapped_says_which()
    {
        var order = Some.Order(Some.Line("A", 1, 1, 19));

        Assert.Null(WhyNot(order));
        var refused = WhyNot(order, new NetSuiteSettings { BaseCurrency = "EUR", Taxes = TaxSource.LineCodes })!;
        Assert.Equal(("tax.unmapped", "19"), (refused.Code, refused.Unmapped!.Ours));
    }

    [Fact]
    public void F065_Texts_that_NetSuite_cannot_hold_are_cut_between_characters_and_the_cut_is_marked()
    {
        var order = Map(new NetSuiteSettings { MemoLength = 100, BaseCurrency = "EUR" }, body => body with { Notes = new string('n', 98) + "🚪🚪" }, Some.Line("A") with { Description = new string('d', 3000) }).Payload;

        Assert.Equal(new string('n', 98) + "…", order.Memo);
        Assert.Equal(100, order.Item.Items![0].Description!.Length);
    }

    [Fact]
    public void F104_A_text_in_a_query_stays_a_text_whatever_is_in_it()
    {
        string[] skus = ["A'B", "') OR 1 = 1 --", "x\u0000\ny"];

        Assert.Equal("SELECT id FROM item WHERE itemid IN ('A''B', ''') OR 1 = 1 --', 'xy') AND id > 7", SuiteQl.Of($"SELECT id FROM item WHERE itemid IN ({skus}) AND id > {7}"));
        Assert.Equal(
            "WHERE lastmodifieddate >= TO_TIMESTAMP('2026-11-20 22:30:00', 'YYYY-MM-DD HH24:MI:SS')",
            SuiteQl.Of($"WHERE lastmodifieddate >= {new DateTimeOffset(2026, 11, 21, 0, 30, 0, TimeSpan.FromHours(2))}"));
        Assert.Throws<ArgumentException>(() => new Name("item; DROP"));
    }

    private static Outcome.Refused? WhyNot(Order order, NetSuiteSettings? settings = null) =>
        NetSuiteMapping.WhyNot(SalesKind.OrderOf(Through(settings ?? new())), order, Catalogue, Through(settings ?? new NetSuiteSettings { BaseCurrency = "EUR" }));

    private static SalesPlan Map(NetSuiteSettings settings, Func<OrderBody, OrderBody> change, params OrderLine[] lines) => Map(settings, change, RoundingLevel.Document, lines);

    private static SalesPlan Map(NetSuiteSettings settings, Func<OrderBody, OrderBody> change, RoundingLevel level, params OrderLine[] lines)
    {
        var (order, through) = (Some.Order(level, change, lines), Through(settings));
        var known = order with { Info = order.Info with { RecordId = Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), Number = "A-1042" }, Body = order.Body with { Reference = "D1-17" } };
        return NetSuiteMapping.ToDocument(SalesKind.OrderOf(through), known, "1201", Catalogue, through);
    }

    private static Connection Through(NetSuiteSettings settings) => new(Guid.Empty, Guid.Empty, "netsuite:test", settings, new Dictionary<string, string>(), Mapped);

    private static Customer Fixed(Customer customer) => customer with { Info = customer.Info with { RecordId = Guid.Parse("0199aaaa-0000-7000-8000-000000000002") } };

    // What stands beside this file was read and found right by a person. To approve a change, delete the file, run, read, commit.
    private static void Approve(object payload, [CallerMemberName] string test = "", [CallerFilePath] string file = "")
    {
        var approved = Path.Combine(Path.GetDirectoryName(file)!, "Approved", $"{test}.json");
        var actual = JsonSerializer.Serialize(payload, payload.GetType(), Readable) + "\n";
        if (!File.Exists(approved))
        {
            File.WriteAllText(approved, actual);
            Assert.Fail($"{approved} is new. Read it; if it is right, commit it.");
        }

        Assert.Equal(File.ReadAllText(approved), actual);
    }
}
