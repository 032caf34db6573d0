using System.Runtime.CompilerServices;
using System.Text.Json;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.Zoho;

namespace OrderSync.Connectors.Tests.Zoho;

public sealed class ZohoMappingTests
{
    private static readonly JsonSerializerOptions Readable = new(ZohoWire.Json) { WriteIndented = true };

    private static readonly Catalogue Catalogue = new(
        new Dictionary<string, Item> { ["A"] = new("4815000000044100", "A", "Olive oil", "active"), ["B"] = new("4815000000044101", "B", "Water", "active"), ["SHIP"] = new("4815000000044102", "SHIP", "Shipping", "active") },
        [new TaxEntry("4815000000044043", "Reduced", 8), new TaxEntry("4815000000044044", "Standard", 20)]);

    private static readonly AddressBody Street = new("Goods in", "12 Market St", "Floor 2", "Sharjah", "Sharjah", "00000", "U.A.E");

    private static readonly SalesKind Sales = SalesKind.OrderOf(Through(new ZohoSettings()));

    [Fact]
    public void An_order_with_a_discount_on_the_whole() => Approve(Map(body => body with
    {
        Discount = new DiscountBody(12.5m, null),
        Shipping = 4.90m,
        CustomerReference = "PO-7781",
        RequestedDate = new DateOnly(2026, 11, 24),
        PaymentTerms = "30 days net",
        Notes = "Deliver before noon",
        ShipTo = Street,
    }, Some.Line("A", 5, 29.99m) with { Description = "Olive oil 5 l", Unit = "can", Notes = "no dents" }, Some.Line("B", 12, 1.2345m)));

    [Fact]
    public void An_order_with_discounts_on_lines() => Approve(Map(
        body => body, Some.Line("A", 5, 29.99m, 20, new DiscountBody(10, null)), Some.Line("B", 2, 9.90m, 8, new DiscountBody(null, 1.5m)), Some.Line("B", 1, 1, 0)));

    [Fact]
    public void An_order_with_discounts_on_lines_and_on_the_whole_and_taxed_shipping() => Approve(Map(
        body => body with { Discount = new DiscountBody(null, 10), Shipping = 5, ShippingTaxRate = 20, PricesIncludeTax = true },
        Some.Line("A", 5, 29.99m, 20, new DiscountBody(10, null)), Some.Line("B", 3, 3.335m, 8)));

    [Fact]
    public void A_customer() => Approve(ContactMapping.ToContact(
        Fixed(Some.Customer("Al Noor Grocery")) is var customer
            ? customer with { Body = customer.Body with { Company = "Al Noor Grocery LLC", Contact = "Omar Said", Phone = "+971500000000", Billing = Street, Shipping = Street, Notes = "Closed on Fridays" } }
            : null!, "Al Noor Grocery", Through(new ZohoSettings())));

    [Fact]
    public void F065_Texts_that_Zoho_cannot_hold_are_cut_between_characters_and_the_cut_is_marked()
    {
        var order = Map(body => body with { Notes = new string('n', 98) + "🚪🚪" }, new ZohoSettings { NotesLength = 100 }, Some.Line("A") with { Description = new string('d', 3000) });

        Assert.Equal(new string('n', 98) + "…", order.Notes);
        Assert.Equal(2000, order.LineItems[0].Description!.Length);
    }

    [Fact]
    public void Another_name_fits_however_long_the_name()
    {
        var name = ContactMapping.OtherName(Some.Customer(new string('x', 500), "omar@alnoor.example"));

        Assert.Equal(200, name.Length);
        Assert.EndsWith("… (omar@alnoor.example)", name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reduced", "1")]
    [InlineData("Medicine", "2")]
    [InlineData("Books", null)]
    public void Of_several_taxes_of_one_rate_the_one_named_as_ours_is_taken(string code, string? id)
    {
        var two = Catalogue with { Taxes = [new TaxEntry("1", "Reduced", 8), new TaxEntry("2", "Medicine", 8)] };

        var (tax, whyNot) = two.Tax(code, 8);

        Assert.Equal((id, id is null), (tax?.TaxId, whyNot is not null));
    }

    [Fact]
    public void Shipping_with_tax_needs_an_item_of_its_own()
    {
        var order = Some.Order(RoundingLevel.Document, body => body with { Shipping = 5, ShippingTaxRate = 20 }, Some.Line());

        var refused = ZohoMapping.WhyNot(Sales, order, Catalogue, new ZohoSettings());

        Assert.Equal("The order has shipping taxed at 20 %, and Zoho's own shipping charge carries no tax.", refused!.Reason);
    }

    private static NewSalesDocument Map(Func<OrderBody, OrderBody> change, params OrderLine[] lines) => Map(change, new ZohoSettings { ShippingSku = "SHIP" }, lines);

    private static NewSalesDocument Map(Func<OrderBody, OrderBody> change, ZohoSettings settings, params OrderLine[] lines)
    {
        var order = Some.Order(RoundingLevel.Document, change, lines);
        var known = order with { Info = order.Info with { RecordId = Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), Number = "A-1042" }, Body = order.Body with { Reference = "D1-17" } };
        return ZohoMapping.ToDocument(Sales, known, "4815000000044080", Catalogue, Through(settings)).Payload;
    }

    private static Connection Through(ZohoSettings settings) =>
        new(Guid.Empty, Guid.Empty, "zoho:test", settings, new Dictionary<string, string>(), new Dictionary<string, IReadOnlyDictionary<string, string>>());

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
