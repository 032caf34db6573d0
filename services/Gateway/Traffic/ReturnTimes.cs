using System.Collections.Concurrent;

namespace OrderSync.Gateway.Traffic;

/// <summary>
/// When whoever is refused may come again. Each is told a later time, as many a second as there will be room for: a thousand devices that were told "in a
/// second" would all be there in a second, and all but a few in vain.
/// </summary>
internal sealed class ReturnTimes(int perSecond, TimeProvider time)
{
    private const int MostRemembered = 20_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly TimeSpan apart = TimeSpan.FromSeconds(1.0 / perSecond);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> last = new();

    /// <summary>How long to wait. Beyond a minute's worth anything up to that: who comes again and again meanwhile makes nobody wait for hours.</summary>
    public TimeSpan Next(Guid who)
    {
        if (last.Count >= MostRemembered)
            last.Clear();
        var now = time.GetUtcNow();
        var mine = last.AddOrUpdate(who, now + apart, (_, before) => Later(before, now) + apart) - now;
        return mine <= Longest ? mine : Longest * (1 + Random.Shared.NextDouble()) / 2;
    }

    private static DateTimeOffset Later(DateTimeOffset before, DateTimeOffset now) => before < now ? now : before - now > Longest ? now + Longest : before;
}
