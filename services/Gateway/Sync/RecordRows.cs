using System.Diagnostics.CodeAnalysis;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>The statements that write records, shared by the fast path, the careful path and the release of waiting records.</summary>
internal static class RecordRows
{
    private static readonly TimeSpan SkewTolerated = TimeSpan.FromMinutes(10);

    /// <summary>What stands already stays.</summary>
    private const string OrNothing = "on conflict do nothing";

    private const string Columns = """
        kind, rev, state, code, field, params, sha256, device_id, rep_id, branch_id, seq, captured_at, captured_offset, document_date, received_at,
        reference, customer_id, depends_on, currency, total, trace_parent
        """;

    /// <summary>The record rows themselves. <paramref name="onConflict"/> is empty on the fast path.</summary>
    public static void AddInsert(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows, string onConflict) => batch.Add($"""
        insert into record (company_id, record_id, {Columns})
        select $1, r.id, r.kind, r.rev, r.state, r.code, r.field, r.params::jsonb, r.sha256, $2, $3, $4, r.seq, r.captured_at, r.captured_offset, r.document_date, $5,
            r.reference, r.customer_id, string_to_array(r.depends_on, ',')::uuid[], r.currency, r.total, $6
        from unnest($7::uuid[], $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::bigint[], $16::timestamptz[],
            $17::smallint[], $18::date[], $19::text[], $20::uuid[], $21::text[], $22::text[], $23::numeric[])
            as r (id, kind, rev, state, code, field, params, sha256, seq, captured_at, captured_offset, document_date, reference, customer_id, depends_on, currency, total)
        {onConflict}
        """, Parameters(push, rows));

    /// <summary>Writes a record row anew after it was judged again or replaced by a higher revision.</summary>
    public static void AddReplace(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows) => batch.Add("""
        update record t set kind = r.kind, rev = r.rev, state = r.state, code = r.code, field = r.field, params = r.params::jsonb, sha256 = r.sha256,
            device_id = $2, rep_id = $3, branch_id = $4, seq = r.seq, captured_at = r.captured_at, captured_offset = r.captured_offset, document_date = r.document_date,
            received_at = $5, reference = r.reference, customer_id = r.customer_id, depends_on = string_to_array(r.depends_on, ',')::uuid[],
            currency = r.currency, total = r.total, trace_parent = $6
        from unnest($7::uuid[], $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::bigint[], $16::timestamptz[],
            $17::smallint[], $18::date[], $19::text[], $20::uuid[], $21::text[], $22::text[], $23::numeric[])
            as r (id, kind, rev, state, code, field, params, sha256, seq, captured_at, captured_offset, document_date, reference, customer_id, depends_on, currency, total)
        where t.company_id = $1 and t.record_id = r.id
        """, Parameters(push, rows));

    /// <summary>Bytes, lines, customers and deliveries of records whose rows stand. <paramref name="onConflict"/> is empty where the records are new.</summary>
    public static void AddChildren(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows, string onConflict = OrNothing)
    {
        var company = push.Device.CompanyId;
        AddCaptures(batch, push, [.. rows.Select(judged => (judged, judged.State))], onConflict);
        var lines = rows.SelectMany(judged => judged.Lines.Select((line, i) => (judged.Record, Line: line, No: i + 1))).ToList();
        if (lines.Count > 0)
        {
            batch.Add($"""
                insert into order_line (company_id, record_id, rev, line_no, sku, quantity, unit_price, tax_rate, amount)
                select $1, * from unnest($2::uuid[], $3::int[], $4::int[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
                {onConflict}
                """,
                company, lines.Select(l => l.Record.Id!.Value).ToArray(), lines.Select(l => l.Record.Rev).ToArray(), lines.Select(l => l.No).ToArray(), lines.Select(l => l.Line.Sku).ToArray(),
                lines.Select(l => l.Line.Quantity).ToArray(), lines.Select(l => l.Line.UnitPrice).ToArray(), lines.Select(l => l.Line.TaxRate).ToArray(), lines.Select(l => l.Line.Amount).ToArray());
        }

        var customers = rows.Where(judged => judged is { State: "accepted", Customer: not null }).ToList();
        if (customers.Count > 0)
        {
            batch.Add("""
                insert into customer (company_id, customer_id, rev, name, email, body)
                select $1, * from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[])
                on conflict (company_id, customer_id) do update set rev = customer.rev + 1, name = excluded.name, email = excluded.email, body = excluded.body
                """,
                company, customers.Select(c => c.Record.Id!.Value).ToArray(), customers.Select(c => c.Record.Rev).ToArray(), customers.Select(c => c.Customer!.Name).ToArray(),
                customers.Select(c => c.Customer!.Email).ToArray(), customers.Select(c => c.Customer!.Body).ToArray());
        }

        AddDeliveries(batch, company, push.ReceivedAt, [.. rows.Where(judged => judged.State == "accepted").Select(judged => (judged.Record.Id!.Value, judged.Record.Rev, judged.Record.Kind))], onConflict);
        batch.Add("update device set last_push_at = $3, skew_ms = $4 where company_id = $1 and device_id = $2",
            company, push.Device.DeviceId, push.ReceivedAt, (long)Math.Clamp(push.Skew.TotalMilliseconds, -4e12, 4e12));
    }

