using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Work;

/// <summary>
/// Wakes those who wait for work: at once in this process, and in the other replicas by a NOTIFY without data, at most every 50 ms. Only a
/// shortcut: everybody also looks by himself every few seconds.
/// </summary>
internal sealed partial class Signals(LedgerDatabase database, ConnectorInfo info, ILogger<Signals> log) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private readonly Pulse others = new();

    /// <summary>A document may be due.</summary>
    public Pulse Work { get; } = new();

    /// <summary>A report may be due.</summary>
    public Pulse Reports { get; } = new();

    /// <summary>Something may be due to be brought back.</summary>
    public Pulse Pulls { get; } = new();

    /// <summary>Rows brought back may be due to be told.</summary>
    public Pulse Rows { get; } = new();

    /// <summary>Says, after a commit, that there may be work or reports.</summary>
    public void Raise()
    {
        Work.Set();
        Reports.Set();
        others.Set();
    }

    /// <summary>Says, after a commit, that something is to be brought back, or told; in this process only, the others look by themselves.</summary>
    public void RaisePulls()
    {
        Pulls.Set();
        Rows.Set();
    }

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
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogAway(log, trouble.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using var connection = await database.Worker.OpenConnectionAsync(stop);
        connection.Notification += (_, _) =>
        {
            Work.Set();
            Reports.Set();
        };
        await using var listen = new NpgsqlCommand($"listen {info.Name}_work", connection);
        await listen.ExecuteNonQueryAsync(stop);
        while (true)
            await connection.WaitAsync(stop);
    }

    private async Task TellOthersAsync(CancellationToken stop)
    {
        while (true)
        {
            await others.WaitAsync(stop);
            await using (var notify = database.Worker.CreateCommand($"notify {info.Name}_work"))
                await notify.ExecuteNonQueryAsync(stop);
            await Task.Delay(Between, stop);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Signals between replicas rest until PostgreSQL answers: {Reason}")]
    private static partial void LogAway(ILogger log, string reason);
}
