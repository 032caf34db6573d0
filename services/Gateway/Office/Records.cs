using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Receipts;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office;

internal sealed record OrderRow(
    Guid Id, string? Number, string? Reference, string State, string? Customer, string? Currency, decimal? Total, DateTimeOffset CapturedAt, DateTimeOffset ReceivedAt,
    IReadOnlyDictionary<string, string> Destinations);

internal sealed record OrderList(IReadOnlyList<OrderRow> Orders);

internal sealed record CaptureRow(int Rev, string Sha256, string Outcome, DateTimeOffset ReceivedAt, int Bytes);

internal sealed record EventRow(DateTimeOffset At, string Connection, string State, string? Code, string? Reason, int Attempts);

internal sealed record DeliveryRow(
    string Connection, string Connector, int Rev, string State, string? ExternalId, string? ExternalNumber, decimal? ExternalTotal, string? Code, string? Reason, string? Fix,
    int Attempts, DateTimeOffset UpdatedAt);

internal sealed record RecordDetail(
    Guid Id, string Kind, int Rev, string State, string? Code, string? Field, string? Message, string? Number, string? Reference, string? Currency, decimal? Total,
    DateTimeOffset CapturedAt, DateOnly DocumentDate, DateTimeOffset ReceivedAt, string Rep, Guid DeviceId, string? TraceId, JsonElement? Captured,
    IReadOnlyList<CaptureRow> Captures, IReadOnlyList<DeliveryRow> Deliveries, IReadOnlyList<EventRow> Timeline)
{
    /// <summary>What it waits for, as that stands now.</summary>
    public IReadOnlyList<AwaitedRow> Awaits { get; init; } = [];

    /// <summary>Receipts that pay it.</summary>
    public IReadOnlyList<PaidByRow> Receipts { get; init; } = [];

    /// <summary>What it pays, if it is a receipt.</summary>
    public IReadOnlyList<AllocationRow> Allocations { get; init; } = [];
}

/// <summary>Orders found by number, reference or customer, and one record with its whole timeline.</summary>
internal sealed class Records(NpgsqlDataSource database)
{
    private const int MostRows = 200;

    public async Task<IResult> ListAsync(OfficeIdentity office, string? number, string? state, string? search, int? limit, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select r.record_id, n.number, r.reference, r.state, c.name, r.currency, r.total, r.captured_at, r.captured_offset, r.received_at,
                coalesce((select jsonb_object_agg(x.name, d.state) from delivery d join connection x on x.company_id = d.company_id and x.connection_id = d.connection_id
                    where d.company_id = r.company_id and d.record_id = r.record_id), '{}'::jsonb)::text
            from record r
            left join record_number n on n.company_id = r.company_id and n.record_id = r.record_id
            left join customer c on c.company_id = r.company_id and c.customer_id = r.customer_id
            where r.company_id = $1 and r.kind = 'order' and ($2::text is null or n.number = $2) and ($3::text is null or r.state = $3)
                and ($4::text is null or n.number ilike $4 or r.reference ilike $4 or c.name ilike $4)
            order by r.received_at desc, r.record_id limit $5
            """, office.CompanyId, CompanyBatch.Maybe(number), CompanyBatch.Maybe(state),
            CompanyBatch.Maybe(search is { Length: > 0 } ? $"%{search.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%" : null),
            Math.Clamp(limit ?? 50, 1, MostRows));
        var rows = new List<OrderRow>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.Add(new(reader.GetGuid(0), Text(reader, 1), Text(reader, 2), reader.GetString(3), Text(reader, 4), Text(reader, 5), reader.IsDBNull(6) ? null : reader.GetDecimal(6),
                At(reader, 7, 8), reader.GetFieldValue<DateTimeOffset>(9), JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(10))!));
        }

        return Results.Ok(new OrderList(rows));
    }

    public async Task<IResult> GetAsync(OfficeIdentity office, Guid id, HttpRequest request, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add("""
            select r.kind, r.rev, r.state, r.code, r.field, r.params::text, n.number, r.reference, r.currency, r.total, r.captured_at, r.captured_offset, r.document_date,
                r.received_at, p.name, r.device_id, r.trace_parent, c.bytes
            from record r
            join rep p on p.company_id = r.company_id and p.rep_id = r.rep_id
            join capture c on c.company_id = r.company_id and c.record_id = r.record_id and c.rev = r.rev and c.sha256 = r.sha256
            left join record_number n on n.company_id = r.company_id and n.record_id = r.record_id
            where r.company_id = $1 and r.record_id = $2
            """, office.CompanyId, id);
        batch.Add("select rev, sha256, outcome, received_at, length(bytes) from capture where company_id = $1 and record_id = $2 order by received_at, rev", office.CompanyId, id);
        batch.Add("""
            select x.name, x.connector, d.rev, d.state, d.external_id, d.external_number, d.external_total, d.code, d.reason, d.fix, d.attempts, d.updated_at
            from delivery d join connection x on x.company_id = d.company_id and x.connection_id = d.connection_id
            where d.company_id = $1 and d.record_id = $2 order by x.name, d.rev
            """, office.CompanyId, id);
        batch.Add("""
            select e.at, x.name, e.state, e.code, e.reason, e.attempts
            from delivery_event e join connection x on x.company_id = e.company_id and x.connection_id = e.connection_id
            where e.company_id = $1 and e.record_id = $2 order by e.at, e.report_version
            """, office.CompanyId, id);
        Related.Add(batch, office.CompanyId, id);

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
            Parse(reader.GetFieldValue<byte[]>(17)), [], [], []);

        await reader.NextResultAsync(stop);
        var captures = new List<CaptureRow>();
        while (await reader.ReadAsync(stop))
            captures.Add(new(reader.GetInt32(0), Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(1)), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt32(4)));

        await reader.NextResultAsync(stop);
        var deliveries = new List<DeliveryRow>();
        while (await reader.ReadAsync(stop))
        {
            deliveries.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), Text(reader, 4), Text(reader, 5),
                reader.IsDBNull(6) ? null : reader.GetDecimal(6), Text(reader, 7), Text(reader, 8), Text(reader, 9), reader.GetInt32(10), reader.GetFieldValue<DateTimeOffset>(11)));
        }

        await reader.NextResultAsync(stop);
        var timeline = new List<EventRow>();
        while (await reader.ReadAsync(stop))
            timeline.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), Text(reader, 3), Text(reader, 4), reader.GetInt32(5)));

        var related = await Related.ReadAsync(reader, stop);
        return Results.Ok(detail with
        {
            Captures = captures, Deliveries = deliveries, Timeline = timeline, Awaits = related.Awaits, Receipts = related.Receipts, Allocations = related.Allocations,
        });
    }

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
