namespace OrderSync.Contracts.Bus;

/// <summary>A quorum queue as both its sender and its reader declare it. RabbitMQ refuses a second declaration that differs, so there is only this one.</summary>
/// <param name="Name">Name of the queue and of the fanout exchange bound to it.</param>
public sealed record QueueDefinition(string Name)
{
    /// <summary>Deliveries of one message before the broker parks it: high, since a service that restarts in a loop must not park innocent messages.</summary>
    public const int DeliveryLimit = 100;

    /// <summary>Where the broker puts what it could not hand over: a quorum queue and exchange of this name. Never the only copy of anything.</summary>
    public string Parked => $"{Name}.parked";

    /// <summary>The exchange through which the owner of another queue sends to this one: the sender's own, bound to this queue's, so that it needs no
    /// right to read, purge or remove what waits here.</summary>
    public string ExchangeFrom(QueueDefinition sender) => $"{sender.Name}.to.{Name}";

    /// <summary>Arguments of the queue, spelled as RabbitMQ spells them.</summary>
    public IReadOnlyDictionary<string, object> Arguments => new Dictionary<string, object>
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = DeliveryLimit,
        ["x-dead-letter-exchange"] = Parked,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    /// <summary>Arguments of the queue for parked messages.</summary>
    public static IReadOnlyDictionary<string, object> ParkedArguments { get; } =
        new Dictionary<string, object> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = DeliveryLimit };
}

/// <summary>The queues of OrderSync: one for each connector and one for the gateway.</summary>
public static class Queues
{
    /// <summary>What connectors tell the gateway.</summary>
    public static QueueDefinition Gateway { get; } = new("gateway");

    /// <summary>What the gateway tells one connector; the name is the connector's own, such as "zoho".</summary>
    public static QueueDefinition Connector(string connector) => new(connector);
}
