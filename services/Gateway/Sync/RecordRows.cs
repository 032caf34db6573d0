using System.Diagnostics.CodeAnalysis;
using Npgsql;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Sync;

/// <summary>The statements that write records, shared by the fast path, the careful path and the release of waiting records.</summary>
internal static class RecordRows
{
    private static readonly TimeSpan SkewTolerated = TimeSpan.FromMinutes(10);

    private const string Columns = """
        kind, rev, state, code, field, params, sha256, device_id, rep_id, branch_id, seq, captured_at, captured_offset, document_date, received_at,
        reference, customer_id, depends_on, awaits, currency, total, trace_parent
        """;

    /// <summary>The record rows themselves. <paramref name="onConflict"/> is empty on the fast path.</summary>
    public static void AddInsert(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows, string onConflict) => batch.Add($"""
        insert into record (company_id, record_id, {Columns})
        select $1, r.id, r.kind, r.rev, r.state, r.code, r.field, r.params::jsonb, r.sha256, $2, $3, $4, r.seq, r.captured_at, r.captured_offset, r.document_date, $5,
            r.reference, r.customer_id, string_to_array(r.depends_on, ',')::uuid[], string_to_array(r.awaits, ',')::uuid[], r.currency, r.total, $6
        from unnest($7::uuid[], $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::bigint[], $16::timestamptz[],
            $17::smallint[], $18::date[], $19::text[], $20::uuid[], $21::text[], $22::text[], $23::text[], $24::numeric[])
            as r (id, kind, rev, state, code, field, params, sha256, seq, captured_at, captured_offset, document_date, reference, customer_id, depends_on, awaits, currency, total)
        {onConflict}
        """, Parameters(push, rows));

    /// <summary>Writes a record row anew after it was judged again or replaced by a higher revision.</summary>
    public static void AddReplace(NpgsqlBatch batch, Push push, IReadOnlyList<Judged> rows) => batch.Add("""
        update record t set kind = r.kind, rev = r.rev, state = r.state, code = r.code, field = r.field, params = r.params::jsonb, sha256 = r.sha256,
            device_id = $2, rep_id = $3, branch_id = $4, seq = r.seq, captured_at = r.captured_at, captured_offset = r.captured_offset, document_date = r.document_date,
            received_at = $5, reference = r.reference, customer_id = r.customer_id, depends_on = string_to_array(r.depends_on, ',')::uuid[],
            awaits = string_to_array(r.awaits, ',')::uuid[], currency = r.currency, total = r.total, trace_parent = $6
        from unnest($7::uuid[], $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::bigint[], $16::timestamptz[],
            $17::smallint[], $18::date[], $19::text[], $20::uuid[], $21::text[], $22::text[], $23::text[], $24::numeric[])
            as r (id, kind, rev, state, code, field, params, sha256, seq, captured_at, captured_offset, document_date, reference, customer_id, depends_on, awaits, currency, total)
        where t.company_id = $1 and t.record_id = r.id
        """, Parameters(push, rows));

    /// <summary>The last statements of the transaction: numbers, then feed positions. Their row locks are held for the flush and the commit only.</summary>
    public static void AddLast(NpgsqlBatch batch, Guid company, IReadOnlyList<Judged> changed, IReadOnlyList<(Guid Id, Guid Branch, string Kind)> numbered) =>
        AddLast(batch, company, [.. changed.Select(judged => judged.Record.Id!.Value).Concat(changed.Where(judged => judged.State != "refused").Select(judged => judged.Source).OfType<Guid>())], numbered);

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
                returning s.branch_id, s.kind, s.prefix, s.sub, s.digits, s.next - h.n as first)
            insert into record_number (company_id, record_id, branch_id, kind, sub, counter, number)
            select $1, w.id, w.branch_id, w.kind, t.sub, t.first + w.place - 1,
                t.prefix || t.sub || lpad((t.first + w.place - 1)::text, greatest(t.digits, length((t.first + w.place - 1)::text)), '0')
            from wanted w join taken t on t.branch_id = w.branch_id and t.kind = w.kind
            returning record_id, number
            """, company, numbered.Select(n => n.Id).ToArray(), numbered.Select(n => n.Branch).ToArray(), numbered.Select(n => n.Kind).ToArray());
        batch.Add("""
            with head as (update company_feed set pos = pos + cardinality($2::uuid[]) where company_id = $1 returning pos)
            insert into feed (company_id, pos, tx, collection, key)
            select $1, head.pos - cardinality($2::uuid[]) + c.ord, $3, 'verdicts', c.id::text from head, unnest($2::uuid[]) with ordinality as c (id, ord)
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
        Column(rows, judged => judged.Record.Envelope?.Seq ?? 0), Column(rows, judged => CapturedAt(push, judged.Record).ToUniversalTime()),
        Column(rows, judged => (short)CapturedAt(push, judged.Record).Offset.TotalMinutes), Column(rows, judged => DocumentDate(push, judged.Record)),
        Column(rows, judged => judged.Reference), Column(rows, judged => judged.CustomerId),
        Column(rows, judged => string.Join(',', judged.Record.Envelope?.DependsOn ?? [])), Column(rows, judged => string.Join(',', judged.Awaits)),
        Column(rows, judged => judged.Currency), Column(rows, judged => judged.Total),
    ];

    private static T[] Column<T>(IReadOnlyList<Judged> rows, Func<Judged, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(rows[i]);
        return column;
    }

    // An unreadable record has no time of its own; it was captured at the latest when it came.
    private static DateTimeOffset CapturedAt(Push push, PushedRecord record) => record.Envelope?.CapturedAt ?? push.ReceivedAt;

    /// <summary>The local date of the capture, corrected where the device's clock was far out.</summary>
    public static DateOnly DocumentDate(Push push, PushedRecord record)
    {
        var at = CapturedAt(push, record);
        return DateOnly.FromDateTime((push.Skew.Duration() > SkewTolerated ? at + push.Skew : at).DateTime);
    }
}
