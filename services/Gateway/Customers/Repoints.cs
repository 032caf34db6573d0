using Npgsql;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Feed.Nudges;
using OrderSync.Gateway.Relay;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Customers;

/// <summary>
/// Brings the records of merged customers to the one that stayed, in parts, and with them what is owed by them and what is not in an ERP yet. What is there stays, and is noted for the office.
/// Looked for a while longer: a push that knew the customer before may commit after the merge.
/// </summary>
internal sealed class Repoints(NpgsqlDataSource database, RelaySignal relay, FeedSignal feed, TimeProvider time)
{
    private const int Part = 200;

    public async Task RunAsync(Guid company, CancellationToken stop)
    {
        foreach (var merged in await MergedAsync(company, stop))
            while (await RepointAsync(company, merged, stop) == Part)
                continue;
    }

    private async Task<List<Guid>> MergedAsync(Guid company, CancellationToken stop)
    {
        var merged = new List<Guid>();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, company);
        batch.Add("select customer_id from customer_repoint where company_id = $1 order by customer_id", company);
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            merged.Add(reader.GetGuid(0));
        return merged;
    }

    private async Task<int> RepointAsync(Guid company, Guid merged, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var moved = new List<(Guid Id, string Kind, string State, Guid Customer)>();
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await using (var batch = CompanyBatch.ForRecords(connection, company, transaction))
        {
            batch.Add("""
                with part as materialized (
                    select r.record_id from record r where r.company_id = $1 and r.customer_id = $2 and r.kind <> 'customer' order by r.record_id limit $3 for no key update),
                moved as (
                    update record r set customer_id = c.merged_into from part p, customer c
                    where r.company_id = $1 and r.record_id = p.record_id and c.company_id = $1 and c.customer_id = $2 and c.merged_into is not null
                    returning r.record_id, r.rev, r.kind, r.state, r.customer_id),
                owed as (
                    update customer_entry e set customer_id = m.customer_id from moved m where e.company_id = $1 and e.record_id = m.record_id and e.customer_id = $2),
                left_there as (
                    insert into merged_left (company_id, customer_id, record_id, connection_id)
                    select $1, $2, d.record_id, d.connection_id from moved m join delivery d on d.company_id = $1 and d.record_id = m.record_id and d.state = 'done'
                    on conflict do nothing),
                raised as (
                    update delivery d set version = d.version + 1 from moved m, connection x
                    where d.company_id = $1 and d.record_id = m.record_id and d.rev = m.rev and x.company_id = $1 and x.connection_id = d.connection_id
                        and d.wish = 'push' and d.state not in ('done', 'stopped', 'superseded')
                    returning d.connection_id, d.record_id, d.rev, d.version, x.connector),
                sent as (
                    insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
                    select $1, connection_id, record_id, rev, version, connector, $4, $4 from raised
                    on conflict (company_id, connection_id, record_id) do update set rev = excluded.rev, version = excluded.version, due = excluded.due, tries = 0)
                select record_id, kind, state, customer_id from moved
                """, company, merged, Part, now);
            batch.Add("delete from customer_repoint where company_id = $1 and customer_id = $2 and until < $3", company, merged, now);
            await using var reader = await batch.ReadAsync(stop);
            while (await reader.ReadAsync(stop))
                moved.Add((reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetGuid(3)));
            await reader.EndAsync(stop);
        }

        await using var last = CompanyBatch.ForRecords(connection, company, transaction);
        if (moved.Count > 0)
        {
            DeliveryRows.AddNeeded(last, company, now, moved.Where(record => record.State == "accepted").Select(record => new Needed(record.Customer, record.Kind)));
            RecordRows.AddLast(last, company, [.. moved.Select(record => record.Id)], []);
        }

        last.Add("commit");
        await last.ExecuteNonQueryAsync(stop);
        if (moved.Count > 0)
        {
            relay.Wake();
            feed.Committed(company);
        }

        return moved.Count;
    }
}
