using Npgsql;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>
/// Releases records that waited for a customer which has come, captured or added by the office. Looked at after each push that could release one, and by a sweep: two pushes
/// that commit at once would else leave an order waiting for ever beside its stored customer.
/// </summary>
internal sealed partial class Releases(
    NpgsqlDataSource database, [FromKeyedServices(GatewaySchema.AuthRole)] NpgsqlDataSource auth, Rules rules, RelaySignal relay, TimeProvider time, ILogger<Releases> logger)
    : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);
    private readonly Signal signal = new();

    public void Wake() => signal.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var company in await CompaniesAsync(stoppingToken))
                    await ReleaseAllAsync(company, stoppingToken);
            }
            catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
            {
                LogTrouble(logger, trouble);
            }

            await signal.WaitAsync(Sweep, time, stoppingToken);
        }
    }

    private async Task<List<Guid>> CompaniesAsync(CancellationToken stop)
    {
        var companies = new List<Guid>();
        await using var command = auth.CreateCommand("select company_id from companies_to_release()");
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            companies.Add(reader.GetGuid(0));
        return companies;
    }

    // One company's trouble is not the next one's.
    private async Task ReleaseAllAsync(Guid company, CancellationToken stop)
    {
        try
        {
            while (await ReleaseAsync(company, stop) == PushLimits.Chunk)
                relay.Wake();
        }
        catch (Exception trouble) when (trouble is NpgsqlException or TimeoutException)
        {
            LogTrouble(logger, trouble);
        }
    }

    private async Task<int> ReleaseAsync(Guid company, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var released = new List<(Guid Id, int Rev, string Kind, Guid Branch)>();
        await using (var claim = CompanyBatch.ForRecords(connection, company, transaction))
        {
            claim.Add("""
                update record r set state = 'accepted', customer_id = free.customer_id, code = null, field = null, params = null
                from (select w.record_id, found.customer_id from record w
                    join rep p on p.company_id = w.company_id and p.rep_id = w.rep_id and not p.disabled
                    cross join lateral (select c.customer_id from customer c
                        where (c.company_id = w.company_id and w.state = 'waiting' and c.customer_id = w.customer_id)
                            or (c.company_id = w.company_id and w.state = 'held' and c.number = w.params ->> 'number')
                            or (c.company_id = w.company_id and w.state = 'held' and c.code = w.params ->> 'code')
                        order by c.number is not distinct from w.params ->> 'number' desc limit 1) found
                    where w.company_id = $1 and (w.state = 'waiting' or (w.state = 'held' and w.code = 'customer.codeUnknown'))
                    order by w.record_id limit $2 for update of w skip locked) free
                where r.company_id = $1 and r.record_id = free.record_id
                returning r.record_id, r.rev, r.kind, r.branch_id
                """, company, PushLimits.Chunk);
            await using var reader = await claim.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
                released.Add((reader.GetGuid(0), reader.GetInt32(1), reader.GetString(2), reader.GetGuid(3)));
        }

        if (released.Count == 0)
            return 0;

        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        RecordRows.AddDeliveries(batch, company, time.GetUtcNow(), [.. released.Select(r => (r.Id, r.Rev, r.Kind))]);
        RecordRows.AddLast(batch, company, [.. released.Select(r => r.Id)], [.. released.Where(r => rules.Numbered(r.Kind)).Select(r => (r.Id, r.Branch, r.Kind))]);
        batch.Add("commit");
        await RecordRows.ReadNumbersAsync(batch, stop);
        LogReleased(logger, released.Count);
        relay.Wake();
        return released.Count;
    }

    [LoggerMessage(LogLevel.Information, "{Count} waiting records go on: what they waited for has come.")]
    private static partial void LogReleased(ILogger logger, int count);

    [LoggerMessage(LogLevel.Warning, "Waiting records could not be looked at; the next sweep does.")]
    private static partial void LogTrouble(ILogger logger, Exception trouble);
}
