using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Feed;

/// <summary>Trims the feed: changes older than they are kept go, in parts. Any number of replicas may do it at once.</summary>
internal sealed partial class Retention(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, IOptions<FeedSettings> settings, TimeProvider time, ILogger<Retention> logger) : BackgroundService
{
    private const int Part = 5_000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // Positions are dense. The company's row is locked last, as everywhere. What is not in the sums yet stays.
    private const string Trim = """
        with part as (
            select coalesce(min(f.pos) filter (where f.at >= $2), max(f.pos) + 1) - 1 as upto from feed f
            where f.company_id = $1 and f.pos > (select trimmed from company_feed where company_id = $1) and f.pos <= (select trimmed from company_feed where company_id = $1) + $3
                and f.pos <= (select s.pos from sum_position s where s.company_id = $1)),
        gone as (delete from feed f using part where f.company_id = $1 and f.pos <= part.upto returning f.pos)
        select max(pos), count(*) from gone
        """;

    private const string Note = "update company_feed set trimmed = greatest(trimmed, $2) where company_id = $1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Trims what is old enough now.</summary>
    public async Task SweepAsync(CancellationToken stop)
    {
        var keptSince = time.GetUtcNow() - TimeSpan.FromDays(settings.Value.KeepDays);
        foreach (var company in await CompaniesAsync(keptSince, stop))
            while (await TrimAsync(company, keptSince, stop) == Part)
                continue;
    }

    private async Task<List<Guid>> CompaniesAsync(DateTimeOffset keptSince, CancellationToken stop)
    {
        var companies = new List<Guid>();
        await using var command = auth.CreateCommand("select company_id from companies_to_trim($1)");
        command.Parameters.Add(new() { Value = keptSince });
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            companies.Add(reader.GetGuid(0));
        return companies;
    }

    private async Task<long> TrimAsync(Guid company, DateTimeOffset keptSince, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add(Trim, company, keptSince, Part);
        long upto, count;
        await using (var reader = await batch.ReadAsync(stop))
        {
            await reader.ReadAsync(stop);
            (upto, count) = (reader.IsDBNull(0) ? 0 : reader.GetInt64(0), reader.GetInt64(1));
        }

        if (count == 0)
            return 0;
        await using var last = CompanyBatch.For(connection, company, transaction);
        last.Add(Note, company, upto);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        return count;
    }

    [LoggerMessage(LogLevel.Warning, "The feed could not be trimmed; it is tried again in an hour.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);
}
