using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;
using OrderSync.Money;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>A company and its connection.</summary>
internal sealed record Place(Guid Company, Guid Connection)
{
    public static Place New() => new(Guid.NewGuid(), Guid.NewGuid());
}

/// <summary>Records as the gateway sends them; a case says only what matters to it.</summary>
internal static class Capture
{
    private static int numbers = Random.Shared.Next(1, 400_000);

    /// <summary>The usual rounding: half up, once for each tax.</summary>
    public static RoundingPolicy Document { get; } = new(RoundingLevel.Document, Tie.HalfUp);

    /// <summary>Half up on each line.</summary>
    public static RoundingPolicy OnLines { get; } = new(RoundingLevel.Line, Tie.HalfUp);

    /// <summary>The lines of which three roundings on lines make a cent more than one on the document.</summary>
    public static OrderLine[] ThatRoundApart { get; } = [Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10), Some.Line("C", 1, 3.35m, 10)];

    public static CustomerSnapshot Customer(string? name = null, Guid? id = null, int revision = 1, string? email = null)
    {
        var record = id ?? Guid.NewGuid();
        return new(record, revision, null, Json(new CustomerBody(
            name ?? $"Shop {record:N}", null, null, email ?? $"{record:N}@shops.example", null, null, null, null, null, null, null, null)));
    }

    /// <summary>The customer as a record of its own.</summary>
    public static DeliverRecord Record(this CustomerSnapshot customer, Place place, long version = 1) => new(
        place.Company, place.Connection, customer.Id, customer.Revision, version, DeliveryWish.Push, Kinds.Customer, null, DateTimeOffset.UnixEpoch,
        new DateOnly(2026, 3, 3), DateTimeOffset.UnixEpoch, null, customer.Body, "00", null, [], null);

    public static DeliverRecord Order(Place place, CustomerSnapshot? customer = null, params OrderLine[] lines) => Order(place, body => body, customer, lines: lines);

    /// <summary>An order whose totals a device computed by <paramref name="rounding"/>; null = half up on the document.</summary>
    public static DeliverRecord Order(
        Place place, Func<OrderBody, OrderBody> change, CustomerSnapshot? customer = null, RoundingPolicy? rounding = null, params OrderLine[] lines)
    {
        var number = $"K-{Interlocked.Increment(ref numbers):000000}";
        var body = change(new OrderBody(
            $"D1-{number}", null, "EUR", false, null, lines.Length > 0 ? lines : [Some.Line("A", 2, 29.99m), Some.Line("B", 3, 1.25m, 8)],
            null, 0, 0, new OrderTotals(0, 0, 0, 0), null, null, null, null, null, null, null));
        return new(
            place.Company, place.Connection, Guid.NewGuid(), 1, 1, DeliveryWish.Push, Kinds.Order, number, new DateTimeOffset(2026, 3, 3, 10, 0, 0, TimeSpan.FromHours(1)),
            new DateOnly(2026, 3, 3), new DateTimeOffset(2026, 3, 3, 9, 0, 5, TimeSpan.Zero), null, Json(body with { Totals = Some.Totals(body, rounding ?? Document) }), "00",
            customer ?? Customer(), [], null);
    }

    /// <summary>A quote with the content that an order of these lines would have.</summary>
    public static DeliverRecord Quote(Place place, CustomerSnapshot? customer = null, RoundingPolicy? rounding = null, params OrderLine[] lines)
    {
        var order = Order(place, body => body, customer, rounding, lines);
        var body = order.Content();
        return order with
        {
            Kind = Kinds.Quote, Number = $"Q{order.Number}", Body = Json(new QuoteBody(
                body.Reference, null, body.Currency, false, null, body.Lines, null, 0, 0, body.Totals, null, null, null, null, null, null, null, new DateOnly(2026, 4, 3))),
        };
    }

    /// <summary>Money received from a customer; with an order, all of it is meant for that order and comes after it.</summary>
    public static DeliverRecord Receipt(Place place, decimal amount, CustomerSnapshot? customer = null, DeliverRecord? order = null)
    {
        var number = $"R-{Interlocked.Increment(ref numbers):000000}";
        return new(
            place.Company, place.Connection, Guid.NewGuid(), 1, 1, DeliveryWish.Push, Kinds.Receipt, number, new DateTimeOffset(2026, 3, 3, 10, 0, 0, TimeSpan.FromHours(1)),
            new DateOnly(2026, 3, 3), new DateTimeOffset(2026, 3, 3, 9, 0, 5, TimeSpan.Zero), null, Json(new ReceiptBody(
                $"D1-{number}", null, "EUR", amount, "cash", null, order is null ? null : [new ReceiptAllocation(order.RecordId, null, amount)], null, null)), "00",
            order?.Customer ?? customer ?? Customer(), order is null ? [] : [order.RecordId], null);
    }

    /// <summary>The total the customer was shown, or the amount that was received.</summary>
    public static decimal Total(this DeliverRecord record) => record.Kind == Kinds.Receipt
        ? JsonSerializer.Deserialize<ReceiptBody>(record.Body, ContractJson.Options)!.Amount
        : record.Content().Totals.Total;

    /// <summary>What an order or a quote says.</summary>
    public static OrderBody Content(this DeliverRecord order) => JsonSerializer.Deserialize<OrderBody>(order.Body, ContractJson.Options)!;

    /// <summary>The order or quote as a later revision with one line more.</summary>
    public static DeliverRecord WithOneMoreLine(this DeliverRecord order, RoundingPolicy? rounding = null)
    {
        var body = order.Content() with { Lines = [.. order.Content().Lines, Some.Line("C", 4, 3.35m, 10)] };
        return order.Revised() with { Body = Json(body with { Totals = Some.Totals(body, rounding ?? Document) }) };
    }

    /// <summary>The document with the totals of a device that reckons as the ERP does.</summary>
    public static DeliverRecord As(this DeliverRecord document, IConformanceErp erp, RoundingPolicy rounding)
    {
        var body = JsonNode.Parse(document.Body)!;
        body["totals"] = JsonSerializer.SerializeToNode(erp.Totals(document.Content(), rounding), ContractJson.Options);
        return document with { Body = body.ToJsonString(ContractJson.Options) };
    }

    public static DeliverRecord Stopped(this DeliverRecord record) => record with { Version = record.Version + 1, Wish = DeliveryWish.Stop };

    public static DeliverRecord Cancelled(this DeliverRecord record) => record with { Version = record.Version + 1, Wish = DeliveryWish.Cancel };

    /// <summary>The same record as a later revision.</summary>
    public static DeliverRecord Revised(this DeliverRecord record) => record with { Version = record.Version + 1, Revision = record.Revision + 1 };

    private static string Json<T>(T body) => JsonSerializer.Serialize(body, ContractJson.Options);
}
