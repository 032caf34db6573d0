using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using OrderSync.Contracts.Bus;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Deliveries;

/// <summary>Writes reports into deliveries and timelines and says what is held afterwards. One transaction for a message, whatever it holds.</summary>
internal sealed class ReportRows(NpgsqlDataSource database, IOptions<LevelSettings> levels, TimeProvider time)
{
    private const int MostText = 4_000;
    private const decimal MostTotal = 1e19m;

    // One look at each delivery, by its key (the limit keeps the planner from reading all deliveries to join them), for all that is done with it. The answer to a question says what is known already: it is not a new line of the timeline. A
    // record that is not known here is answered with 0.
    private const string Write = """
        with held as materialized (
            select r.*, d.report_version as had, d.state as was, d.code as had_code, d.reason as had_reason, d.external_id as had_id
            from unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::numeric[], $10::text[], $11::text[], $12::text[], $13::int[], $14::timestamptz[])
                as r (connection_id, record_id, rev, version, state, external_id, external_number, external_total, code, reason, fix, attempts, at)
            left join lateral (
                select * from delivery d where d.company_id = $1 and d.record_id = r.record_id and d.connection_id = r.connection_id and d.rev = r.rev limit 1) d on true),
        told as (
            insert into delivery_event (company_id, record_id, connection_id, rev, report_version, at, state, code, reason, attempts)
            select $1, record_id, connection_id, rev, version, at, state, code, reason, attempts from held
            where had < version and (had = 0 or (was, had_code, had_reason) is distinct from (state, code, reason))
            on conflict do nothing),
        changed as (
            update delivery t set report_version = r.version, state = r.state, external_id = r.external_id, external_number = r.external_number,
                external_total = r.external_total, code = r.code, reason = r.reason, fix = r.fix, attempts = r.attempts, updated_at = r.at,
                moved_at = case when (r.was, r.had_code, r.had_id) is distinct from (r.state, r.code, r.external_id) then r.at else t.moved_at end
            from held r
            where r.had < r.version and t.company_id = $1 and t.record_id = r.record_id and t.connection_id = r.connection_id and t.rev = r.rev and t.report_version < r.version)
        select $1::uuid as held_by, connection_id, record_id, case when had is null then 0 else greatest(had, version) end, (select level from company_feed where company_id = $1) from held
        """;

    // Ledgers whose epoch is known here: the row is written only when one rises.
    private readonly ConcurrentDictionary<(Guid Company, Guid Connection), long> epochs = new();

    public async Task<IReadOnlyList<ReportAcknowledged>> WriteAsync(IReadOnlyList<DeliveryReport> reports, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = new NpgsqlBatch(connection);
        // The same order in every transaction, so that two of them never dead-lock.
        var companies = reports.OrderBy(report => report.RecordId).ThenBy(report => report.ConnectionId).GroupBy(report => report.CompanyId).OrderBy(group => group.Key).ToList();
        var risen = new List<((Guid, Guid) Ledger, long Epoch)>();
        foreach (var company in companies)
        {
            Add(batch, company.Key, [.. company]);
            foreach (var ledger in company.GroupBy(report => report.ConnectionId))
            {
                var epoch = ledger.Max(report => report.LedgerEpoch);
                if (epoch <= epochs.GetValueOrDefault((company.Key, ledger.Key)))
                    continue;
                AddEpoch(batch, company.Key, ledger.Key, epoch);
                risen.Add(((company.Key, ledger.Key), epoch));
            }
        }

        var held = await ReadAsync(batch, stop);
        foreach (var (ledger, epoch) in risen)
            epochs[ledger] = epoch;
        return held;
    }

