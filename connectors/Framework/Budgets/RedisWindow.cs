using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OrderSync.Framework.Budgets;

/// <summary>
/// The window that replicas share in Redis. A call to it has 50 ms; three failures in a row leave it alone for ten seconds. Nothing is lost
/// with it: <see cref="MinuteWindow"/> goes on without.
/// </summary>
internal sealed partial class RedisWindow(IConfiguration configuration, TimeProvider time, ILogger<RedisWindow> log) : IAsyncDisposable
{
    /// <summary>Failures in a row after which Redis is left alone.</summary>
    private const int Failures = 3;

    private static readonly TimeSpan LeftAlone = TimeSpan.FromSeconds(10);

    // The time is the caller's, as everywhere: one clock decides, and it can be a virtual one.
    private const string Take = """
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
        local used = redis.call('ZCARD', KEYS[1])
        if used < tonumber(ARGV[3]) then
            redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return 0
        end
        local leaving = redis.call('ZRANGE', KEYS[1], used - ARGV[3], used - ARGV[3], 'WITHSCORES')
        return leaving[2] + ARGV[2] - ARGV[1]
        """;

    private readonly string? address = configuration.GetConnectionString("redis");
    private readonly string self = Guid.NewGuid().ToString("N");
    private readonly Lock gate = new();
    private Task<ConnectionMultiplexer>? connecting;
    private DateTimeOffset leftAloneUntil;
    private DateTimeOffset lastTrouble = DateTimeOffset.MaxValue;
    private int failures;
    private long numbers;

    /// <summary>Longest wait for an answer.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether it is worth asking now.</summary>
    public bool Usable => connecting is { IsCompletedSuccessfully: true, Result.IsConnected: true } && time.GetUtcNow() >= leftAloneUntil;

    /// <summary>Whether it has answered without trouble for a whole window, so that what it counts is complete.</summary>
    public bool Steady => Usable && lastTrouble < DateTimeOffset.MaxValue && time.GetUtcNow() >= lastTrouble + LocalWindow.Length;

    /// <summary>Begins to connect, once; nobody waits for it.</summary>
    public void Open()
    {
        if (address is null || connecting is not null)
            return;
        lock (gate)
            connecting ??= ConnectAsync(address);
    }

    /// <summary>Zero when the call may go, else how long until a place is free; null when Redis did not answer.</summary>
    public Task<TimeSpan?> TakeAsync(string key, int most, CancellationToken stop) => AskAsync<TimeSpan?>(async redis =>
    {
        RedisValue[] values =
        [
            time.GetUtcNow().ToUnixTimeMilliseconds(), (long)LocalWindow.Length.TotalMilliseconds, most,
            string.Create(CultureInfo.InvariantCulture, $"{self}{Interlocked.Increment(ref numbers)}"),
        ];
        return TimeSpan.FromMilliseconds((long)await redis.ScriptEvaluateAsync(Take, [key], values));
    }, stop);

    /// <summary>Calls in the window; null when Redis did not answer.</summary>
    public Task<long?> UsedAsync(string key, CancellationToken stop) => AskAsync<long?>(
        async redis => await redis.SortedSetLengthAsync(key, (time.GetUtcNow() - LocalWindow.Length).ToUnixTimeMilliseconds() + 1), stop);

    public async ValueTask DisposeAsync()
    {
        if (connecting is { IsCompletedSuccessfully: true } open)
            (await open).Dispose();
    }

    private async Task<T?> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken stop)
    {
        try
        {
            var answer = await ask((await connecting!).GetDatabase()).WaitAsync(Patience, stop);
            failures = 0;
            return answer;
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException or ObjectDisposedException)
        {
            lastTrouble = time.GetUtcNow();
            if (Interlocked.Increment(ref failures) >= Failures)
            {
                failures = 0;
                leftAloneUntil = time.GetUtcNow() + LeftAlone;
                LogAway(log, trouble.Message);
            }

            return default;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(string to)
    {
        var options = ConfigurationOptions.Parse(to);
        options.AbortOnConnectFail = false;
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        // Whoever was away may come back empty.
        redis.ConnectionFailed += (_, _) => lastTrouble = time.GetUtcNow();
        redis.ConnectionRestored += (_, _) => lastTrouble = time.GetUtcNow();
        lastTrouble = time.GetUtcNow();
        return redis;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is left alone for ten seconds; each replica keeps to its part of the limits: {Reason}")]
    private static partial void LogAway(ILogger log, string reason);
}
