using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Balances;

/// <summary>
/// Sums what customers owe, the one writer of balances: a push only adds rows, so that no two of them wait for the same customer. An entry is taken
/// and counted in one transaction, so that it counts once whoever dies.
/// </summary>
internal sealed partial class Balances(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, TimeProvider time, ILogger<Balances> logger) : BackgroundService
{
    private const int AtOnce = 1_000;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                foreach (var company in await CompaniesAsync(stoppingToken))
                    more |= await SumAsync(company, stoppingToken) == AtOnce;
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble);
                more = false;
            }

            if (!more)
                await Task.Delay(Idle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<Guid>> CompaniesAsync(CancellationToken stop)
    {
        var companies = new List<Guid>();
        await using var command = auth.CreateCommand("select company_id from companies_to_sum()");
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            companies.Add(reader.GetGuid(0));
        return companies;
    }

    private async Task<int> SumAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("""
            with taken as (
                update customer_entry e set summed = true
                from (select record_id, line from customer_entry where company_id = $1 and not summed order by record_id, line limit $2 for update skip locked) t
                where e.company_id = $1 and e.record_id = t.record_id and e.line = t.line
                returning e.customer_id, e.currency, e.amount),
            counted as (
                insert into customer_balance (company_id, customer_id, currency, amount, updated_at)
                select $1, customer_id, currency, sum(amount), $3 from taken group by customer_id, currency order by customer_id, currency
                on conflict (company_id, customer_id, currency) do update set amount = customer_balance.amount + excluded.amount, updated_at = excluded.updated_at)
            select count(*)::int from taken
            """, company, AtOnce, time.GetUtcNow());
        await using var reader = await batch.ReadAsync(stop);
        await reader.ReadAsync(stop);
        return reader.GetInt32(0);
    }

    [LoggerMessage(LogLevel.Warning, "What customers owe could not be summed; it is soon.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);
}
