using System.Text.Json;
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

    /// <summary>An order whose totals a device computed by rounding at <paramref name="level"/>.</summary>
    public static DeliverRecord Order(
        Place place, Func<OrderBody, OrderBody> change, CustomerSnapshot? customer = null, RoundingLevel level = RoundingLevel.Document, params OrderLine[] lines)
    {
        var number = $"K-{Interlocked.Increment(ref numbers):000000}";
        var body = change(new OrderBody(
            $"D1-{number}", null, "EUR", false, null, lines.Length > 0 ? lines : [Some.Line("A", 2, 29.99m), Some.Line("B", 3, 1.25m, 8)],
            null, 0, 0, new OrderTotals(0, 0, 0, 0), null, null, null, null, null, null, null));
        return new(
            place.Company, place.Connection, Guid.NewGuid(), 1, 1, DeliveryWish.Push, Kinds.Order, number, new DateTimeOffset(2026, 3, 3, 10, 0, 0, TimeSpan.FromHours(1)),
            new DateOnly(2026, 3, 3), new DateTimeOffset(2026, 3, 3, 9, 0, 5, TimeSpan.Zero), null, Json(body with { Totals = Some.Totals(body, level) }), "00",
            customer ?? Customer(), [], null);
    }

    /// <summary>The total the customer was shown.</summary>
    public static decimal Total(this DeliverRecord order) => JsonSerializer.Deserialize<OrderBody>(order.Body, ContractJson.Options)!.Totals.Total;

    public static DeliverRecord Stopped(this DeliverRecord record) => record with { Version = record.Version + 1, Wish = DeliveryWish.Stop };

    public static DeliverRecord Cancelled(this DeliverRecord record) => record with { Version = record.Version + 1, Wish = DeliveryWish.Cancel };

    /// <summary>The same record as a later revision.</summary>
    public static DeliverRecord Revised(this DeliverRecord record) => record with { Version = record.Version + 1, Revision = record.Revision + 1 };

    private static string Json<T>(T body) => JsonSerializer.Serialize(body, ContractJson.Options);
}
