namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The calls of one organisation in the last minute, today and at this moment. rules.md, "Limits".</summary>
internal sealed class ZohoBudget
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefreshWindow = TimeSpan.FromMinutes(10);
    private const int RefreshesPerWindow = 10;
    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> minute = new();
    private readonly Queue<DateTimeOffset> refreshes = new();
    private DateOnly day;
    private int today;
    private int running;

    /// <summary>Takes a slot until disposed, or refuses the call.</summary>
    public IDisposable Enter(ZohoSettings settings, DateTimeOffset now)
    {
        lock (gate)
        {
            var date = DateOnly.FromDateTime(now.UtcDateTime);
            if (day != date)
                (day, today) = (date, 0);
            Forget(minute, now - Minute);
            if (today >= settings.CallsPerDay)
                throw new ZohoRefusal(429, 45, $"You have reached the maximum call rate limit of {settings.CallsPerDay} for today.") { RetryAfter = 3600 };
            if (minute.Count >= settings.CallsPerMinute)
                throw new ZohoRefusal(429, 44, "You have made too many requests. Try again after a minute.") { RetryAfter = Wait(now) };
            if (running >= settings.ConcurrentCalls)
                throw new ZohoRefusal(429, 1070, "You have reached the maximum number of calls at one time.") { RetryAfter = 1 };
            today++;
            running++;
            minute.Enqueue(now);
            return new Slot(this);
        }
    }

    /// <summary>Whether another access token may be had now.</summary>
    public bool MayRefresh(DateTimeOffset now)
    {
        lock (gate)
        {
            Forget(refreshes, now - RefreshWindow);
            if (refreshes.Count >= RefreshesPerWindow)
                return false;
            refreshes.Enqueue(now);
            return true;
        }
    }

    private int Wait(DateTimeOffset now) => Math.Max(1, (int)Math.Ceiling((minute.Peek() + Minute - now).TotalSeconds));

    private static void Forget(Queue<DateTimeOffset> calls, DateTimeOffset until)
    {
        while (calls.TryPeek(out var oldest) && oldest <= until)
            calls.Dequeue();
    }

    private sealed class Slot(ZohoBudget budget) : IDisposable
    {
        public void Dispose()
        {
            lock (budget.gate)
                budget.running--;
        }
    }
}
