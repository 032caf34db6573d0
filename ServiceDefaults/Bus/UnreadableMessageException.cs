namespace OrderSync.ServiceDefaults.Bus;

/// <summary>Thrown by a consumer: the message can never be handled, whoever tries. It is parked at once.</summary>
public sealed class UnreadableMessageException(string reason, Exception? cause = null) : Exception(reason, cause);
