using System.Text;
using OrderSync.Contracts.Bus;
using RabbitMQ.Client;

namespace OrderSync.ServiceDefaults.Bus;

/// <summary>A message that nobody could read or handle, as it was.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Reason">Why it was parked.</param>
/// <param name="ContentType">As its sender said; it decides how the bytes are read.</param>
/// <param name="MessageId">As its sender said.</param>
public sealed record ParkedMessage(ReadOnlyMemory<byte> Body, string Reason, string? ContentType, string? MessageId)
{
    /// <summary>Header that carries the reason.</summary>
    public const string ReasonHeader = "OrderSync-Reason";

    // A reason is for people; the broker takes no long header.
    private const int LongestReason = 1000;

    internal BasicProperties Properties()
    {
        var properties = new BasicProperties { Persistent = true, Headers = new Dictionary<string, object?> { [ReasonHeader] = Cut(Reason) } };
        if (ContentType is not null)
            properties.ContentType = ContentType;
        if (MessageId is not null)
            properties.MessageId = MessageId;
        return properties;
    }

    internal static ParkedMessage Of(byte[] body, IReadOnlyBasicProperties properties) => new(
        body, ReasonOf(properties.Headers), properties.IsContentTypePresent() ? properties.ContentType : null,
        properties.IsMessageIdPresent() ? properties.MessageId : null);

    // Without our header it was the broker that parked it.
    private static string ReasonOf(IDictionary<string, object?>? headers) =>
        headers?.TryGetValue(ReasonHeader, out var reason) == true && reason is byte[] text ? Encoding.UTF8.GetString(text)
        : headers?.ContainsKey("x-death") == true ? $"It was handed over {QueueDefinition.DeliveryLimit} times and never finished."
        : "Nobody said why.";

    private static string Cut(string reason) => reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
