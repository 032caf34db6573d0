using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Gateway.Feed;

/// <summary>
/// Tells each connector of a company that the gateway's epoch has risen, so that it sends again what had been acknowledged, also where nothing else is
/// said to it. Noted once the broker has it: a broker that is away costs time only.
/// </summary>
internal sealed partial class EpochNews(
    [FromKeyedServices(GatewaySchema.RelayRole)] NpgsqlDataSource database, BusSender bus, EpochSignal signal, IOptions<LevelSettings> settings, TimeProvider time, ILogger<EpochNews> logger)
    : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(10);
    private const int MostAtOnce = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var one in await UntoldAsync(stoppingToken))
                    await TryTellAsync(one, stoppingToken);
            }
            catch (Exception trouble) when (IsAway(trouble, stoppingToken))
            {
                LogTrouble(logger, trouble.Message);
            }

            await signal.WaitAsync(Sweep, time, stoppingToken);
        }
    }

    private async Task<List<Untold>> UntoldAsync(CancellationToken stop)
    {
        await using var command = database.CreateCommand("""
            select distinct c.company_id, c.connector, f.level from connection c join company_feed f on f.company_id = c.company_id where c.told_level < f.level limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = MostAtOnce });
        var untold = new List<Untold>();
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            untold.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2)));
        return untold;
    }

    // One connector's trouble is not the next one's.
    private async Task TryTellAsync(Untold one, CancellationToken stop)
    {
        try
        {
            await TellAsync(one, stop);
        }
        catch (Exception trouble) when (IsAway(trouble, stop))
        {
            LogTrouble(logger, trouble.Message);
        }
    }

    private async Task TellAsync(Untold one, CancellationToken stop)
    {
        await bus.SendAsync(Queues.Connector(one.Connector), new GatewayEpoch(one.Company, Math.Max(one.Level, settings.Value.Epoch)), stop);
        await using var command = database.CreateCommand("update connection set told_level = $3 where company_id = $1 and connector = $2 and told_level < $3");
        command.Parameters.Add(new NpgsqlParameter { Value = one.Company });
        command.Parameters.Add(new NpgsqlParameter { Value = one.Connector });
        command.Parameters.Add(new NpgsqlParameter { Value = one.Level });
        await command.ExecuteNonQueryAsync(stop);
    }

    private static bool IsAway(Exception trouble, CancellationToken stop) => !stop.IsCancellationRequested && Relay.Relay.IsAway(trouble);

    [LoggerMessage(LogLevel.Warning, "Connectors could not be told of the new epoch and are told soon: {Reason}")]
    private static partial void LogTrouble(ILogger logger, string reason);

    private sealed record Untold(Guid Company, string Connector, long Level);
}

/// <summary>An epoch has just begun here.</summary>
internal sealed class EpochSignal : Signal;
