using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Deliveries;
using OrderSync.Gateway.Receipts;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office;

internal sealed record CaptureRow(int Rev, string Sha256, string Outcome, DateTimeOffset ReceivedAt, int Bytes);

internal sealed record DeliveryRow(
    string Connection, string Connector, int Rev, string State, string? ExternalId, string? ExternalNumber, decimal? ExternalTotal, string? Code, string? Reason, string? Fix,
    int Attempts, DateTimeOffset UpdatedAt);

internal sealed record RecordDetail(
    Guid Id, string Kind, int Rev, string State, string? Code, string? Field, string? Message, string? Number, string? Reference, string? Currency, decimal? Total,
    DateTimeOffset CapturedAt, DateOnly DocumentDate, DateTimeOffset ReceivedAt, string Rep, Guid DeviceId, string? TraceId, JsonElement? Captured,
    IReadOnlyList<CaptureRow> Captures, IReadOnlyList<DeliveryRow> Deliveries, IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>Id of the customer.</summary>
    public Guid? CustomerId { get; init; }

    /// <summary>Name of the customer.</summary>
    public string? Customer { get; init; }

    /// <summary>It is held for a decision: the office may accept it as it was captured.</summary>
    public bool MayAccept { get; init; }

    /// <summary>Code of the branch.</summary>
    public string? Branch { get; init; }

    /// <summary>The quote it was made from.</summary>
    public ConvertedRow? Source { get; init; }

    /// <summary>What it became, if it is a quote.</summary>
    public ConvertedRow? Became { get; init; }

    /// <summary>Its lines, as far as they could be read.</summary>
    public IReadOnlyList<LineRow> Lines { get; init; } = [];

    /// <summary>What it waits for, as that stands now.</summary>
    public IReadOnlyList<AwaitedRow> Awaits { get; init; } = [];

    /// <summary>Receipts that pay it.</summary>
    public IReadOnlyList<PaidByRow> Receipts { get; init; } = [];

    /// <summary>What it pays, if it is a receipt.</summary>
    public IReadOnlyList<AllocationRow> Allocations { get; init; } = [];
}

/// <summary>A record that another one was made from, or became.</summary>
internal sealed record ConvertedRow(Guid Id, string Kind, string? Number, string? Reference);

/// <summary>A line of an order or a quote, with what it comes to after its own discount.</summary>
internal sealed record LineRow(int No, string Sku, decimal Quantity, decimal UnitPrice, decimal TaxRate, decimal Amount);

