using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Framework.Storage;

namespace OrderSync.Framework.Reports;

/// <summary>A report that is due.</summary>
internal sealed record DueReport(Guid CompanyId, Guid ConnectionId, Guid RecordId);

/// <summary>Which reports are due, what they say, and which the gateway holds.</summary>
internal sealed class ReportLedger(LedgerDatabase database, IOptions<LevelSettings> levels)
{
    // Sent again 1, 2, 4 … 60 minutes apart until it is acknowledged.
    private const string Claim = """
        update report set due = $1::timestamptz + make_interval(mins => least(60, 1 << least(report.tries, 6))), tries = report.tries + 1
        from (select company_id, connection_id, record_id from report where due <= $1 order by due limit 100 for no key update skip locked) picked
        where report.company_id = picked.company_id and report.connection_id = picked.connection_id and report.record_id = picked.record_id
        returning report.company_id, report.connection_id, report.record_id
        """;

    // Derived when it is sent, from one snapshot, so that it cannot contradict the ledger. Of several documents the worst speaks; a document
    // whose needs are not done waits, and speaks with the words of what it waits for.
    private const string Content = """
        select r.connection_id, r.record_id, r.version, w.version, w.revision, r.changed_at,
            coalesce(d.shown, case when w.waiting then 'unknown' when w.wish = 'stop' then 'stopped' else 'done' end),
            d.external_id, d.external_number, d.external_total, d.code, d.reason, d.fix, coalesce(d.tries, 0), d.payload
        from unnest($1::uuid[], $2::uuid[]) asked (connection_id, record_id)
        join report r on r.connection_id = asked.connection_id and r.record_id = asked.record_id
        join wish w on w.connection_id = r.connection_id and w.record_id = r.record_id
        left join lateral (
            select state.shown, x.external_id, x.external_number, x.external_total, x.tries,
                case when blocked.state = 'stopped' then 'dependency.stopped'
                    when blocked.late and blocked.state is null then 'dependency.missing'
                    when blocked.document is not null then coalesce(blocked.code, 'dependency.waiting')
                    when x.state = 'pending' and a.reconnect then 'connection.reconnect'
                    when x.state = 'pending' and c.held_at is not null then 'connection.paused'
                    when x.state = 'pending' and a.paused_until > $3 then coalesce(x.code, 'account.rests') else x.code end as code,
                case when blocked.state = 'stopped' then 'The ' || blocked.kind || ' ' || blocked.document || ' it needs was stopped.'
                    when blocked.late and blocked.state is null then 'The record ' || blocked.document || ' it needs has not come for 24 hours.'
                    when blocked.late then 'The ' || blocked.kind || ' ' || blocked.document || ' it needs has been refused for 24 hours: ' || coalesce(blocked.reason, '')
                    when blocked.document is not null then coalesce(blocked.reason, 'It waits for its ' || coalesce(blocked.kind, 'record ' || blocked.document) || '.')
                    when x.state = 'pending' and a.reconnect then a.reason
                    when x.state = 'pending' and c.held_at is not null then 'The connection is paused' || coalesce(' by ' || c.held_by, '') || coalesce(': ' || c.held_reason, '') || '.'
                    when x.state = 'pending' and a.paused_until > $3 then coalesce(a.reason, x.reason) else x.reason end as reason,
                case when blocked.state = 'stopped' then 'Reopen what was stopped, or stop this record as well.'
                    when blocked.document is not null then blocked.fix when c.held_at is not null and x.state = 'pending' then 'Resume it in Connections.' else x.fix end as fix,
                case when blocked.late and blocked.state is null then (select payload from content k where k.account = x.account and k.document = x.document) end as payload
            from document x
            join account a on a.account = x.account
            left join connection c on c.connection_id = x.connection_id
            left join lateral (
                select n.needs as document, p.state, p.kind, p.code, p.reason, p.fix,
                    p.document is null and coalesce(x.wanted_at, x.changed_at) <= $3::timestamptz - interval '24 hours'
                    or coalesce(p.state = 'refused' and p.changed_at <= $3 - interval '24 hours', false) as late
                from dependency n
                left join document p on p.account = n.account and p.document = n.needs
                where n.account = x.account and n.document = x.document and coalesce(p.pushed_revision, 0) = 0
                order by p.state = 'stopped' desc nulls last, p.state = 'refused' desc nulls last, n.needs limit 1
            ) blocked on x.state in ('pending', 'ambiguous') and x.wish <> 'cancel'
            cross join lateral (
                select case
                    when x.state in ('refused', 'reconnect', 'stopped', 'done') then x.state
                    when blocked.state = 'stopped' or blocked.late then 'refused'
                    when blocked.document is not null then 'waiting'
                    when a.reconnect then 'reconnect'
                    else 'inProgress' end as shown
            ) state
            where x.connection_id = r.connection_id and x.record_id = r.record_id and x.reports
            order by array_position(array['refused', 'reconnect', 'waiting', 'inProgress', 'stopped', 'done'], state.shown), x.document
            limit 1
        ) d on true
        """;

