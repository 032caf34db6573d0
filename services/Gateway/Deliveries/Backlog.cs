using System.Diagnostics.Metrics;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Deliveries;

/// <summary>Measures what waits in the outbox and since when, for each connection, and how many parked messages wait for a person. Every replica reports the same figures, so that any of them may be missing.</summary>
internal sealed partial class Backlog([FromKeyedServices(GatewaySchema.OpsRole)] NpgsqlDataSource outbox, TimeProvider time, ILogger<Backlog> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private volatile IReadOnlyList<(string Connector, Guid Connection, long Count, DateTimeOffset Since)> seen = [];
    private long parked;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        GatewayMeter.Backlog(
            () => seen.Select(row => new Measurement<long>(row.Count, new("connector", row.Connector), new("connection", row.Connection.ToString()))),
            () => seen.Select(row => new Measurement<double>(Math.Max(0, (time.GetUtcNow() - row.Since).TotalSeconds), new("connector", row.Connector), new("connection", row.Connection.ToString()))));
        GatewayMeter.Parked(() => Interlocked.Read(ref parked));
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                seen = await ReadAsync(stoppingToken);
                Interlocked.Exchange(ref parked, await CountParkedAsync(stoppingToken));
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<(string, Guid, long, DateTimeOffset)>> ReadAsync(CancellationToken stop)
    {
        await using var command = outbox.CreateCommand("select connector, connection_id, count(*), min(since) from outbox group by 1, 2");
        var rows = new List<(string, Guid, long, DateTimeOffset)>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add((reader.GetString(0), reader.GetGuid(1), reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3)));
        return rows;
    }

    // Those of no company, too: nobody's list shows them.
    private async Task<long> CountParkedAsync(CancellationToken stop)
    {
        await using var command = outbox.CreateCommand("select count(*) from parked where state = 'parked'");
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    [LoggerMessage(LogLevel.Warning, "The backlog could not be counted: {Reason}")]
    private static partial void LogTrouble(ILogger logger, string reason);
}
