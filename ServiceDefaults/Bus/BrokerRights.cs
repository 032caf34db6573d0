using System.Text.RegularExpressions;
using OrderSync.Contracts.Bus;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>
/// What a service's user may do at the broker: three patterns for names of queues and exchanges. Sender and reader declare a connector's queue before
/// use, so the gateway has a right to all of them; a connector has one to its own, and may only hand messages over to the gateway.
/// </summary>
/// <param name="Configure">What it may make and remove.</param>
/// <param name="Write">What it may send to, and bind.</param>
/// <param name="Read">What it may read and empty.</param>
public sealed record BrokerRights(string Configure, string Write, string Read)
{
    // Names of services have no dot, those the broker gives itself (amq.…) have one.
    private const string AnyQueue = @"^[^.]+(\.parked)?$";

    /// <summary>The rights of a service, by its name.</summary>
    public static BrokerRights Of(string service)
    {
        var queue = new QueueDefinition(service);
        if (queue == Queues.Gateway)
            return new(AnyQueue, AnyQueue, AnyQueue);

        var own = string.Join('|', new[] { queue.Name, queue.Parked, Queues.Gateway.ExchangeFrom(queue) }.Select(Regex.Escape));
        return new($"^({own})$", $"^({own}|{Queues.Gateway.Name})$", $"^({own})$");
    }
}