    private const string Acknowledge = """
        update report set
            acked = greatest(acked, ack.version),
            acked_epoch = greatest(acked_epoch, ack.epoch),
            version = greatest(report.version, ack.version + case when ack.version > report.version then 1 else 0 end),
            due = case when ack.version = report.version then null when ack.version > report.version then $5 else due end,
            tries = case when ack.version > report.version then 0 else tries end
        from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[]) ack (connection_id, record_id, version, epoch)
        where report.connection_id = ack.connection_id and report.record_id = ack.record_id
        """;

    /// <summary>Claims at most 100 due reports; each becomes due again by itself.</summary>
    public async Task<IReadOnlyList<DueReport>> ClaimAsync(CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand(Claim);
        command.Parameters.Add(new() { Value = database.Now });
        await using var reader = await command.ExecuteReaderAsync(stop);
        var due = new List<DueReport>();
        while (await reader.ReadAsync(stop))
            due.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2)));
        return due;
    }

    /// <summary>What the claimed reports say now.</summary>
    public async Task<IReadOnlyList<DeliveryReport>> ReadAsync(IReadOnlyList<DueReport> due, CancellationToken stop)
    {
        var reports = new List<DeliveryReport>();
        var companies = due.GroupBy(report => report.CompanyId).ToList();
        if (companies.Count == 0)
            return reports;
        await using var batch = database.ByKey(companies[0].Key);
        foreach (var company in companies)
        {
            if (company != companies[0])
                batch.Company(company.Key);
            batch.Add(Content, company.Select(report => report.ConnectionId).ToArray(), company.Select(report => report.RecordId).ToArray(), database.Now);
        }

        await using var reader = await batch.ReadAsync(stop);
        foreach (var company in companies)
        {
            while (await reader.ReadAsync(stop))
                reports.Add(Take(company.Key, reader));
            // Past the statement that names the next company, to its rows.
            await reader.NextResultAsync(stop);
            await reader.NextResultAsync(stop);
        }

        return reports;
    }

    /// <summary>The broker did not take them: they are due again soon.</summary>
    public async Task NotSentAsync(IReadOnlyList<DueReport> due, CancellationToken stop)
    {
        await using var command = database.Worker.CreateCommand("""
            update report set due = least(report.due, $1), tries = greatest(0, report.tries - 1)
            from unnest($2::uuid[], $3::uuid[], $4::uuid[]) back (company_id, connection_id, record_id)
            where report.company_id = back.company_id and report.connection_id = back.connection_id and report.record_id = back.record_id
            """);
        command.Parameters.Add(new() { Value = database.Now });
        command.Parameters.Add(new() { Value = due.Select(report => report.CompanyId).ToArray() });
        command.Parameters.Add(new() { Value = due.Select(report => report.ConnectionId).ToArray() });
        command.Parameters.Add(new() { Value = due.Select(report => report.RecordId).ToArray() });
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>
    /// Notes what the gateway holds. A version that has been overtaken stays due. A gateway that holds more than this ledger has ever said knows it
    /// from before the ledger was restored from a backup: the report goes again, above that.
    /// </summary>
    public async Task AcknowledgeAsync(IReadOnlyList<ReportAcknowledged> held, CancellationToken stop)
    {
        // The same order in every transaction, so that two of them never dead-lock.
        var companies = held.OrderBy(report => report.ConnectionId).ThenBy(report => report.RecordId).GroupBy(report => report.CompanyId).OrderBy(company => company.Key).ToList();
        if (companies.Count > 0)
            await LedgerDatabase.UntilTakenAsync(async () =>
            {
                await using var batch = database.ByKey(companies[0].Key);
                foreach (var company in companies)
                {
                    if (company != companies[0])
                        batch.Company(company.Key);
                    batch.Add(Acknowledge, company.Select(report => report.ConnectionId).ToArray(), company.Select(report => report.RecordId).ToArray(),
                        company.Select(report => report.Version).ToArray(), company.Select(report => report.Epoch).ToArray(), database.Now);
                }

                await batch.RunAsync(stop);
                return 0;
            }, stop);
    }

    private DeliveryReport Take(Guid companyId, NpgsqlDataReader row)
    {
        var shown = row.GetString(6);
        var unknown = shown == "unknown";
        return new(
            companyId, row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), StateOf(shown),
            Text(row, 7), Text(row, 8), row.IsDBNull(9) ? null : row.GetDecimal(9),
            unknown ? "connection.unknown" : Text(row, 10),
            unknown ? "This connection has no settings yet." : Text(row, 11),
            unknown ? "Enter them in Connections; what waits then goes on by itself." : Text(row, 14) is { } waits ? WhereCaptured.Fix(waits) : Text(row, 12),
            row.GetInt32(13), row.GetFieldValue<DateTimeOffset>(5), levels.Value.Epoch);
    }

    private static DeliveryState StateOf(string shown) => shown switch
    {
        "refused" => DeliveryState.Attention,
        "reconnect" => DeliveryState.Reconnect,
        "waiting" or "unknown" => DeliveryState.Waiting,
        "inProgress" => DeliveryState.InProgress,
        "stopped" => DeliveryState.Stopped,
        _ => DeliveryState.Done,
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
