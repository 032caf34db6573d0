namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>The calls to one account that are under way, and those of the last minute and day. rules.md, "Limits".</summary>
internal sealed class NetSuiteLimits
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> minute = new();
    private readonly Queue<DateTimeOffset> day = new();
    private int underWay;

    /// <summary>Most calls at once so far.</summary>
    public int Peak { get; private set; }

    /// <summary>Lets a call in, or says what there is too much of; one that is let in leaves by <see cref="Leave"/>.</summary>
    public (bool In, bool TooManyAtOnce) Enter(NetSuiteSettings settings, DateTimeOffset now, bool limited)
    {
        lock (gate)
        {
            Drop(minute, now - Minute);
            Drop(day, now - Day);
            if (limited && underWay >= settings.Concurrency - settings.ConcurrencyElsewhere)
                return (false, true);
            if (limited && ((settings.CallsPerMinute > 0 && minute.Count >= settings.CallsPerMinute) || (settings.CallsPerDay > 0 && day.Count >= settings.CallsPerDay)))
                return (false, false);
            minute.Enqueue(now);
            day.Enqueue(now);
            Peak = Math.Max(Peak, ++underWay);
            return (true, false);
        }
    }

    /// <summary>The call is over.</summary>
    public void Leave()
    {
        lock (gate)
            underWay--;
    }

    private static void Drop(Queue<DateTimeOffset> calls, DateTimeOffset until)
    {
        while (calls.TryPeek(out var oldest) && oldest <= until)
            calls.Dequeue();
    }
}
