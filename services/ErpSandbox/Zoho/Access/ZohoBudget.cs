namespace OrderSync.ErpSandbox.Zoho;

/// <summary>The calls of one organisation in the last minute, today and at this moment. rules.md, "Limits".</summary>
internal sealed class ZohoBudget
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefreshWindow = TimeSpan.FromMinutes(10);
    private const int RefreshesPerWindow = 10;
    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> minute = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> refreshes = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> asked = new();
    private DateTimeOffset blockedUntil;
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
            Block(settings, now);
            Forget(minute, now - Minute);
            if (today + settings.CallsUsedToday >= settings.DailyCalls)
                throw new ZohoRefusal(429, 45, $"You have reached the maximum call rate limit of {settings.DailyCalls} for today.") { RetryAfter = 3600 };
            if (minute.Count >= settings.CallsPerMinute)
                throw new ZohoRefusal(429, 44, "You have made too many requests. Try again after a minute.") { RetryAfter = Wait(now) };
            if (running >= settings.CallsAtOnce)
                throw new ZohoRefusal(429, 1070, "You have reached the maximum number of calls at one time.") { RetryAfter = 1 };
            today++;
            running++;
            minute.Enqueue(now);
            return new Slot(this);
        }
    }

    /// <summary>Whether another access token may be had now.</summary>
    public bool MayRefresh(string refreshToken, DateTimeOffset now)
    {
        lock (gate)
        {
            if (!refreshes.TryGetValue(refreshToken, out var times))
                refreshes[refreshToken] = times = new();
            Forget(times, now - RefreshWindow);
            if (times.Count >= RefreshesPerWindow)
                return false;
            times.Enqueue(now);
            return true;
        }
    }

    // What was seen live: whoever goes far over the limit is shut out for an hour, refused calls counted too.
    private void Block(ZohoSettings settings, DateTimeOffset now)
    {
        if (settings.BlockAboveCallsPerMinute is not { } most)
            return;
        Forget(asked, now - Minute);
        asked.Enqueue(now);
        if (asked.Count > most)
            blockedUntil = now + TimeSpan.FromHours(1);
        if (now < blockedUntil)
            throw new ZohoRefusal(429, 43, "For security reasons you have been blocked for some time as you have exceeded the maximum number of requests per minute.") { RetryAfter = 3600 };
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
