using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>
/// Tells devices that listen when there is something for them. Every hint, from this process, from another by Redis, or from the poll, only leads to a
/// look at the feed's position: so nothing is lost with a hint, it is told later.
/// </summary>
internal sealed partial class Nudges(
    Audiences audiences, RedisNudges redis, NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, IOptions<NudgeSettings> settings, TimeProvider time,
    ILogger<Nudges> logger) : BackgroundService
{
    private const int LooksAtOnce = 4;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(LookAsync(stoppingToken), PollAsync(stoppingToken), SweepAsync(stoppingToken));

    private async Task LookAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (due, next) = audiences.TakeDue(time.GetUtcNow());
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = stop }, async (audience, end) => await LookAfterAsync(audience, end));
            if (due.Count == 0)
                await audiences.Wanted.WaitAsync(next is { } at ? Positive(at - time.GetUtcNow()) : Idle, time, stop);
        }
    }

    private async Task LookAfterAsync(Audience audience, CancellationToken stop)
    {
        var (now, listeners) = (time.GetUtcNow(), audiences.Of(audience));
        var all = now - audience.StandingAt >= TimeSpan.FromSeconds(settings.Value.StandingSeconds);
        var asked = (all ? listeners : listeners.Where(listener => listener.Keys is null)).ToHashSet();
        try
        {
            if (await FeedNews.ReadAsync(database, audience.Company, audience.Told?.Position ?? long.MaxValue, [.. asked.Select(listener => listener.Device.DeviceId)], stop) is not { } news)
                return;
            var anew = audience.Told is not { } told || told.Epoch != news.Epoch || told.Position > news.Head;
            var woken = listeners.Where(listener => Wakes(listener, news, anew, asked.Contains(listener))).ToList();
            Tell(woken, now);
            (audience.Told, audience.NotBefore) = ((news.Epoch, news.Head), now + Between);
            if (all)
                audience.StandingAt = now;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble.Message);
            audience.NotBefore = now + AfterTrouble;
            audiences.Want(audience.Company);
        }
    }

    // A device that has just begun to listen is told once: whatever was committed since its last pull, it fetches then.
    private static bool Wakes(Listener listener, FeedNews news, bool anew, bool wasAsked)
    {
        var before = listener.Keys;
        if (wasAsked)
        {
            listener.Keys = news.Keys.GetValueOrDefault(listener.Device.DeviceId);
            if (listener.Keys is null)
            {
                listener.End("revoked");
                return false;
            }
        }

        return anew || before is null || news.Concerns(listener.Keys!) || (wasAsked && !before.SequenceEqual(listener.Keys!));
    }

    /// <summary>Whoever has been asked to come already, and has time for it still, is told only afterwards.</summary>
    private void Tell(List<Listener> woken, DateTimeOffset now)
    {
        foreach (var listener in woken)
            listener.Owed = true;
        var ready = woken.Where(listener => listener.QuietUntil <= now).ToList();
        var within = ready.Count / settings.Value.PullsPerSecond;
        foreach (var listener in ready)
        {
            (listener.Owed, listener.QuietUntil) = (false, now + TimeSpan.FromSeconds(within));
            listener.Pull(within);
        }
    }

    private async Task PollAsync(CancellationToken stop)
    {
        var (often, seldom) = (TimeSpan.FromSeconds(settings.Value.PollSeconds), TimeSpan.FromSeconds(settings.Value.PollSecondsWithRedis));
        using var timer = new PeriodicTimer(often < seldom ? often : seldom, time);
        for (var last = time.GetUtcNow(); await timer.WaitForNextTickAsync(stop);)
        {
            if (time.GetUtcNow() - last < (redis.IsThere ? seldom : often) - Sweep / 100 || audiences.Count == 0)
                continue;
            last = time.GetUtcNow();
            try
            {
                await PollOnceAsync(stop);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble.Message);
            }
        }
    }

    private async Task PollOnceAsync(CancellationToken stop)
    {
        var all = audiences.All().ToDictionary(audience => audience.Company);
        await using var command = auth.CreateCommand("select company_id, epoch, pos from feed_heads($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = all.Keys.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            if (all[reader.GetGuid(0)].Told != (reader.GetGuid(1), reader.GetInt64(2)))
                audiences.Want(reader.GetGuid(0));
        }
    }

    // Beats, ends and what was put off need no clock of their own for each device.
    private async Task SweepAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Sweep, time);
        for (var beaten = time.GetUtcNow(); await timer.WaitForNextTickAsync(stop);)
        {
            var now = time.GetUtcNow();
            var beats = now - beaten >= Heartbeat;
            beaten = beats ? now : beaten;
            foreach (var audience in audiences.All())
            {
                var listeners = audiences.Of(audience);
                foreach (var listener in listeners)
                {
                    if (listener.EndsAt <= now)
                        listener.End("expired");
                    else if (beats)
                        listener.Beat();
                }

                Tell([.. listeners.Where(listener => listener.Owed)], now);
                if (now - audience.StandingAt >= TimeSpan.FromSeconds(settings.Value.StandingSeconds))
                    audiences.Want(audience.Company);
            }
        }
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(1);

    [LoggerMessage(LogLevel.Warning, "Devices that listen are told later: {Reason}")]
    private static partial void LogTrouble(ILogger logger, string reason);
}
