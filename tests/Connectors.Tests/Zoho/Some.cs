using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Connectors.Tests.Zoho;

/// <summary>Documents for tests of the Zoho connector.</summary>
internal static class Some
{
    private static int numbers;

    public static OrderLine Line(string sku = "A", decimal quantity = 1, decimal price = 10m, decimal rate = 20, DiscountBody? discount = null) =>
        new(sku, null, quantity, null, price, discount, null, rate, null);

    public static Customer Customer(string name = "Al Noor Grocery", string? email = "omar@alnoor.example", int revision = 1, Guid? id = null, string? erpNumber = null) =>
        new(Info(id ?? Guid.NewGuid(), Kinds.Customer, null, revision), erpNumber, new CustomerBody(name, null, null, email, null, null, null, null, null, null, null, null));

    public static Customer CustomerOf(Order order) => new(Info(order.Customer!.Id, Kinds.Customer, null), null, order.Customer.Body);

    /// <summary>An order whose totals a device computed by this rounding.</summary>
    public static Order Order(params OrderLine[] lines) => Order(RoundingLevel.Document, body => body, lines);

    public static Order Order(RoundingLevel level, Func<OrderBody, OrderBody> change, params OrderLine[] lines)
    {
        var number = $"A-{1000 + Interlocked.Increment(ref numbers)}";
        var body = change(new OrderBody(
            $"D1-{number}", null, "EUR", false, null, lines, null, 0, 0, new OrderTotals(0, 0, 0, 0), null, null, null, null, null, null, null));
        var customer = Customer($"Customer of {number}", $"{number}@customers.example");
        return new Order(
            Info(Guid.NewGuid(), Kinds.Order, number), body with { Totals = Totals(body, level) },
            new CustomerOfOrder(customer.Info.RecordId, null, customer.Body));
    }

    /// <summary>The same order as a later revision with other lines.</summary>
    public static Order Revised(this Order order, params OrderLine[] lines)
    {
        var body = order.Body with { Lines = lines };
        return order with { Info = order.Info with { Revision = order.Info.Revision + 1 }, Body = body with { Totals = Totals(body, RoundingLevel.Document) } };
    }

    public static Quote Quote(Order order, DateOnly? validUntil = null)
    {
        var body = order.Body;
        return new(order.Info with { Kind = Kinds.Quote }, new QuoteBody(
            body.Reference, body.Customer, body.Currency, body.PricesIncludeTax, body.Rounding, body.Lines, body.Discount, body.Shipping, body.ShippingTaxRate, body.Totals,
            body.ShipTo, body.BillTo, body.RequestedDate, body.PaymentTerms, body.CustomerReference, body.Notes, body.CustomFields, validUntil), order.Customer);
    }

    /// <summary>Money from an order's customer; with an amount for the order, that part is meant for it.</summary>
    public static Receipt Receipt(Order order, decimal amount, decimal? forOrder = null, string method = "cash", string? document = null, string currency = "EUR")
    {
        var number = $"RC-{1000 + Interlocked.Increment(ref numbers)}";
        return new(Info(Guid.NewGuid(), Kinds.Receipt, number), new ReceiptBody(
            $"D1-{number}", null, currency, amount, method, null,
            forOrder is { } part ? [new ReceiptAllocation(document is null ? order.Info.RecordId : null, document, part)] : null, "In the field", null), order.Customer);
    }

    public static OrderTotals Totals(OrderBody body, RoundingLevel level) => Totals(body, new RoundingPolicy(level, Tie.HalfUp));

    public static OrderTotals Totals(OrderBody body, RoundingPolicy rounding)
    {
        var totals = DocumentTotals.Compute(
            new DocumentInput(
                body.Currency, [.. body.Lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, Discount(line.Discount), line.TaxCode, line.TaxRate))],
                Discount(body.Discount), body.Shipping, body.ShippingTaxRate, body.PricesIncludeTax),
            rounding);
        return new OrderTotals(totals.Subtotal, totals.Discount, totals.Tax, totals.Total);
    }

    public static Order WithNumber(this Order order, string number) => order with { Info = order.Info with { Number = number } };

    private static Discount Discount(DiscountBody? discount) => discount switch
    {
        { Percent: { } percent } => Money.Discount.Percent(percent),
        { Amount: { } amount } => Money.Discount.Amount(amount),
        _ => Money.Discount.None,
    };

    private static DocumentInfo Info(Guid id, string kind, string? number, int revision = 1) => new(
        Guid.Empty, Guid.Empty, "zoho:test", PlannedDocument.KeyOf(id), id, revision, kind, "", number,
        new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.FromHours(1)), new DateOnly(2026, 11, 21), new DateTimeOffset(2026, 11, 21, 9, 0, 5, TimeSpan.Zero), null, "");
}
