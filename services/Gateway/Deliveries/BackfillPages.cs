using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Deliveries;

/// <summary>One step of a back-fill: first its records are listed in the order of their capture, then deliveries are made page by page while the outbox of the connection has room.</summary>
internal sealed class BackfillPages(NpgsqlDataSource database, TimeProvider time)
{
    private const int PageSize = 200;
    private const int OutboxFull = 1_000;

    /// <summary>Takes one step; false = nothing to do for now.</summary>
    public async Task<bool> TurnAsync(Guid company, Guid backfill, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await LockAsync(connection, transaction, company, backfill, stop) is not { } job)
            return false;

        if (job.State == "listing")
        {
            await ListAsync(connection, transaction, company, backfill, job, stop);
            return true;
        }

        if (job.Waiting >= OutboxFull)
            return false;
        await MakeAsync(connection, transaction, company, backfill, job, await ReadPageAsync(connection, transaction, company, backfill, job.Place, stop), stop);
        return true;
    }

    private static async Task<Job?> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid backfill, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("""
            select b.connection_id, b.mode, b.state, b.place,
                (select count(*) from (select from outbox o where o.company_id = $1 and o.connection_id = b.connection_id limit $3) waiting)
            from backfill b where b.company_id = $1 and b.backfill_id = $2 and b.state in ('listing', 'running') for update skip locked
            """, company, backfill, OutboxFull);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4)) : null;
    }

    private async Task ListAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid backfill, Job job, CancellationToken stop)
    {
        await using var batch = CompanyBatch.For(connection, company, transaction);
        batch.Add("""
            with listed as (
                insert into backfill_record (company_id, backfill_id, place, record_id)
                select $1, $2, row_number() over (order by r.captured_at, r.record_id), r.record_id
                from record r join backfill b on b.company_id = $1 and b.backfill_id = $2
                where r.company_id = $1 and r.state = 'accepted' and r.kind = any(b.kinds) and r.document_date >= b.from_date and (b.to_date is null or r.document_date <= b.to_date)
                    and (r.kind <> 'customer' or r.customer_id is null or r.customer_id = r.record_id)
                    and (b.mode = 'again') = exists (select from delivery d where d.company_id = $1 and d.record_id = r.record_id and d.connection_id = $3)
                returning 1)
            update backfill set state = 'running', total = (select count(*) from listed), updated_at = $4 where company_id = $1 and backfill_id = $2
            """, company, backfill, job.Connection, time.GetUtcNow());
        batch.Add("commit");
        await batch.ExecuteNonQueryAsync(stop);
    }

    private static async Task<List<Listed>> ReadPageAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid backfill, long place, CancellationToken stop)
    {
        await using var batch = CompanyBatch.ForRecords(connection, company, transaction);
        batch.Add("""
            select b.place, r.record_id, r.rev, r.kind,
                array(select r.customer_id where r.customer_id <> r.record_id union select unnest(r.depends_on)
                    union select a.order_id from allocation a where a.company_id = $1 and a.record_id = r.record_id and a.rev = r.rev and a.order_id is not null)
            from backfill_record b join record r on r.company_id = $1 and r.record_id = b.record_id
            where b.company_id = $1 and b.backfill_id = $2 and b.place > $3 order by b.place limit $4
            """, company, backfill, place, PageSize);
        var page = new List<Listed>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            page.Add(new(reader.GetInt64(0), new(reader.GetGuid(1), reader.GetInt32(2), reader.GetString(3)), reader.GetFieldValue<Guid[]>(4)));
        return page;
    }

    // Needed first: those rows are due before the page's own.
    private async Task MakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, Guid backfill, Job job, List<Listed> page, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        await using (var batch = CompanyBatch.ForRecords(connection, company, transaction))
        {
            if (job.Mode == "again")
            {
                AddAgain(batch, company, job.Connection, now, [.. page.Select(listed => listed.Record.Id)]);
            }
            else
            {
                DeliveryRows.AddNeeded(batch, company, now, page.SelectMany(listed => listed.Needs.Select(id => new Needed(id, listed.Record.Kind))), job.Connection);
                DeliveryRows.AddMissing(batch, company, now, [.. page.Select(listed => listed.Record)], job.Connection);
            }

            await batch.ExecuteNonQueryAsync(stop);
            job = job with { Made = ((IList<NpgsqlBatchCommand>)batch.BatchCommands).Skip(1).Sum(command => (long)command.RecordsAffected) };
        }

        await using var last = CompanyBatch.For(connection, company, transaction);
        last.Add("""
            update backfill set place = greatest(place, $3), made = made + $4, updated_at = $5, state = case when $6 then 'done' else state end
            where company_id = $1 and backfill_id = $2
            """, company, backfill, page.Count == 0 ? job.Place : page[^1].Place, job.Made, now, page.Count < PageSize);
        if (page.Count < PageSize)
            last.Add("delete from backfill_record where company_id = $1 and backfill_id = $2", company, backfill);
        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
    }

    // Under the version each has: its connector takes it as new, or answers with what it knows. They count as repeats, which have a pace of their own.
    private static void AddAgain(NpgsqlBatch batch, Guid company, Guid connection, DateTimeOffset now, Guid[] records) => batch.Add("""
        insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, tries, since)
        select $1, $2, d.record_id, d.rev, d.version, c.connector, $3 + k.ord * interval '1 microsecond', 1, $3
        from unnest($4::uuid[]) with ordinality as k (id, ord)
        join connection c on c.company_id = $1 and c.connection_id = $2
        cross join lateral (select d.record_id, d.rev, d.version from delivery d
            where d.company_id = $1 and d.record_id = k.id and d.connection_id = $2 order by d.rev desc limit 1) d
        on conflict do nothing
        """, company, connection, now, records);

    private sealed record Job(Guid Connection, string Mode, string State, long Place, long Waiting)
    {
        public long Made { get; init; }
    }

    private sealed record Listed(long Place, Deliverable Record, Guid[] Needs);
}
