namespace OrderSync.Simulator.Fleet;

/// <summary>A server gave no answer, or asked to come again later. Asking again is right; when time is up the message says what was missing.</summary>
internal sealed class NoAnswer(string message, TimeSpan? after = null) : Exception(message)
{
    /// <summary>When to come again, if the server said so.</summary>
    public TimeSpan? After { get; } = after;
}
