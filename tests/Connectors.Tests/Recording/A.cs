using System.Text.Json;
using OrderSync.Contracts;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Records;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>Messages as the gateway sends them; a test says only what matters to it.</summary>
internal static class A
{
    private static int numbers;

    public static DeliverRecord Order(Guid company, Guid connection, CustomerSnapshot? customer = null, Guid? id = null, long version = 1, int revision = 1, decimal total = 12.5m) =>
        Record(company, connection, "order", new OrderBody(
            null, null, "EUR", false, null, [new OrderLine("SKU-1", "Thing", 1, null, total, null, null, 0, null)], null, 0, 0,
            new OrderTotals(total, 0, 0, total), null, null, null, null, null, null, null), customer, id, version, revision);

    public static DeliverRecord Customer(Guid company, Guid connection, Guid? id = null, long version = 1, int revision = 1, string name = "Ann") =>
        Record(company, connection, "customer", Body(name), null, id, version, revision);

    public static CustomerSnapshot Snapshot(Guid? id = null, string name = "Ann", int revision = 1) =>
        new(id ?? Guid.NewGuid(), revision, null, JsonSerializer.Serialize(Body(name), ContractJson.Options));

    private static CustomerBody Body(string name) => new(name, null, null, null, null, null, null, null, null, null, null, null);

    private static DeliverRecord Record<T>(Guid company, Guid connection, string kind, T body, CustomerSnapshot? customer, Guid? id, long version, int revision) => new(
        company, connection, id ?? Guid.NewGuid(), revision, version, DeliveryWish.Push, kind, $"A-{Interlocked.Increment(ref numbers)}",
        DateTimeOffset.UnixEpoch, new DateOnly(2026, 3, 3), DateTimeOffset.UnixEpoch, null, JsonSerializer.Serialize(body, ContractJson.Options), "00", customer, [], null);
}
