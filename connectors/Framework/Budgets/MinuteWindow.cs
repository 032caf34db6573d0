using System.Collections.Concurrent;

namespace OrderSync.Framework.Budgets;

/// <summary>
/// Calls of an account in any sixty seconds, over all replicas. Redis counts them; while it is away, and until it has been there for a minute
/// again, each replica keeps to its part of the limit, so that an emptied Redis gives nobody a second minute.
/// </summary>
internal sealed class MinuteWindow(RedisWindow redis, ReplicaCount replicas, ConnectorInfo info, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid Company, string Account), LocalWindow> own = new();

    /// <summary>Null when the call may go; else how long until a place is free.</summary>
    public async Task<TimeSpan?> TakeAsync(Guid company, string account, int most, CancellationToken stop)
    {
        if (most <= 0)
            return LocalWindow.Length;
        var local = own.GetOrAdd((company, account), _ => new LocalWindow());
        redis.Open();
        if (local.Take(time.GetUtcNow(), redis.Steady ? most : await PartAsync(most, stop)) is { } full)
            return full;
        if (!redis.Usable)
            return null;
        if (await redis.TakeAsync(Key(company, account), most, stop) is not { } answer)
        {
            local.GiveBack();
            return local.Take(time.GetUtcNow(), await PartAsync(most, stop));
        }

        if (answer == TimeSpan.Zero)
            return null;
        local.GiveBack();
        return answer;
    }

    /// <summary>Calls of the last sixty seconds, of all replicas where Redis answers.</summary>
    public async Task<long> UsedAsync(Guid company, string account, CancellationToken stop)
    {
        var local = own.TryGetValue((company, account), out var window) ? window.Used(time.GetUtcNow()) : 0;
        redis.Open();
        return redis.Usable && await redis.UsedAsync(Key(company, account), stop) is { } shared ? Math.Max(shared, local) : local;
    }

    private async Task<int> PartAsync(int most, CancellationToken stop) => Math.Max(1, most / await replicas.SeenAsync(stop));

    private string Key(Guid company, string account) => $"{company:D}:{info.Name}:minute:{account}";
}
