namespace OrderSync.Testing;

/// <summary>A clock that stands still until a test advances it; timers fire on the way, in order of their due times.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = start.ToUniversalTime();
    private long order;

    /// <summary>Starts on a Tuesday morning.</summary>
    public ManualClock() : this(new DateTimeOffset(2026, 3, 3, 9, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that have not fired for the last time: a test can wait for one to be set before it advances.</summary>
    public int PendingTimers
    {
        get
        {
            lock (gate)
                return timers.Count;
        }
    }

    /// <summary>When the next timer is due; null when none is set.</summary>
    public DateTimeOffset? NextTimer
    {
        get
        {
            lock (gate)
                return timers.Count == 0 ? null : timers.Min(timer => timer.Due);
        }
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    /// <inheritdoc />
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Moves the clock; each timer due on the way runs once for each time it is due, and sees its own due time as now.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset until;
        lock (gate)
            until = now + by;
        while (NextDue(until) is { } timer)
            timer.Fire();
        lock (gate)
            now = now > until ? now : until;
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? NextDue(DateTimeOffset until)
    {
        lock (gate)
        {
            if (timers.Where(timer => timer.Due <= until).MinBy(timer => (timer.Due, timer.Order)) is not { } next)
                return null;
            now = next.Due > now ? next.Due : now;
            next.Rearm();
            return next;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;
        private bool disposed;

        public DateTimeOffset Due { get; private set; }

        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                if (disposed)
                    return false;
                clock.timers.Remove(this);
                this.period = period;
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Add(dueTime);
            }
            // As a real one, a timer due at once does not wait for the clock to move.
            if (dueTime == TimeSpan.Zero)
                clock.Advance(TimeSpan.Zero);
            return true;
        }

        /// <summary>Under the clock's lock: takes the timer out, or sets it to its next turn.</summary>
        public void Rearm()
        {
            clock.timers.Remove(this);
            if (period > TimeSpan.Zero)
                Add(period);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock.gate)
            {
                disposed = true;
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Add(TimeSpan after)
        {
            Due = clock.now + after;
            Order = clock.order++;
            clock.timers.Add(this);
        }
    }
}
