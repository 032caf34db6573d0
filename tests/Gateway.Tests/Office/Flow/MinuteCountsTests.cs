using OrderSync.Gateway.Office.Flow;

namespace OrderSync.Gateway.Tests.Office.Flow;

/// <summary>What is remembered of each minute, and what is counted again.</summary>
public sealed class MinuteCountsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 30, TimeSpan.Zero);
    private static readonly long Minute = MinuteCounts.MinuteOf(Now);

    [Fact]
    public void What_is_settled_is_counted_once_and_what_is_open_each_time()
    {
        var first = new MinuteCounts(Now.AddHours(-1), Now).With(Now.AddMinutes(-1), [("order", Minute - 30, false, 5), ("order", Minute - 1, false, 2), ("order", Minute - 1, true, 3), ("order", Minute, true, 4)]);
        var second = first.With(Now.AddMinutes(1), [("order", Minute - 1, false, 3), ("order", Minute, false, 6), ("order", Minute + 1, true, 1)]);

        Assert.Equal((7L, 14L), (first.LastMinute("order"), first.Since("order", Minute - 59)));
        Assert.Equal((1L, 17L), (second.LastMinute("order"), second.Since("order", Minute - 59)));
        Assert.Equal([5, 6, 1], [second.Each("order", Minute - 30, 60)[0], second.Each("order", Minute - 30, 60)[30], second.Each("order", Minute - 30, 60)[31]]);
        Assert.Equal((Now.AddMinutes(1), 14L), (second.Until, first.Since("order", Minute - 59)));
    }

    [Fact]
    public void It_serves_what_begins_later_than_it_and_is_forgotten_after_some_minutes()
    {
        var counts = new MinuteCounts(Now.AddHours(-1), Now);

        Assert.True(counts.Serves(Now.AddMinutes(-59), Now.AddMinutes(9)));
        Assert.False(counts.Serves(Now.AddMinutes(-61), Now));
        Assert.False(counts.Serves(Now, Now + MinuteCounts.Kept));
        Assert.Equal(0, counts.Since("quote", 0));
    }
}
