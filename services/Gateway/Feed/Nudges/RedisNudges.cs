using System.Collections.Concurrent;
using OrderSync.Gateway.Relay;
using StackExchange.Redis;

namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>
/// Tells the other replicas by Redis that a company has committed something, at most every 50 ms, by a message without data. Nobody waits for it, and
/// nothing is lost with it: while it is away each replica polls more often.
/// </summary>
internal sealed partial class RedisNudges(IConfiguration configuration, Audiences audiences, TimeProvider time, ILogger<RedisNudges> logger) : BackgroundService
{
    private const string Suffix = ":feed";
    private const int GuidLength = 36;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private readonly string? address = configuration.GetConnectionString("redis");
    private readonly ConcurrentDictionary<Guid, bool> untold = new();
    private readonly Signal wanted = new();
    private ConnectionMultiplexer? redis;

    /// <summary>Whether it tells of commits now.</summary>
    public bool IsThere => redis is { IsConnected: true };

    /// <summary>Soon, the others are told.</summary>
    public void Tell(Guid company)
    {
        if (!IsThere)
            return;
        untold[company] = true;
        wanted.Wake();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (string.IsNullOrEmpty(address))
            return;
        await Task.Yield();
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false;
        using var connected = await ConnectionMultiplexer.ConnectAsync(options);
        // What was said while it was away, nobody has heard.
        connected.ConnectionRestored += (_, _) => audiences.WantAll();
        connected.ConnectionFailed += (_, _) => LogAway(logger);
        await connected.GetSubscriber().SubscribeAsync(new RedisChannel($"*{Suffix}", RedisChannel.PatternMode.Pattern), (channel, _) => Hear(channel));
        redis = connected;
        while (true)
        {
            await wanted.WaitAsync(Timeout.InfiniteTimeSpan, time, stoppingToken);
            await TellAsync(connected.GetSubscriber());
            await Task.Delay(Between, time, stoppingToken);
        }
    }

    // A replica hears itself too: it has looked already, and finds nothing new.
    private void Hear(string? channel)
    {
        if (channel is { Length: > GuidLength } && Guid.TryParse(channel.AsSpan(0, GuidLength), out var company))
            audiences.Want(company);
    }

    private async Task TellAsync(ISubscriber all)
    {
        try
        {
            foreach (var company in untold.Keys)
            {
                untold.TryRemove(company, out _);
                await all.PublishAsync(new RedisChannel($"{company}{Suffix}", RedisChannel.PatternMode.Literal), RedisValue.EmptyString, CommandFlags.FireAndForget);
            }
        }
        catch (Exception away) when (away is RedisException or TimeoutException)
        {
            LogAway(logger);
        }
    }

    [LoggerMessage(LogLevel.Information, "Redis is away: other replicas find by their poll what was committed here.")]
    private static partial void LogAway(ILogger logger);
}
