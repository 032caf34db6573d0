using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Deliveries;

/// <summary>A record that goes on, for the deliveries made for it.</summary>
internal readonly record struct Deliverable(Guid Id, int Rev, string Kind);

/// <summary>Something that must be at a destination because a record of <paramref name="Kind"/> goes there.</summary>
internal readonly record struct Needed(Guid Id, string Kind);

/// <summary>The statements that make deliveries and their outbox rows.</summary>
internal static class DeliveryRows
{
    /// <summary>
    /// One delivery and one outbox row for each destination that takes the kind, fixed now: for records that are new. One statement: a connection that
    /// is made meanwhile is seen by both inserts or by neither.
    /// </summary>
    public static void AddNew(NpgsqlBatch batch, Guid company, DateTimeOffset due, IReadOnlyList<Deliverable> rows)
    {
        if (rows.Count > 0)
            batch.Add("""
                with wanted as (
                    select r.id, r.rev, c.connection_id, c.connector from unnest($2::uuid[], $3::int[], $4::text[]) as r (id, rev, kind)
                    join connection c on c.company_id = $1 and r.kind = any(c.kinds)),
                fixed as (
                    insert into delivery (company_id, record_id, rev, connection_id) select $1, id, rev, connection_id from wanted)
                insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
                select $1, connection_id, id, rev, 1, connector, $5, $5 from wanted
                """, company, rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Rev).ToArray(), rows.Select(r => r.Kind).ToArray(), due);
    }

    /// <summary>
    /// The same for records that may have deliveries: what is there stays; a higher revision takes the place of the one before it, under a version above
    /// all that its destination was told. In the order given, which the relay keeps.
    /// </summary>
    /// <param name="batch">Gets one statement; the rows it affects are the deliveries made.</param>
    /// <param name="company">Whose records.</param>
    /// <param name="due">When they are to go.</param>
    /// <param name="rows">The records.</param>
    /// <param name="only">This destination; null = all that take the kind.</param>
    public static void AddMissing(NpgsqlBatch batch, Guid company, DateTimeOffset due, IReadOnlyList<Deliverable> rows, Guid? only = null)
    {
        if (rows.Count > 0)
            batch.Add("""
                with wanted as (
                    select r.id, r.rev, r.ord, c.connection_id, c.connector, coalesce(held.version, 0) + 1 as version
                    from unnest($2::uuid[], $3::int[], $4::text[]) with ordinality as r (id, rev, kind, ord)
                    join connection c on c.company_id = $1 and r.kind = any(c.kinds) and ($6::uuid is null or c.connection_id = $6)
                    left join lateral (select max(d.version) as version from delivery d
                        where d.company_id = $1 and d.record_id = r.id and d.connection_id = c.connection_id) held on true),
                fixed as (
                    insert into delivery (company_id, record_id, rev, connection_id, version)
                    select $1, id, rev, connection_id, version from wanted order by id, connection_id
                    on conflict do nothing returning record_id, connection_id),
                told as (
                    insert into feed_change (company_id, collection, keys) select $1, 'status', array_agg(distinct record_id::text) from fixed having count(*) > 0),
                older as (
                    update delivery d set state = 'superseded', code = null, reason = null, fix = null, updated_at = $5, moved_at = $5
                    from wanted w join fixed f on f.record_id = w.id and f.connection_id = w.connection_id
                    where d.company_id = $1 and d.record_id = w.id and d.connection_id = w.connection_id and d.rev < w.rev and d.state not in ('done', 'stopped'))
                insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
                select $1, w.connection_id, w.id, w.rev, w.version, w.connector, $5 + w.ord * interval '1 microsecond', $5
                from wanted w join fixed f on f.record_id = w.id and f.connection_id = w.connection_id order by w.connection_id, w.id
                on conflict (company_id, connection_id, record_id) do update
                    set rev = excluded.rev, version = excluded.version, due = excluded.due, since = excluded.since, tries = 0
                    where outbox.version < excluded.version
                """, company, rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Rev).ToArray(), rows.Select(r => r.Kind).ToArray(), due, CompanyBatch.Maybe(only));
    }

    /// <summary>
    /// Deliveries of what records need, at each destination those go to: a customer that was accepted before the ERP was connected, the order of a
    /// receipt, and what these need in turn. A destination that was told of something has all it needs, so the search ends there. Each look is one
    /// probe by key (lateral, limit 1): a join would sooner or later be planned as a walk through all deliveries of the company.
    /// </summary>
    /// <param name="batch">Gets one statement; the rows it affects are the deliveries made.</param>
    /// <param name="company">Whose records.</param>
    /// <param name="due">When they are to go.</param>
    /// <param name="needs">What is needed, with the kind of the record that needs it.</param>
    /// <param name="only">This destination; null = all.</param>
    public static void AddNeeded(NpgsqlBatch batch, Guid company, DateTimeOffset due, IEnumerable<Needed> needs, Guid? only = null)
    {
        var distinct = needs.Distinct().ToList();
        if (distinct.Count > 0)
            batch.Add("""
                with recursive needed (id, connection_id, connector) as (
                    select n.id, c.connection_id, c.connector from unnest($2::uuid[], $3::text[]) as n (id, kind)
                    join connection c on c.company_id = $1 and n.kind = any(c.kinds) and ($5::uuid is null or c.connection_id = $5)
                    union
                    select x.id, n.connection_id, n.connector from needed n
                    left join lateral (select true as yes from delivery d where d.company_id = $1 and d.record_id = n.id and d.connection_id = n.connection_id limit 1) told on true
                    cross join lateral (select r.record_id, r.rev, r.customer_id, r.depends_on from record r
                        where r.company_id = $1 and r.record_id = n.id and r.state = 'accepted' limit 1) r
                    cross join lateral (
                        select r.customer_id union all select unnest(r.depends_on) union all
                        select a.order_id from allocation a where a.company_id = $1 and a.record_id = r.record_id and a.rev = r.rev) as x (id)
                    where told.yes is null and x.id is not null and x.id <> r.record_id),
                missing as (
                    select r.record_id, r.rev, n.connection_id, n.connector from needed n
                    left join lateral (select true as yes from delivery d where d.company_id = $1 and d.record_id = n.id and d.connection_id = n.connection_id limit 1) told on true
                    -- A customer that was merged goes nowhere any more: what is needed is the one that stayed.
                    cross join lateral (select r.record_id, r.rev, r.kind from record r where r.company_id = $1 and r.record_id = n.id and r.state = 'accepted'
                        and (r.kind <> 'customer' or r.customer_id is null or r.customer_id = r.record_id) limit 1) r
                    join connection c on c.company_id = $1 and c.connection_id = n.connection_id and r.kind = any(c.kinds)
                    where told.yes is null),
                fixed as (
                    insert into delivery (company_id, record_id, rev, connection_id)
                    select $1, record_id, rev, connection_id from missing order by record_id, connection_id
                    on conflict do nothing returning record_id, connection_id),
                told as (
                    insert into feed_change (company_id, collection, keys) select $1, 'status', array_agg(distinct record_id::text) from fixed having count(*) > 0)
                insert into outbox (company_id, connection_id, record_id, rev, version, connector, due, since)
                select $1, m.connection_id, m.record_id, m.rev, 1, m.connector, $4, $4
                from missing m join fixed f on f.record_id = m.record_id and f.connection_id = m.connection_id order by m.connection_id, m.record_id
                on conflict do nothing
                """, company, distinct.Select(n => n.Id).ToArray(), distinct.Select(n => n.Kind).ToArray(), due, CompanyBatch.Maybe(only));
    }
}
