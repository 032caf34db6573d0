using System.Text.Json;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;
using OrderSync.Tryton;
using CatalogueOf = OrderSync.Tryton.Catalogue;

namespace OrderSync.Connectors.Tests.Tryton;

public sealed class TrytonMappingTests
{
    private static readonly TrytonSettings Settings = new() { Url = new Uri("https://tryton.example"), Database = "erp", User = "ordersync", Password = "x" };

    private static readonly Party Buyer = new(7, "OS-1", "Al Noor Grocery")
    {
        Addresses = [new(31, null, null, null, null, null) { Delivery = true }, new(30, null, null, null, null, null) { Invoice = true }],
    };

    [Fact]
    public void F102_Discounts_and_shipping_are_lines_of_their_own_with_the_tax_they_reduce()
    {
        var order = Some.Order(RoundingLevel.Document, body => body with { Discount = new(10, null), Shipping = 5, ShippingTaxRate = 20 },
            Some.Line("A", 2, 29.99m, 20, new DiscountBody(5, null)), Some.Line("B", 3, 1.25m, 8));

        var plan = Plan(order, Settings);

        Assert.Equal(
            ["A 2 29.99 3", "Discount 5 % on A 1 -3.00 3", "B 3 1.25 1", "Discount 10 % 1 -5.70 3", "Discount 10 % 1 -0.37 1", "Shipping 1 5 3"],
            plan.Lines.Select(line => FormattableString.Invariant($"{line.Sku} {line.Payload.Quantity} {line.Payload.UnitPrice} {line.Tax!.Id}")));
        Assert.Equal(order.Body.Totals.Subtotal - order.Body.Totals.Discount + 5, plan.Predicted.Subtotal);
    }

    [Fact]
    public void F102_Money_travels_as_decimals_and_quantities_with_the_digits_they_have()
    {
        var json = JsonSerializer.Serialize(Plan(Some.Order(Some.Line("A", 1.005m, 0.1m)), Settings).Payload, TrytonWire.Json);

        Assert.Contains("\"quantity\":1.005,\"unit_price\":{\"__class__\":\"Decimal\",\"decimal\":\"0.1\"},\"taxes\":[[\"add\",[3]]]", json, StringComparison.Ordinal);
        Assert.Contains("\"sale_date\":{\"__class__\":\"date\",\"year\":2026,\"month\":11,\"day\":21}", json, StringComparison.Ordinal);
        Assert.Contains("\"invoice_address\":30,\"shipment_address\":31", json, StringComparison.Ordinal);
    }

    [Fact]
    public void F104_The_record_id_stands_where_the_connection_says()
    {
        var order = Some.Order(Some.Line());
        var (usual, other) = (Plan(order, Settings).Payload, Plan(order, Settings with { RecordIdField = RecordIdField.Reference }).Payload);

        Assert.Equal(($"OrderSync order {order.Info.RecordId}", order.Body.Reference), (usual.Description, usual.Reference));
        Assert.Equal((null, $"OrderSync order {order.Info.RecordId}"), (other.Description, other.Reference));
        Assert.Contains($"Reference: {order.Body.Reference}", other.Comment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["UserError",["A value is required.","",null]]""", typeof(Outcome.Refused), "erp.refused")]
    [InlineData("""["UserError",["Calling button \"process on \"sale.sale\" is not allowed.","",null]]""", typeof(Outcome.Refused), "erp.rights")]
    [InlineData("""["UserError",["You can create only one journal per period.","",null]]""", typeof(Outcome.Later), null)]
    [InlineData("""["UserWarning",["late","The date is in the past.",""]]""", typeof(Outcome.Refused), "erp.warning")]
    [InlineData("""["ConcurrencyException","Records were modified in the meanwhile"]""", typeof(Outcome.Later), null)]
    [InlineData("""["duplicate key value violates unique constraint \"sale_ordersync\"\nDETAIL: Key","" ]""", typeof(Outcome.Later), null)]
    [InlineData("""["connection to server at \"127.0.0.1\", port 5432 failed: Connection refused",""]""", typeof(Outcome.Later), null)]
    [InlineData("""["server closed the connection unexpectedly",""]""", typeof(Outcome.Ambiguous), null)]
    [InlineData("""["",""]""", typeof(Outcome.Later), null)]
    [InlineData("""["'bogus'",""]""", typeof(Outcome.Refused), "erp.unexpected")]
    public void F105_Each_kind_of_refusal_leads_to_what_it_means(string error, Type outcome, string? code)
    {
        using var said = JsonDocument.Parse(error);

        var made = TrytonErrors.OfError(said.RootElement, "order A-1", writes: true);

        Assert.IsType(outcome, made);
        Assert.Equal(code, (made as Outcome.Refused)?.Code);
    }

    private static SalesPlan Plan(Order order, TrytonSettings settings)
    {
        Unit piece = new(33, "Piece", "pc", 3, 7);
        var catalogue = new CatalogueOf(
            1, new[] { "A", "B" }.ToDictionary(sku => sku, sku => new Product(sku[0], sku, sku) { SaleUom = piece }),
            [new(1, "Reduced", "percentage", 0.08m, []), new(3, "Standard", "percentage", 0.20m, [])], [piece], [new(1, "EUR", 2)], new Dictionary<string, string>());
        var connection = new Connection(Guid.NewGuid(), Guid.NewGuid(), settings.Account, settings, new Dictionary<string, string>());
        Assert.Null(TrytonMapping.WhyNot(SalesKind.OrderOf(connection), order, catalogue, settings));
        return TrytonMapping.ToSale(SalesKind.OrderOf(connection), order, Buyer, catalogue, connection);
    }
}
