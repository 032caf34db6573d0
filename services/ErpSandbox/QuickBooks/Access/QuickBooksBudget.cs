namespace OrderSync.ErpSandbox.QuickBooks;

/// <summary>The calls to one company in the last minute and the last second. rules.md, "Limits".</summary>
internal sealed class QuickBooksBudget
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> calls = new();

    /// <summary>Counts a call in; false if it is one too many.</summary>
    public bool Takes(QuickBooksSettings settings, DateTimeOffset now)
    {
        lock (gate)
        {
            while (calls.TryPeek(out var oldest) && oldest <= now - Minute)
                calls.Dequeue();
            if (calls.Count >= settings.CallsPerMinute || calls.Count(at => at > now - Second) >= settings.CallsPerSecond)
                return false;
            calls.Enqueue(now);
            return true;
        }
    }
}
