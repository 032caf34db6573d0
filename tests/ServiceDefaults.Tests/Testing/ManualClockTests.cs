using OrderSync.Testing;

namespace OrderSync.ServiceDefaults.Tests.Testing;

public sealed class ManualClockTests
{
    [Fact]
    public async Task A_delay_ends_when_the_clock_has_advanced_far_enough()
    {
        var clock = new ManualClock();
        var delay = Task.Delay(TimeSpan.FromMinutes(10), clock);
        clock.Advance(TimeSpan.FromMinutes(9));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(1));
        await delay.WaitAsync(Eventually.Patience);
        Assert.Equal(0, clock.PendingTimers);
    }

    [Fact]
    public void Timers_fire_in_order_and_each_sees_its_own_due_time()
    {
        var clock = new ManualClock();
        var start = clock.GetUtcNow();
        var seen = new List<(string Timer, double Minutes)>();
        using var late = clock.CreateTimer(_ => Note("late"), null, TimeSpan.FromMinutes(5), Timeout.InfiniteTimeSpan);
        using var often = clock.CreateTimer(_ => Note("often"), null, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal([("often", 2), ("often", 4), ("late", 5), ("often", 6)], seen);
        Assert.Equal(TimeSpan.FromMinutes(6), clock.GetElapsedTime(start.Ticks));

        void Note(string timer) => seen.Add((timer, (clock.GetUtcNow() - start).TotalMinutes));
    }

    [Fact]
    public async Task A_periodic_timer_and_a_time_out_follow_it()
    {
        var clock = new ManualClock();
        using var periodic = new PeriodicTimer(TimeSpan.FromSeconds(30), clock);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(31), clock);
        var tick = periodic.WaitForNextTickAsync();
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await tick.AsTask().WaitAsync(Eventually.Patience));
        Assert.False(patience.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(patience.IsCancellationRequested);
    }

    [Fact]
    public void A_timer_that_was_disposed_or_set_to_never_does_not_fire()
    {
        var clock = new ManualClock();
        var fired = 0;
        var disposed = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        using var stopped = clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, fired);
    }
}
