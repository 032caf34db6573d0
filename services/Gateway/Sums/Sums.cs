using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sums;

/// <summary>
/// The one reader behind the sums: it follows the feed as a device does and writes what each record comes to, so that a push has no row that all of them want.
/// Any number of replicas may run it; a company is one's at a time.
/// </summary>
internal sealed partial class Sums(
    [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, SumRows rows, SumSignal signal, TimeProvider time, ILogger<Sums> logger) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    // Pushes come faster than sums are asked for: a pause lets one look take many.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var company in await CompaniesAsync(stoppingToken))
                    await FollowAsync(company, stoppingToken);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble);
            }

            await Task.Delay(Pause, time, stoppingToken);
            await signal.WaitAsync(Sweep, time, stoppingToken);
        }
    }

    private async Task<List<Guid>> CompaniesAsync(CancellationToken stop)
    {
        var companies = new List<Guid>();
        await using var command = auth.CreateCommand("select company_id from companies_to_follow()");
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            companies.Add(reader.GetGuid(0));
        return companies;
    }

    // One company's trouble is not the next one's.
    private async Task FollowAsync(Guid company, CancellationToken stop)
    {
        try
        {
            while (await rows.FollowAsync(company, stop))
                continue;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What was accepted could not be summed; it is tried again in a few seconds.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);
}