    /// <summary>The bytes as sent, with what became of them. The same bytes again change nothing.</summary>
    public static void AddCaptures(NpgsqlBatch batch, Push push, IReadOnlyList<(Judged Judged, string Outcome)> rows, string onConflict = OrNothing) => batch.Add($"""
        insert into capture (company_id, record_id, rev, sha256, bytes, outcome, device_id, received_at)
        select $1, r.*, $2, $3 from unnest($4::uuid[], $5::int[], $6::bytea[], $7::bytea[], $8::text[]) as r
        {onConflict}
        """,
        push.Device.CompanyId, push.Device.DeviceId, push.ReceivedAt, rows.Select(r => r.Judged.Record.Id!.Value).ToArray(), rows.Select(r => r.Judged.Record.Rev).ToArray(),
        rows.Select(r => r.Judged.Record.Sha256).ToArray(), rows.Select(r => r.Judged.Record.Bytes).ToArray(), rows.Select(r => r.Outcome).ToArray());

    /// <summary>One delivery and one outbox row for each destination that takes the kind, fixed now.</summary>
    public static void AddDeliveries(NpgsqlBatch batch, Guid company, DateTimeOffset due, IReadOnlyList<(Guid Id, int Rev, string Kind)> rows, string onConflict = OrNothing)
    {
        if (rows.Count == 0)
            return;

        // One statement: a connection that is made meanwhile is seen by both inserts or by neither.
        batch.Add($"""
            with wanted as (
                select r.id, r.rev, c.connection_id, c.connector from unnest($2::uuid[], $3::int[], $4::text[]) as r (id, rev, kind)
                join connection c on c.company_id = $1 and r.kind = any(c.kinds)),
            fixed as (
                insert into delivery (company_id, record_id, rev, connection_id) select $1, id, rev, connection_id from wanted
                {onConflict})
            insert into outbox (company_id, connection_id, record_id, rev, version, connector, due)
            select $1, connection_id, id, rev, 1, connector, $5 from wanted
            {onConflict}
            """, company, rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Rev).ToArray(), rows.Select(r => r.Kind).ToArray(), due);
    }

    /// <summary>The last statements of the transaction: numbers, then feed positions. Their row locks are held for the flush and the commit only.</summary>
    public static void AddLast(NpgsqlBatch batch, Guid company, IReadOnlyList<Judged> changed, IReadOnlyList<(Guid Id, Guid Branch, string Kind)> numbered) =>
        AddLast(batch, company, [.. changed.Select(judged => judged.Record.Id!.Value)], numbered);

    /// <inheritdoc cref="AddLast(NpgsqlBatch, Guid, IReadOnlyList{Judged}, IReadOnlyList{ValueTuple{Guid, Guid, string}})" />
    public static void AddLast(NpgsqlBatch batch, Guid company, Guid[] changed, IReadOnlyList<(Guid Id, Guid Branch, string Kind)> numbered)
    {
        batch.Add("""
            with wanted as (
                select id, branch_id, kind, row_number() over (partition by branch_id, kind order by ord) as place
                from unnest($2::uuid[], $3::uuid[], $4::text[]) with ordinality as w (id, branch_id, kind, ord)),
            held as materialized (
                select s.branch_id, s.kind, (select count(*) from wanted w where w.branch_id = s.branch_id and w.kind = s.kind) as n
                from series s where s.company_id = $1 and (s.branch_id, s.kind) in (select branch_id, kind from wanted)
                order by s.branch_id, s.kind for update),
            taken as (
                update series s set next = s.next + h.n from held h
                where s.company_id = $1 and s.branch_id = h.branch_id and s.kind = h.kind
                returning s.branch_id, s.kind, s.prefix, s.next - h.n as first)
            insert into record_number (company_id, record_id, branch_id, kind, counter, number)
            select $1, w.id, w.branch_id, w.kind, t.first + w.place - 1, t.prefix || lpad((t.first + w.place - 1)::text, 6, '0')
            from wanted w join taken t on t.branch_id = w.branch_id and t.kind = w.kind
            returning record_id, number
            """, company, numbered.Select(n => n.Id).ToArray(), numbered.Select(n => n.Branch).ToArray(), numbered.Select(n => n.Kind).ToArray());
        batch.Add("""
            with head as (update company_feed set pos = pos + cardinality($2::uuid[]) where company_id = $1 returning pos)
            insert into feed (company_id, pos, tx, collection, key)
            select $1, head.pos - cardinality($2::uuid[]) + c.ord, $3, 'verdict', c.id from head, unnest($2::uuid[]) with ordinality as c (id, ord)
            """, company, changed, Guid.NewGuid());
    }

    /// <summary>Runs the batch to its end and returns the numbers given.</summary>
    public static async Task<Dictionary<Guid, string>> ReadNumbersAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var numbers = new Dictionary<Guid, string>();
        await using var reader = await batch.ReadAsync(stop);
        do
        {
            while (await reader.ReadAsync(stop))
                numbers[reader.GetGuid(0)] = reader.GetString(1);
        }
        while (await reader.NextResultAsync(stop));
        return numbers;
    }

    private static object[] Parameters(Push push, IReadOnlyList<Judged> rows) =>
    [
        push.Device.CompanyId, push.Device.DeviceId, push.Device.RepId, push.Device.BranchId, push.ReceivedAt, CompanyBatch.Maybe(push.TraceParent),
        Column(rows, judged => judged.Record.Id!.Value), Column(rows, judged => judged.Record.Kind),
        Column(rows, judged => judged.Record.Rev), Column(rows, judged => judged.State),
        Column(rows, judged => judged.Fault?.Code), Column(rows, judged => judged.Fault?.Field), Column(rows, judged => judged.Fault?.ParamsJson()?.ToJsonString()), Column(rows, judged => judged.Record.Sha256),
        Column(rows, judged => judged.Record.Envelope?.Seq ?? 0), Column(rows, judged => CapturedAt(push, judged).ToUniversalTime()),
        Column(rows, judged => (short)CapturedAt(push, judged).Offset.TotalMinutes), Column(rows, judged => DocumentDate(push, judged)),
        Column(rows, judged => judged.Reference), Column(rows, judged => judged.CustomerId),
        Column(rows, judged => string.Join(',', judged.Record.Envelope?.DependsOn ?? [])), Column(rows, judged => judged.Currency), Column(rows, judged => judged.Total),
    ];

    private static T[] Column<T>(IReadOnlyList<Judged> rows, Func<Judged, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return column;
    }

    // An unreadable record has no time of its own; it was captured at the latest when it came.
    private static DateTimeOffset CapturedAt(Push push, Judged judged) => judged.Record.Envelope?.CapturedAt ?? push.ReceivedAt;

    private static DateOnly DocumentDate(Push push, Judged judged)
    {
        var at = CapturedAt(push, judged);
        return DateOnly.FromDateTime((push.Skew.Duration() > SkewTolerated ? at + push.Skew : at).DateTime);
    }
}
