using Npgsql;

namespace OrderSync.Benchmarks.Push;

/// <summary>
/// The ceiling: the rows that a push writes, put into the same tables by a superuser, many at a time, without conflict clauses, rules or
/// row-level security. Numbers and feed positions are made up here instead of taken from a counter.
/// </summary>
internal sealed class RawInserts : IAsyncDisposable
{
    private const long FarFromReal = 1_000_000_000_000;
    private static int writers;
    private readonly NpgsqlConnection connection;
    private readonly Client client;
    private readonly Guid branch;
    private readonly Guid destination;
    private readonly int writer = Interlocked.Increment(ref writers);
    private long counter;

    private RawInserts(NpgsqlConnection connection, Client client, Guid branch, Guid destination)
    {
        (this.connection, this.client, this.branch, this.destination) = (connection, client, branch, destination);
        counter = writer * FarFromReal;
    }

    /// <summary>A connection that writes for the company of a client.</summary>
    public static async Task<RawInserts> OpenAsync(Site site, Client client, CancellationToken stop)
    {
        var connection = await site.Administrator.OpenConnectionAsync(stop);
        await using var command = new NpgsqlCommand("""
            select d.branch_id, c.connection_id from device d join connection c on c.company_id = d.company_id where d.company_id = $1 and d.device_id = $2
            """, connection) { Parameters = { new() { Value = client.CompanyId }, new() { Value = client.DeviceId } } };
        await using var reader = await command.ExecuteReaderAsync(stop);
        if (!await reader.ReadAsync(stop))
            throw new InvalidOperationException("The client's device is not there.");
        return new RawInserts(connection, client, reader.GetGuid(0), reader.GetGuid(1));
    }

    /// <summary>Writes orders in one transaction and one round trip.</summary>
    public async Task WriteAsync(IReadOnlyList<GeneratedOrder> orders, CancellationToken stop)
    {
        var first = counter;
        counter += orders.Count;
        var receivedAt = DateTimeOffset.UtcNow;
        var ids = Column(orders, order => order.Id);
        var ones = Column(orders, _ => 1);
        var sha256 = Column(orders, order => order.Sha256);
        await using var batch = new NpgsqlBatch(connection);
        // As the gateway does: without it the ceiling would be less than half as high.
        Add(batch, "select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)");
        AddRecords(batch, orders, ids, ones, sha256, receivedAt);
        Add(batch, """
            insert into capture (company_id, record_id, rev, sha256, bytes, outcome, device_id, received_at)
            select $1, r.*, $2, $3 from unnest($4::uuid[], $5::int[], $6::bytea[], $7::bytea[], $8::text[]) as r
            """, client.CompanyId, client.DeviceId, receivedAt, ids, ones, sha256, Column(orders, order => order.Json), Column(orders, _ => "accepted"));
        AddLines(batch, orders);
        Add(batch, "insert into delivery (company_id, record_id, rev, connection_id) select $1, r.*, $2 from unnest($3::uuid[], $4::int[]) as r",
            client.CompanyId, destination, ids, ones);
        Add(batch, """
            insert into outbox (company_id, connection_id, record_id, rev, version, connector, due)
            select $1, $2, r.*, 1, 'nobody', $3 from unnest($4::uuid[], $5::int[]) as r
            """, client.CompanyId, destination, receivedAt, ids, ones);
        Add(batch, """
            insert into record_number (company_id, record_id, branch_id, kind, counter, number)
            select $1, r.id, $2, 'order', r.counter, r.number from unnest($3::uuid[], $4::bigint[], $5::text[]) as r (id, counter, number)
            """, client.CompanyId, branch, ids, Column(orders, (_, i) => first + i), Column(orders, (_, i) => $"RAW-{first + i}"));
        Add(batch, "insert into feed (company_id, pos, tx, collection, key) select $1, r.pos, $2, 'verdicts', r.id::text from unnest($3::uuid[], $4::bigint[]) as r (id, pos)",
            client.CompanyId, Guid.NewGuid(), ids, Column(orders, (_, i) => first + i));
        await batch.ExecuteNonQueryAsync(stop);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private void AddRecords(NpgsqlBatch batch, IReadOnlyList<GeneratedOrder> orders, Guid[] ids, int[] ones, byte[][] sha256, DateTimeOffset receivedAt) => Add(batch, """
        insert into record (company_id, record_id, kind, rev, state, sha256, device_id, rep_id, branch_id, seq, captured_at, captured_offset, document_date, received_at,
            reference, customer_id, currency, total)
        select $1, r.id, r.kind, r.rev, r.state, r.sha256, $2, $3, $4, r.seq, r.captured_at, r.captured_offset, r.document_date, $5, r.reference, r.customer_id, r.currency, r.total
        from unnest($6::uuid[], $7::text[], $8::int[], $9::text[], $10::bytea[], $11::bigint[], $12::timestamptz[], $13::smallint[], $14::date[], $15::text[], $16::uuid[],
            $17::text[], $18::numeric[])
            as r (id, kind, rev, state, sha256, seq, captured_at, captured_offset, document_date, reference, customer_id, currency, total)
        """,
        client.CompanyId, client.DeviceId, client.RepId, branch, receivedAt, ids, Column(orders, _ => "order"), ones, Column(orders, _ => "accepted"), sha256,
        Column(orders, order => order.Seq), Column(orders, order => order.CapturedAt.ToUniversalTime()), Column(orders, order => (short)order.CapturedAt.Offset.TotalMinutes),
        Column(orders, order => DateOnly.FromDateTime(order.CapturedAt.DateTime)), Column(orders, order => order.Reference), Column(orders, order => order.Customer),
        Column(orders, _ => "USD"), Column(orders, order => order.Total));

    private void AddLines(NpgsqlBatch batch, IReadOnlyList<GeneratedOrder> orders)
    {
        var lines = orders.SelectMany(order => order.Lines.Select((line, i) => (order.Id, Line: line, No: i + 1))).ToList();
        Add(batch, """
            insert into order_line (company_id, record_id, rev, line_no, sku, quantity, unit_price, tax_rate, amount)
            select $1, * from unnest($2::uuid[], $3::int[], $4::int[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
            """,
            client.CompanyId, Column(lines, l => l.Id), Column(lines, _ => 1), Column(lines, l => l.No), Column(lines, l => l.Line.Sku), Column(lines, l => l.Line.Quantity),
            Column(lines, l => l.Line.UnitPrice), Column(lines, _ => GeneratedLine.TaxRate), Column(lines, l => l.Line.Amount));
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        batch.BatchCommands.Add(command);
    }

    private static T[] Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value) => Column(rows, (row, _) => value(row));

    private static T[] Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, int, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i], i);
        return column;
    }
}
