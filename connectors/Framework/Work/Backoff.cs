namespace OrderSync.Framework.Work;

/// <summary>How long to wait after a number of tries: doubling, with jitter, so that many waiters do not come back at once.</summary>
internal static class Backoff
{
    /// <summary>A document's wait: one second to fifteen minutes.</summary>
    public static TimeSpan After(int tries) => After(tries, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));

    /// <summary>Between half of the doubled first wait and all of it, at least <paramref name="first"/> and at most <paramref name="longest"/>.</summary>
    public static TimeSpan After(int tries, TimeSpan first, TimeSpan longest)
    {
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Clamp(tries - 1, 0, 40)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(first.TotalMilliseconds, full * (0.5 + Random.Shared.NextDouble() / 2)));
    }
}
