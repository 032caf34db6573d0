using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Relay;

/// <summary>
/// Tells the relays of the other replicas, by a NOTIFY without data and at most every 50 ms, that more waits than one relay sends at once. On a connection of
/// its own: a push never notifies. Only a shortcut: each relay also looks by itself.
/// </summary>
internal sealed partial class RelayNotices(
    [FromKeyedServices(GatewaySchema.RelayRole)] NpgsqlDataSource database, RelaySignal relay, TimeProvider time, ILogger<RelayNotices> logger) : BackgroundService
{
    private const string Channel = "gateway_relay";
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);
    private readonly Signal wanted = new();

    /// <summary>Soon, the others are told.</summary>
    public void Tell() => wanted.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await Task.WhenAll(KeepAsync(ListenAsync, stoppingToken), KeepAsync(TellOthersAsync, stoppingToken));

    private async Task KeepAsync(Func<CancellationToken, Task> run, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await run(stop);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException && !stop.IsCancellationRequested)
            {
                LogAway(logger, trouble.Message);
                await Task.Delay(AfterTrouble, time, stop);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        // The replica that tells hears itself too: it is awake anyway.
        connection.Notification += (_, _) => relay.Wake();
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(stop);
        while (true)
            await connection.WaitAsync(stop);
    }

    private async Task TellOthersAsync(CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        while (true)
        {
            await wanted.WaitAsync(Timeout.InfiniteTimeSpan, time, stop);
            await using (var notify = new NpgsqlCommand($"notify {Channel}", connection))
                await notify.ExecuteNonQueryAsync(stop);
            await Task.Delay(Between, time, stop);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The relays of other replicas are not told for now; each looks by itself: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