    // Only one statement of each company gives rows.
    private async Task<List<ReportAcknowledged>> ReadAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var held = new List<ReportAcknowledged>();
        await using var reader = await batch.ExecuteReaderAsync(stop);
        do
        {
            while (reader.FieldCount > 0 && reader.GetName(0) == "held_by" && await reader.ReadAsync(stop))
                held.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetInt64(3), levels.Value.Of(reader.GetInt64(4))));
        }
        while (await reader.NextResultAsync(stop));
        return held;
    }

    // What a destination said is shown, not interpreted: one odd text must not send its neighbours back to the queue.
    private static string? Text(string? said) => said is null ? null : Texts.Fit(said, MostText);

    private void Add(NpgsqlBatch batch, Guid company, DeliveryReport[] reports)
    {
        object[] keys =
        [
            company, reports.Select(r => r.ConnectionId).ToArray(), reports.Select(r => r.RecordId).ToArray(), reports.Select(r => r.Revision).ToArray(),
            reports.Select(r => r.Version).ToArray(), reports.Select(r => Spelled(r.State)).ToArray(), reports.Select(r => Text(r.ExternalId)).ToArray(),
            reports.Select(r => Text(r.ExternalNumber)).ToArray(), reports.Select(r => Math.Abs(r.ExternalTotal ?? 0) < MostTotal ? r.ExternalTotal : null).ToArray(),
            reports.Select(r => Text(r.Code)).ToArray(), reports.Select(r => Text(r.Reason)).ToArray(), reports.Select(r => Text(r.Fix)).ToArray(), reports.Select(r => r.Attempts).ToArray(), reports.Select(r => r.At.ToUniversalTime()).ToArray(),
        ];
        // A line of a timeline refers to its record: see CompanyBatch.
        batch.AddCompanyForRecords(company);
        batch.Add(Write, keys);
        AddKnown(batch, company, reports);
    }

    // What the ledger knows need not be sent. If it knows a version this gateway has never given, the gateway was restored: its wish goes again, above that.
    private void AddKnown(NpgsqlBatch batch, Guid company, DeliveryReport[] reports)
    {
        object[] known = [company, reports.Select(r => r.ConnectionId).ToArray(), reports.Select(r => r.RecordId).ToArray(), reports.Select(r => r.KnownVersion).ToArray()];
        batch.Add("""
            delete from outbox o using unnest($2::uuid[], $3::uuid[], $4::bigint[]) as r (connection_id, record_id, known)
            where o.company_id = $1 and o.connection_id = r.connection_id and o.record_id = r.record_id and o.version <= r.known
            """, known);
        batch.Add("""
            with newest as (
                select distinct on (d.record_id, d.connection_id) d.record_id, d.connection_id, d.rev, d.version, r.known
                from unnest($2::uuid[], $3::uuid[], $4::bigint[]) as r (connection_id, record_id, known)
                join delivery d on d.company_id = $1 and d.record_id = r.record_id and d.connection_id = r.connection_id
                order by d.record_id, d.connection_id, d.rev desc),
            raised as (
                update delivery d set version = n.known + 1 from newest n
                where n.known > n.version and d.company_id = $1 and d.record_id = n.record_id and d.connection_id = n.connection_id and d.rev = n.rev
                returning d.record_id, d.connection_id, d.rev, d.version)
            insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
            select $1, u.connection_id, u.record_id, u.rev, u.version, c.connector, $5, $5
            from raised u join connection c on c.company_id = $1 and c.connection_id = u.connection_id
            on conflict (company_id, connection_id, record_id) do update set rev = excluded.rev, version = excluded.version, due = excluded.due, tries = 0
            """, [.. known, time.GetUtcNow()]);
    }

    private void AddEpoch(NpgsqlBatch batch, Guid company, Guid ledger, long epoch) => batch.Add("""
        with risen as (
            insert into ledger_epoch (company_id, connection_id, epoch)
            select $1, connection_id, $3 from connection where company_id = $1 and connection_id = $2
            on conflict (company_id, connection_id) do update set epoch = excluded.epoch where ledger_epoch.epoch < excluded.epoch
            returning connection_id)
        insert into backfill (company_id, backfill_id, connection_id, mode, kinds, from_date, state, created_at, updated_at)
        select $1, $4, c.connection_id, 'again', c.kinds, '-infinity', 'listing', $5, $5
        from connection c join risen on risen.connection_id = c.connection_id where c.company_id = $1
        on conflict do nothing
        """, company, ledger, epoch, Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());

    private static string Spelled(DeliveryState state) => state switch
    {
        DeliveryState.InProgress => "inProgress",
        _ => state.ToString().ToLowerInvariant(),
    };
}
