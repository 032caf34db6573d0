using Npgsql;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Deliveries;

/// <summary>Carries running back-fills on, a page at a time, whichever replica comes first; a page is one transaction, so that any of them may die.</summary>
internal sealed partial class BackfillWork(
    [FromKeyedServices(GatewaySchema.RelayRole)] NpgsqlDataSource running, BackfillPages pages, RelaySignal relay, TimeProvider time, ILogger<BackfillWork> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                foreach (var (company, backfill) in await RunningAsync(stoppingToken))
                    more |= await TryTurnAsync(company, backfill, stoppingToken);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble);
            }

            if (more)
                relay.Wake();
            else
                await Task.Delay(Idle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One back-fill's trouble is not the next one's.
    private async Task<bool> TryTurnAsync(Guid company, Guid backfill, CancellationToken stop)
    {
        try
        {
            return await pages.TurnAsync(company, backfill, stop);
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble);
            return false;
        }
    }

    private async Task<List<(Guid Company, Guid Backfill)>> RunningAsync(CancellationToken stop)
    {
        await using var command = running.CreateCommand("select company_id, backfill_id from backfill where state in ('listing', 'running') order by backfill_id");
        var found = new List<(Guid, Guid)>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            found.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return found;
    }

    [LoggerMessage(LogLevel.Warning, "A back-fill could not go on; it does soon.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);
}
