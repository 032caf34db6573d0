namespace OrderSync.Gateway.Office.Flow;

/// <summary>The statements behind what flows. Each look is a range of one index.</summary>
internal static class FlowSql
{
    /// <summary>Counting stops here: beyond it a number says no more.</summary>
    public const int Most = 100_000;

    /// <summary>
    /// company, kinds, now → kind and when its newest came, if any; when today began. Nobody has told the company's time zone: today begins at midnight where the newest
    /// record was captured.
    /// </summary>
    public const string Newest = """
        with newest as materialized (
            select k.kind, r.received_at, r.captured_offset from unnest($2::text[]) k (kind) cross join lateral (
                select r.received_at, r.captured_offset from record r where r.company_id = $1 and r.kind = k.kind order by r.received_at desc limit 1) r)
        select n.kind, n.received_at, date_trunc('day', $3::timestamptz at time zone local.zone) at time zone local.zone
        from (select make_interval(mins => coalesce((select captured_offset from newest order by received_at desc limit 1), 0)) as zone) local left join newest n on true
        """;

    /// <summary>company, kinds, from when on, from when on again next time.</summary>
    public const string Stored = """
        select k.kind, floor(extract(epoch from r.received_at) / 60)::bigint as minute, r.received_at >= $4 as open, count(*)
        from unnest($2::text[]) k (kind) cross join lateral (select r.received_at from record r where r.company_id = $1 and r.kind = k.kind and r.received_at >= $3) r
        group by 1, 2, 3
        """;

    /// <summary>company, from when on, from when on again next time.</summary>
    public const string Done = """
        select c.connection_id::text, floor(extract(epoch from d.moved_at) / 60)::bigint as minute, d.moved_at >= $3 as open, count(*)
        from connection c cross join lateral (
            select d.moved_at from delivery d where d.company_id = $1 and d.connection_id = c.connection_id and d.state = 'done' and d.moved_at >= $2) d
        where c.company_id = $1 group by 1, 2, 3
        """;

    /// <summary>company → each connection and state: how many, and which has stood longest.</summary>
    public static readonly string Backlog = $"""
        select c.connection_id, c.name, c.connector, c.kinds, s.state, n.count, o.record_id, o.moved_at, o.kind, o.number
        from connection c cross join unnest(array['pending', 'inProgress', 'waiting', 'attention', 'reconnect']) s (state)
        cross join lateral (select count(*) from (
            select from delivery d where d.company_id = $1 and d.connection_id = c.connection_id and d.state = s.state and d.wish = 'push' limit {Most + 1}) found) n
        left join lateral (
            select d.record_id, d.moved_at, r.kind, (select m.number from record_number m where m.company_id = $1 and m.record_id = d.record_id) as number
            from delivery d join record r on r.company_id = $1 and r.record_id = d.record_id
            where d.company_id = $1 and d.connection_id = c.connection_id and d.state = s.state and d.wish = 'push' order by d.moved_at limit 1) o on true
        where c.company_id = $1 order by c.name, c.connection_id
        """;

    /// <summary>company, when today began, since when one is silent.</summary>
    public const string Devices = """
        select count(*), count(*) filter (where d.last_push_at >= $2), count(*) filter (where coalesce(d.last_push_at, d.enrolled_at) < $3)
        from device d where d.company_id = $1 and d.revoked_at is null
        """;
}
