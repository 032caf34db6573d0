using OrderSync.Testing;

namespace OrderSync.Gateway.Tests.Office;

/// <summary>A company with very many orders over three years: 10,000, or 1,000,000 of 200,000 customers in the full tier.</summary>
public sealed class ManyOrders : IAsyncLifetime
{
    public static int Count => Servers.Full ? 1_000_000 : 10_000;

    public static int Customers => Count / 5;

    public GatewayFixture Gateway { get; } = new();

    public async Task InitializeAsync()
    {
        await Gateway.InitializeAsync();
        await using var connection = await Gateway.Database.Administrator.OpenConnectionAsync();
        foreach (var sql in Statements(Gateway.CompanyId))
        {
            await using var command = new Npgsql.NpgsqlCommand(sql, connection) { CommandTimeout = 900 };
            await command.ExecuteNonQueryAsync();
        }
    }

    public Task DisposeAsync() => Gateway.DisposeAsync();

    // Each order has two lines: of one of ten SKUs, and of one that few have; every hundredth had another in a revision before.
    // Device 100 has sent the oldest fiftieth and nothing since; every thousandth delivery needs attention; the newest are on their way.
    private static IEnumerable<string> Statements(Guid company) =>
    [
        "set session_replication_role = replica; set search_path = gateway",
        $"insert into branch select '{company}', md5('b' || i)::uuid, 'B' || i, 'Branch ' || i from generate_series(1, 5) i",
        $"insert into rep select '{company}', md5('r' || i)::uuid, 'Rep ' || i from generate_series(1, 50) i",
        $"insert into series select '{company}', md5('b' || i)::uuid, 'order', 'SO-B' || i || '-', 3000000 from generate_series(1, 5) i",
        $"""
        insert into device (company_id, device_id, hardware_id, public_key, rep_id, branch_id)
        select '{company}', md5('d' || i)::uuid, 'hw' || i, md5('k' || i)::bytea, md5('r' || (i % 50 + 1))::uuid, md5('b' || (i % 5 + 1))::uuid from generate_series(1, 100) i
        """,
        $"insert into connection (company_id, connection_id, name, connector, kinds) values ('{company}', md5('x1')::uuid, 'books', 'nobody', '{{none}}'), ('{company}', md5('x2')::uuid, 'mail', 'email', '{{none}}')",
        $"""
        insert into customer (company_id, customer_id, rev, number, name, email, body)
        select '{company}', md5('c' || i)::uuid, 1, 'C-' || i, (array['Ana', 'Bert', 'Carla', 'Dirk', 'Eva', 'Finn', 'Greta', 'Hugo'])[i % 8 + 1]
            || ' ' || (array['Müller', 'Schmidt', 'Okafor', 'Nguyen', 'García', 'Rossi', 'Sato'])[i % 7 + 1] || ' ' || i, 'c' || i || '@customers.example', '{"{}"}'
        from generate_series(1, {Customers}) i
        """,
        $"""
        create temp table made as select i, md5('o' || i)::uuid as id, timestamptz '2023-11-01' + i * interval '3 years' / {Count} as at,
            case when i <= {Count / 50} then 100 else i % 99 + 1 end as d, case when i % 100 = 7 then 'refused' when i % 500 = 3 then 'held' else 'accepted' end as state
        from generate_series(1, {Count}) i
        """,
        $"""
        insert into record (company_id, record_id, kind, rev, state, sha256, device_id, rep_id, branch_id, seq, captured_at, captured_offset, document_date, received_at,
            reference, customer_id, currency, total)
        select '{company}', id, 'order', 1, state, '\x00', md5('d' || d)::uuid, md5('r' || (d % 50 + 1))::uuid, md5('b' || (d % 5 + 1))::uuid, i, at - interval '1 hour', 60,
            (at - (i % 3) * interval '1 day')::date, at, 'R-' || d || '-' || i, md5('c' || (i * 7919::bigint % {Customers} + 1))::uuid, 'USD', 11.07 from made
        """,
        $"""
        insert into record_number (company_id, record_id, branch_id, kind, counter, number)
        select '{company}', id, md5('b' || (d % 5 + 1))::uuid, 'order', i, 'SO-B' || (d % 5 + 1) || '-' || lpad(i::text, 7, '0') from made where state = 'accepted'
        """,
        $"""
        insert into order_line (company_id, record_id, rev, line_no, sku, quantity, unit_price, tax_rate, amount)
        select '{company}', id, l.rev, l.no, l.sku, 1, 10, 8, 10 from made cross join lateral (
            select 1 as rev, 1 as no, 'SKU-' || i % 10 as sku union all select 1, 2, 'SKU-RARE-' || i % ({Count} / 20) union all select 0, 1, 'SKU-OLD' where i % 100 = 0) l
        """,
        $"""
        insert into delivery (company_id, record_id, rev, connection_id, moved_at, state, external_number)
        select '{company}', id, 1, md5(x)::uuid, at, case when x = 'x2' then 'done' when i > {Count} - 50 then 'pending' when i % 1000 = 0 then 'attention' else 'done' end,
            case when x = 'x1' then 'X-' || lpad(i::text, 8, '0') end
        from made, unnest(array['x1', 'x2']) x where state = 'accepted'
        """,
        "drop table made",
        "vacuum analyze",
    ];
}

/// <summary>Test classes that look at the same many orders.</summary>
[CollectionDefinition("many orders")]
public sealed class SharedManyOrders : ICollectionFixture<ManyOrders>;
