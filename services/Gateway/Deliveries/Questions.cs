using Npgsql;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Deliveries;

/// <summary>
/// Asks about deliveries that are not final and have stood still: the wish is sent again under the version it has, and its connector answers with what it
/// knows. First after ten minutes, then each time after as long as it has stood still, at most an hour; a day where a person must act.
/// </summary>
internal sealed partial class Questions(
    [FromKeyedServices(GatewaySchema.RelayRole)] NpgsqlDataSource deliveries, RelaySignal relay, TimeProvider time, ILogger<Questions> logger) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(10);
    private const int MostAtOnce = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Sweep, time);
        do
        {
            try
            {
                if (await AskAsync(stoppingToken) > 0)
                    relay.Wake();
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> AskAsync(CancellationToken stop)
    {
        // They count as repeats, so that questions never crowd out what is new.
        await using var command = deliveries.CreateCommand("""
            insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, tries, since)
            select c.company_id, c.connection_id, d.record_id, d.rev, d.version, c.connector, $1, 1, $1
            from connection c cross join lateral (
                select d.record_id, d.rev, d.version from delivery d
                where d.company_id = c.company_id and d.connection_id = c.connection_id and d.state in ('inProgress', 'waiting', 'attention', 'reconnect')
                    and d.updated_at + least(greatest(d.updated_at - d.moved_at, interval '10 minutes'),
                        case when d.state in ('attention', 'reconnect') then interval '1 day' else interval '1 hour' end) <= $1
                    and not exists (select from outbox o where o.company_id = d.company_id and o.connection_id = d.connection_id and o.record_id = d.record_id)
                limit $2) d
            on conflict do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter { Value = MostAtOnce });
        return await command.ExecuteNonQueryAsync(stop);
    }

    [LoggerMessage(LogLevel.Warning, "Deliveries that stand still could not be asked about; the next sweep does.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);
}
