namespace OrderSync.Gateway.Office.Flow;

/// <summary>
/// How many came in each minute, by name. What is older than a minute no longer changes, or hardly: it is counted once and remembered for some minutes, so that
/// whoever watches a million arrive has only the last minute counted again.
/// </summary>
internal sealed class MinuteCounts
{
    /// <summary>A transaction ends within half of it.</summary>
    public static readonly TimeSpan Open = TimeSpan.FromMinutes(1);

    /// <summary>Then all is counted anew: a record that was judged again has moved to the minute it came again in.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Dictionary<long, long>> settled;
    private readonly Dictionary<string, Dictionary<long, long>> open;
    private readonly DateTimeOffset made;

    /// <param name="from">From when on it counts.</param>
    /// <param name="now">When it is made.</param>
    public MinuteCounts(DateTimeOffset from, DateTimeOffset now) : this(from, from, now, [], [])
    {
    }

    private MinuteCounts(DateTimeOffset from, DateTimeOffset until, DateTimeOffset made, Dictionary<string, Dictionary<long, long>> settled, Dictionary<string, Dictionary<long, long>> open) =>
        (From, Until, this.made, this.settled, this.open) = (from, until, made, settled, open);

    public DateTimeOffset From { get; }

    /// <summary>Up to here nothing has to be counted again.</summary>
    public DateTimeOffset Until { get; }

    public bool Serves(DateTimeOffset from, DateTimeOffset now) => from >= From && now - made < Kept;

    /// <summary>With what was counted from <see cref="Until"/> on; what is open is counted again next time, from <paramref name="border"/> on.</summary>
    public MinuteCounts With(DateTimeOffset border, IEnumerable<(string Name, long Minute, bool IsOpen, long Count)> counted)
    {
        // Several may watch at once: each goes on from what is there, and changes nothing of it.
        var old = settled.ToDictionary(one => one.Key, one => new Dictionary<long, long>(one.Value), StringComparer.Ordinal);
        var young = new Dictionary<string, Dictionary<long, long>>(StringComparer.Ordinal);
        foreach (var (name, minute, isOpen, count) in counted)
        {
            var all = isOpen ? young : old;
            var minutes = all.TryGetValue(name, out var known) ? known : all[name] = [];
            minutes[minute] = minutes.GetValueOrDefault(minute) + count;
        }

        return new(From, border, made, old, young);
    }

    /// <summary>In the last sixty seconds.</summary>
    public long LastMinute(string name) => open.TryGetValue(name, out var minutes) ? minutes.Values.Sum() : 0;

    /// <summary>Since a minute.</summary>
    public long Since(string name, long minute) => Of(name).Where(one => one.Key >= minute).Sum(one => one.Value);

    /// <summary>Each of <paramref name="count"/> minutes from one on.</summary>
    public long[] Each(string name, long minute, int count)
    {
        var each = new long[count];
        foreach (var (at, n) in Of(name))
            if (at >= minute && at < minute + count)
                each[at - minute] += n;
        return each;
    }

    /// <summary>The minute of a time, since 1970.</summary>
    public static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    private IEnumerable<KeyValuePair<long, long>> Of(string name) =>
        (settled.TryGetValue(name, out var old) ? old : Enumerable.Empty<KeyValuePair<long, long>>()).Concat(open.TryGetValue(name, out var young) ? young : Enumerable.Empty<KeyValuePair<long, long>>());
}