/// <summary>One record with its whole timeline.</summary>
internal sealed class Records(NpgsqlDataSource database)
{
    /// <summary>Reads the deliveries of a record, for <see cref="ReadDeliveriesAsync"/>.</summary>
    internal const string Deliveries = """
        select x.name, x.connector, d.rev, d.state, d.external_id, d.external_number, d.external_total, d.code, d.reason, d.fix, d.attempts, d.updated_at
        from delivery d join connection x on x.company_id = d.company_id and x.connection_id = d.connection_id
        where d.company_id = $1 and d.record_id = $2 order by x.name, d.rev
        """;

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, HttpRequest request, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select r.kind, r.rev, r.state, r.code, r.field, r.params::text, n.number, r.reference, r.currency, r.total, r.captured_at, r.captured_offset, r.document_date,
                r.received_at, p.name, r.device_id, r.trace_parent, c.bytes, n.given_at, r.customer_id, u.name, b.code
            from record r
            join rep p on p.company_id = r.company_id and p.rep_id = r.rep_id
            join branch b on b.company_id = r.company_id and b.branch_id = r.branch_id
            left join customer u on u.company_id = r.company_id and u.customer_id = r.customer_id
            join capture c on c.company_id = r.company_id and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
            left join record_number n on n.company_id = r.company_id and n.record_id = r.record_id
            where r.company_id = $1 and r.record_id = $2
            """, office.CompanyId, id);
        batch.Add("select rev, sha256, outcome, received_at, length(bytes) from capture where company_id = $1 and record_id = $2 order by received_at, rev", office.CompanyId, id);
        batch.Add(Deliveries, office.CompanyId, id);
        batch.Add("""
            select e.at, x.name, x.connector, e.rev, e.state, e.code, e.reason, e.attempts
            from delivery_event e join connection x on x.company_id = e.company_id and x.connection_id = e.connection_id
            where e.company_id = $1 and e.record_id = $2 order by e.at, e.report_version
            """, office.CompanyId, id);
        // The record's documents are found by the ids its destinations gave them: nothing has to be linked when either side comes first.
        batch.Add("""
            select e.at, x.name, e.collection, e.number, e.status, e.balance
            from (select distinct d.connection_id, d.external_id from delivery d where d.company_id = $1 and d.record_id = $2 and d.external_id is not null) d
            join connection x on x.company_id = $1 and x.connection_id = d.connection_id
            cross join lateral (
                select 'orders' as collection, d.external_id as key
                union all
                select i.collection, i.key from erp_document i where i.company_id = $1 and i.connection_id = d.connection_id and i.order_key = d.external_id) t
            join erp_document_event e on e.company_id = $1 and e.connection_id = d.connection_id and e.collection = t.collection and e.key = t.key
            order by e.at, e.version
            """, office.CompanyId, id);
        batch.Add("""
            select l.line_no, l.sku, l.quantity, l.unit_price, l.tax_rate, l.amount
            from record r join order_line l on l.company_id = $1 and l.record_id = r.record_id and l.rev = r.rev where r.company_id = $1 and r.record_id = $2 order by l.line_no
            """, office.CompanyId, id);
        Related.Add(batch, office.CompanyId, id);
        batch.Add("""
            select v.source_id = $2, x.record_id, x.kind, n.number, x.reference
            from conversion v join record x on x.company_id = $1 and x.record_id = case when v.source_id = $2 then v.target_id else v.source_id end
            left join record_number n on n.company_id = $1 and n.record_id = x.record_id
            where v.company_id = $1 and (v.source_id = $2 or v.target_id = $2)
            """, office.CompanyId, id);

        await using var reader = await batch.ReadAsync(stop);
        if (!await reader.ReadAsync(stop))
            return Problems.NotFound("record.unknown", "No record with this id.");

        var language = Sentences.LanguageOf(request);
        var code = Text(reader, 3);
        var parameters = reader.IsDBNull(5) ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5));
        var detail = new RecordDetail(
            id, reader.GetString(0), reader.GetInt32(1), reader.GetString(2), code, Text(reader, 4), code is null ? null : Sentences.Of(code, language, parameters),
            Text(reader, 6), Text(reader, 7), Text(reader, 8), reader.IsDBNull(9) ? null : reader.GetDecimal(9), At(reader, 10, 11), reader.GetFieldValue<DateOnly>(12),
            reader.GetFieldValue<DateTimeOffset>(13), reader.GetString(14), reader.GetGuid(15), Text(reader, 16)?.Split('-').ElementAtOrDefault(1),
            Parse(reader.GetFieldValue<byte[]>(17)), [], [], [])
        {
            CustomerId = reader.IsDBNull(19) ? null : reader.GetGuid(19), Customer = Text(reader, 20), Branch = reader.GetString(21), MayAccept = Wishes.IsDecision(reader.GetString(2), code),
        };

        var timeline = new Timeline(language);
        timeline.Captured(detail.CapturedAt, detail.Rev, detail.Rep);
        if (detail.Number is not null)
            timeline.Numbered(reader.IsDBNull(18) ? detail.ReceivedAt : reader.GetFieldValue<DateTimeOffset>(18), detail.Number);

        await reader.NextResultAsync(stop);
        var captures = new List<CaptureRow>();
        while (await reader.ReadAsync(stop))
            captures.Add(new(reader.GetInt32(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt32(4)));

        await reader.NextResultAsync(stop);
        var deliveries = await ReadDeliveriesAsync(reader, stop);

        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            timeline.Delivered(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4), Text(reader, 5), Text(reader, 6), reader.GetInt32(7));

        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
            timeline.Seen(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetDecimal(5));

        await reader.NextResultAsync(stop);
        var lines = new List<LineRow>();
        while (await reader.ReadAsync(stop))
            lines.Add(new(reader.GetInt32(0), reader.GetString(1), reader.GetDecimal(2), reader.GetDecimal(3), reader.GetDecimal(4), reader.GetDecimal(5)));

        foreach (var capture in captures)
            timeline.Came(capture.ReceivedAt, capture.Rev, capture.Outcome);
        foreach (var delivery in deliveries.Where(delivery => delivery.State == "pending"))
            timeline.Delivered(delivery.UpdatedAt, delivery.Connection, delivery.Connector, delivery.Rev, delivery.State);
        var related = await Related.ReadAsync(reader, stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var other = new ConvertedRow(reader.GetGuid(1), reader.GetString(2), Text(reader, 3), Text(reader, 4));
            detail = reader.GetBoolean(0) ? detail with { Became = other } : detail with { Source = other };
        }

        return Results.Ok(detail with
        {
            Captures = captures, Deliveries = deliveries, Lines = lines, Timeline = timeline.Entries, Awaits = related.Awaits, Receipts = related.Receipts, Allocations = related.Allocations,
        });
    }

    internal static async Task<List<DeliveryRow>> ReadDeliveriesAsync(NpgsqlDataReader reader, CancellationToken stop)
    {
        var deliveries = new List<DeliveryRow>();
        while (await reader.ReadAsync(stop))
        {
            deliveries.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), Text(reader, 4), Text(reader, 5),
                reader.IsDBNull(6) ? null : reader.GetDecimal(6), Text(reader, 7), Text(reader, 8), Text(reader, 9), reader.GetInt32(10), reader.GetFieldValue<DateTimeOffset>(11)));
        }

        return deliveries;
    }

    /// <summary>The bytes of one capture exactly as they came.</summary>
    public async Task<IResult> CaptureAsync(OfficeIdentity office, Guid id, string sha256, CancellationToken stop)
    {
        var hash = new byte[32];
        if (Convert.FromHexString(sha256, hash, out _, out var read) != System.Buffers.OperationStatus.Done || read != hash.Length)
            return Unknown;

        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("select bytes from capture where company_id = $1 and record_id = $2 and sha256 = $3 limit 1", office.CompanyId, id, hash);
        await using var reader = await batch.ReadAsync(stop);
        return await reader.ReadAsync(stop) ? Results.Bytes(reader.GetFieldValue<byte[]>(0), "application/octet-stream", $"{id}.{sha256[..8].ToLowerInvariant()}.json") : Unknown;
    }

    private static readonly IResult Unknown = Problems.NotFound("capture.unknown", "No record with this id was sent with these bytes. Look at captures of the record.");

    // Bytes that are not JSON, or hold half a character, have no view; they are kept all the same.
    private static JsonElement? Parse(byte[] bytes)
    {
        if (!PushedRecord.Legible(bytes))
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset At(NpgsqlDataReader row, int time, int offset) =>
        row.GetFieldValue<DateTimeOffset>(time).ToOffset(TimeSpan.FromMinutes(row.GetInt16(offset)));
}
