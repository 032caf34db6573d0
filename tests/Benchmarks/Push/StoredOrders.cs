using System.Diagnostics;
using Npgsql;

namespace OrderSync.Benchmarks.Push;

/// <summary>Fills a database with orders as if they had been pushed long ago and delivered since.</summary>
internal static class StoredOrders
{
    private const int InStatement = 20_000;

    public static async Task FillAsync(Site site, int orders, CancellationToken stop)
    {
        await using var crew = await Crew.EnrolAsync(site, Site.Companies, stop);
        await using var connection = await site.Administrator.OpenConnectionAsync(stop);
        // Every order refers to rows that stand; checking each again would take most of the time.
        await ExecuteAsync(connection, "set session_replication_role = replica", stop);
        var said = Stopwatch.StartNew();
        for (var done = 0; done < orders; done += InStatement)
        {
            await AddAsync(connection, done, Math.Min(InStatement, orders - done), stop);
            if (said.Elapsed.TotalSeconds < 10)
                continue;
            Screen.Say($"{done + InStatement:N0} of {orders:N0} orders are stored");
            said.Restart();
        }

        await ExecuteAsync(connection, "set session_replication_role = origin", stop);
        await ExecuteAsync(connection, "update company_feed f set pos = greatest(pos, coalesce((select max(pos) from feed where company_id = f.company_id), 0))", stop);
        await ExecuteAsync(connection, "update series s set next = greatest(next, coalesce((select max(counter) + 1 from record_number n where n.company_id = s.company_id and n.branch_id = s.branch_id and n.kind = s.kind), 1))", stop);
        Screen.Say($"{orders:N0} orders are stored; counting them for the planner");
        await ExecuteAsync(connection, "vacuum (analyze)", stop);
        await ExecuteAsync(connection, "checkpoint", stop);
    }

    private static async Task AddAsync(NpgsqlConnection connection, int from, int count, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        // Ids of version 7, a second apart, as devices would have made them; companies take turns.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            create temporary table made on commit drop as
            select n, d.company_id, d.device_id, d.rep_id, d.branch_id, c.connection_id,
                (lpad(to_hex(1600000000000 + n * 1000::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid as id,
                timestamptz '2020-09-13' + n * interval '1 second' as at, x.customer_id, p.pos + (n / cardinality(k.companies)) + 1 as place
            from generate_series($1, $1 + $2 - 1) as n
            cross join (select array_agg(company_id order by company_id) as companies from company) k
            join lateral (select * from device where company_id = k.companies[1 + n % cardinality(k.companies)] limit 1) d on true
            join connection c on c.company_id = d.company_id
            join lateral (select customer_id from customer where company_id = d.company_id limit 1) x on true
            join company_feed p on p.company_id = d.company_id
            """) { Parameters = { new() { Value = from }, new() { Value = count } } });
        foreach (var sql in Inserts)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        await batch.ExecuteNonQueryAsync(stop);
    }

    private static readonly string[] Inserts =
    [
        """
        insert into record (company_id, record_id, kind, rev, state, sha256, device_id, rep_id, branch_id, seq, captured_at, captured_offset, document_date, received_at,
            reference, customer_id, currency, total)
        select company_id, id, 'order', 1, 'accepted', sha256(id::text::bytea), device_id, rep_id, branch_id, n, at, 60, at::date, at, 'R-' || n, customer_id, 'USD', 540 from made
        """,
        """
        insert into capture (company_id, record_id, rev, sha256, bytes, outcome, device_id, received_at)
        select company_id, id, 1, sha256(id::text::bytea), (select string_agg(md5((n * 40 + i)::text), '')::bytea from generate_series(1, 38) i), 'accepted', device_id, at from made
        """,
        """
        insert into order_line (company_id, record_id, rev, line_no, sku, quantity, unit_price, tax_rate, amount)
        select company_id, id, 1, i, 'SKU-' || lpad(((n + i) % 100)::text, 4, '0'), 10, 10, 8, 100 from made, generate_series(1, 5) i
        """,
        """
        insert into delivery (company_id, record_id, rev, connection_id, state, report_version, external_id, updated_at)
        select company_id, id, 1, connection_id, 'done', 1, id::text, at from made
        """,
        """
        insert into record_number (company_id, record_id, branch_id, kind, counter, number)
        select company_id, id, branch_id, 'order', place, 'SO-MAIN-' || lpad(place::text, 6, '0') from made
        """,
        "insert into feed (company_id, pos, tx, collection, key) select company_id, place, gen_random_uuid(), 'verdicts', id::text from made",
    ];

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
#pragma warning disable CA2100 // Only texts of this file.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(stop);
    }
}
