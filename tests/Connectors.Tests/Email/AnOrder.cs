using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.Connectors.Tests.Email;

/// <summary>Orders as the framework hands them to the connector, with totals as a device computes them.</summary>
internal static class AnOrder
{
    private static readonly string[] Items = ["Trailhead pack 32 L, slate", "Merino base layer, size M", "Camp stove, single burner", "Water filter cartridge"];

    public static Order With(
        int lines = 3, string currency = "EUR", string? customerEmail = "buyer@customer.example", string? repEmail = null, string customerName = "Müller & Söhne KG",
        string? number = "SO-000042", Guid? id = null, IReadOnlyList<OrderLine>? theseLines = null, DiscountBody? discount = null, decimal shipping = 0,
        bool pricesIncludeTax = false, string? notes = null, string target = "", Guid? company = null)
    {
        var body = Body(currency, theseLines ?? Lines(lines), discount, shipping, pricesIncludeTax, notes);
        var record = id ?? Guid.CreateVersion7();
        var rep = new RepSnapshot(Guid.CreateVersion7(), "Ada Keller", repEmail);
        var info = new DocumentInfo(
            company ?? Guid.CreateVersion7(), Guid.CreateVersion7(), "mail", PlannedDocument.KeyOf(record, target), record, 1, Kinds.Order, target, number,
            new DateTimeOffset(2026, 11, 20, 10, 15, 30, TimeSpan.FromHours(1)), new DateOnly(2026, 11, 20), new DateTimeOffset(2026, 11, 20, 9, 16, 0, TimeSpan.Zero),
            rep, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        var address = new AddressBody(null, "Lange Straße 5", null, "Dresden", null, "01067", "Germany");
        var customer = new CustomerBody(customerName, null, null, customerEmail, null, null, "C-10442", address, null, null, null, null);
        return new Order(info, body, new CustomerOfOrder(Guid.CreateVersion7(), null, customer));
    }

    /// <summary>The same order for another mail: target and key are those of the planned document.</summary>
    public static Order For(this Order order, PlannedDocument planned) =>
        order with { Info = order.Info with { Target = planned.Target, Key = planned.Key, Revision = planned.Revision } };

    public static DeliverRecord Message(this Order order) => new(
        order.Info.CompanyId, order.Info.ConnectionId, order.Info.RecordId, order.Info.Revision, 1, DeliveryWish.Push, Kinds.Order, order.Info.Number,
        order.Info.CapturedAt, order.Info.Date, order.Info.ReceivedAt, order.Info.Rep, Json(order.Body), order.Info.Sha256,
        order.Customer is { } customer ? new CustomerSnapshot(customer.Id, 1, null, Json(customer.Body)) : null, [], null);

    /// <summary>The same record once its customer has another address.</summary>
    public static DeliverRecord WithEmail(this DeliverRecord record, string email)
    {
        var customer = record.Customer! with { Revision = record.Customer.Revision + 1 };
        return record with { Customer = customer with { Body = Json(PlannedDocument.Read<CustomerBody>(customer.Body) with { Email = email }) } };
    }

    public static OrderLine Line(string sku, decimal quantity, decimal price, decimal taxRate = 19, string? description = null, DiscountBody? discount = null) =>
        new(sku, description ?? $"Item {sku}", quantity, "pcs", price, discount, null, taxRate, null);

    private static List<OrderLine> Lines(int count) =>
        Enumerable.Range(1, count).Select(i => Line($"SKU-{1000 + i}", i, 12.5m + i * 0.1275m, i % 4 == 0 ? 7 : 19, Items[i % Items.Length])).ToList();

    private static OrderBody Body(string currency, IReadOnlyList<OrderLine> lines, DiscountBody? discount, decimal shipping, bool pricesIncludeTax, string? notes)
    {
        var totals = DocumentTotals.Compute(
            new DocumentInput(
                currency, lines.Select(line => new LineInput(line.Quantity, line.UnitPrice, Off(line.Discount), line.TaxCode, line.TaxRate)).ToList(),
                Off(discount), shipping, 19, pricesIncludeTax),
            new RoundingPolicy(RoundingLevel.Document, Tie.HalfUp));
        return new OrderBody(
            "D7-0031", null, currency, pricesIncludeTax, null, lines, discount, shipping, 19,
            new OrderTotals(totals.Subtotal, totals.Discount, totals.Tax, totals.Total), null, null, new DateOnly(2026, 12, 1), "30 days net", "PO 4711/26", notes, null);
    }

    private static Discount Off(DiscountBody? discount) =>
        discount is { Percent: { } percent } ? Discount.Percent(percent) : discount is { Amount: { } amount } ? Discount.Amount(amount) : Discount.None;

    private static string Json<T>(T body) => System.Text.Json.JsonSerializer.Serialize(body, Contracts.ContractJson.Options);
}
