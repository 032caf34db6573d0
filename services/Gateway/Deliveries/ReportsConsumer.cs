using MassTransit;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;
using OrderSync.ServiceDefaults.Bus;

namespace OrderSync.Gateway.Deliveries;

/// <summary>
/// Takes what connectors report: a report is applied only if its version is higher than what is held, and answered with what is held. While
/// PostgreSQL is away it waits here, so that no message is used up.
/// </summary>
internal sealed partial class ReportsConsumer(NpgsqlDataSource database, BusSender bus, TimeProvider time, ILogger<ReportsConsumer> logger) : IConsumer<DeliveryReports>
{
    private const int MostText = 4_000;
    private const decimal MostTotal = 1e19m;

    public async Task Consume(ConsumeContext<DeliveryReports> context)
    {
        var message = context.Message;
        var held = await ApplyAsync(message.Reports, context.CancellationToken);
        if (held.Count > 0)
            await bus.SendAsync(Queues.Connector(message.Connector), new ReportsAcknowledged(held), context.CancellationToken);
    }

    private async Task<IReadOnlyList<ReportAcknowledged>> ApplyAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await WriteAsync(reports, stop);
            }
            catch (NpgsqlException trouble) when (trouble.IsTransient)
            {
                LogAway(logger, trouble.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
            }
        }
    }

    private async Task<IReadOnlyList<ReportAcknowledged>> WriteAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = new NpgsqlBatch(connection);
        // The same order in every transaction, so that two of them never dead-lock.
        var companies = reports.OrderBy(report => report.RecordId).ThenBy(report => report.ConnectionId).GroupBy(report => report.CompanyId).OrderBy(group => group.Key).ToList();
        foreach (var company in companies)
            Add(batch, company.Key, [.. company]);

        var held = new List<ReportAcknowledged>();
        await using var reader = await batch.ExecuteReaderAsync(stop);
        foreach (var company in companies)
        {
            await reader.NextResultAsync(stop);
            while (await reader.ReadAsync(stop))
                held.Add(new(company.Key, reader.GetGuid(0), reader.GetGuid(1), reader.GetInt64(2)));
            await reader.NextResultAsync(stop);
        }

        return held;
    }

    // What a destination said is shown, not interpreted: one odd text must not send its neighbours back to the queue.
    private static string? Text(string? said) => said is null ? null : Texts.Fit(said, MostText);

    private static void Add(NpgsqlBatch batch, Guid company, DeliveryReport[] reports)
    {
        object[] keys =
        [
            company, reports.Select(r => r.ConnectionId).ToArray(), reports.Select(r => r.RecordId).ToArray(), reports.Select(r => r.Revision).ToArray(),
            reports.Select(r => r.Version).ToArray(), reports.Select(r => r.State.ToString()).ToArray(), reports.Select(r => Text(r.ExternalId)).ToArray(),
            reports.Select(r => Text(r.ExternalNumber)).ToArray(), reports.Select(r => Math.Abs(r.ExternalTotal ?? 0) < MostTotal ? r.ExternalTotal : null).ToArray(),
            reports.Select(r => Text(r.Code)).ToArray(), reports.Select(r => Text(r.Reason)).ToArray(), reports.Select(r => Text(r.Fix)).ToArray(), reports.Select(r => r.Attempts).ToArray(), reports.Select(r => r.At.ToUniversalTime()).ToArray(),
        ];
        const string Rows = """
            unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::text[], $11::text[], $12::text[], $13::int[], $14::timestamptz[])
                as r (connection_id, record_id, rev, version, state, external_id, external_number, external_total, code, reason, fix, attempts, at)
            """;
        batch.Add("select set_config('app.company', $1, true)", company.ToString());
        batch.Add($"""
            update delivery d set report_version = r.version, state = lower(left(r.state, 1)) || substr(r.state, 2), external_id = r.external_id,
                external_number = r.external_number, external_total = r.external_total, code = r.code, reason = r.reason, fix = r.fix, attempts = r.attempts, updated_at = r.at
            from {Rows}
            where d.company_id = $1 and d.record_id = r.record_id and d.connection_id = r.connection_id and d.rev = r.rev and d.report_version < r.version
            """, keys);
        batch.Add($"""
            insert into delivery_event (company_id, record_id, connection_id, rev, report_version, at, state, code, reason, attempts)
            select $1, r.record_id, r.connection_id, r.rev, r.version, r.at, lower(left(r.state, 1)) || substr(r.state, 2), r.code, r.reason, r.attempts
            from {Rows}
            join delivery d on d.company_id = $1 and d.record_id = r.record_id and d.connection_id = r.connection_id and d.rev = r.rev
            on conflict do nothing
            """, keys);
        batch.Add("""
            delete from outbox o using unnest($2::uuid[], $3::uuid[], $4::bigint[]) as r (connection_id, record_id, known)
            where o.company_id = $1 and o.connection_id = r.connection_id and o.record_id = r.record_id and o.version <= r.known
            """, company, keys[1], keys[2], reports.Select(r => r.KnownVersion).ToArray());
        batch.Add("""
            select d.connection_id, d.record_id, d.report_version from unnest($2::uuid[], $3::uuid[], $4::int[]) as r (connection_id, record_id, rev)
            join delivery d on d.company_id = $1 and d.record_id = r.record_id and d.connection_id = r.connection_id and d.rev = r.rev
            """, company, keys[1], keys[2], keys[3]);
    }

    [LoggerMessage(LogLevel.Warning, "Reports wait for PostgreSQL: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
