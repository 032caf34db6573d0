using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using OrderSync.Gateway.Office.Catalogue;
using OrderSync.Gateway.Storage;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Archive;

/// <summary>One record as it is exported: how it stands, and what was captured.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Rev">The revision that stands.</param>
/// <param name="State">accepted, waiting, held, refused or stopped.</param>
/// <param name="Number">Its number.</param>
/// <param name="Reference">The device's own reference.</param>
/// <param name="Customer">Its customer's name.</param>
/// <param name="Rep">Who captured it.</param>
/// <param name="Device">The device it came from.</param>
/// <param name="Currency">Of the total.</param>
/// <param name="Total">As captured.</param>
/// <param name="DocumentDate">Date of the document.</param>
/// <param name="CapturedAt">By the device's clock.</param>
/// <param name="FirstAt">When it came first.</param>
/// <param name="LastAt">When it was last judged.</param>
/// <param name="Code">Why it does not go on.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="Record">The record as it was sent, byte for byte; absent where its bytes are no JSON.</param>
/// <param name="Bytes">In base64, where they are no JSON.</param>
internal sealed record ExportedRecord(
    Guid Id, string Kind, int Rev, string State, string? Number, string? Reference, string? Customer, string Rep, Guid Device, string? Currency, decimal? Total, DateOnly DocumentDate,
    DateTimeOffset CapturedAt, DateTimeOffset FirstAt, DateTimeOffset LastAt, string? Code, string? Message, JsonElement? Record, string? Bytes);

/// <summary>An export, as JSON.</summary>
/// <param name="Records">In the order of their ids.</param>
internal sealed record RecordArchive(IReadOnlyList<ExportedRecord> Records);

/// <summary>Gives records away as JSON or CSV, page by page: memory does not grow with them, and no connection is held while the caller reads.</summary>
internal sealed class RecordExport(NpgsqlDataSource database)
{
    private const int Part = 500;
    private static readonly string[] States = ["accepted", "waiting", "held", "refused", "stopped"];

    private static readonly string[] Columns =
    [
        "id", "kind", "rev", "state", "number", "reference", "customer", "rep", "device", "currency", "total", "documentDate", "capturedAt", "firstAt", "lastAt", "code", "message", "record", "bytes",
    ];

    public IResult Get(OfficeIdentity office, HttpRequest request, string? kind, string? state)
    {
        if (state is not null && !States.Contains(state))
            return Problems.Bad("search.state", $"state is one of {string.Join(", ", States)}.");
        if (kind?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.Bad("search.text", "kind contains a NUL character. Leave it out for all kinds.");
        var (csv, language) = (request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)), Sentences.LanguageOf(request));
        return Results.Stream(stream => csv ? WriteCsvAsync(stream, office, kind, state, language) : WriteJsonAsync(stream, office, kind, state, language),
            csv ? "text/csv; charset=utf-8" : "application/json", csv ? "records.csv" : "records.json");
    }

    private async Task WriteJsonAsync(Stream stream, OfficeIdentity office, string? kind, string? state, string language)
    {
        await stream.WriteAsync("{\"records\":["u8.ToArray());
        var first = true;
        await foreach (var page in PagesAsync(office, kind, state))
        {
            using var text = new MemoryStream();
            foreach (var row in page)
            {
                text.Write(first ? "\n"u8 : ",\n"u8);
                first = false;
                using var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = Contracts.ContractJson.Options.Encoder });
                Write(json, row, language);
            }

            await stream.WriteAsync(text.ToArray());
        }

        await stream.WriteAsync("\n]}\n"u8.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Row row, string language)
    {
        json.WriteStartObject();
        foreach (var (name, value) in Columns.Zip(row.Cells(language)))
        {
            if (value is null)
                continue;
            json.WritePropertyName(name);
            if (name is "record" || (name is "rev" or "total"))
                json.WriteRawValue(value, skipInputValidation: name is "record");
            else
                json.WriteStringValue(value);
        }

        json.WriteEndObject();
    }

    private async Task WriteCsvAsync(Stream stream, OfficeIdentity office, string? kind, string? state, string language)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', Columns) + "\r\n"));
        await foreach (var page in PagesAsync(office, kind, state))
        {
            var text = new StringBuilder();
            foreach (var row in page)
                text.AppendJoin(',', row.Cells(language).Select(Cell)).Append("\r\n");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    private static string Cell(string? value) => value is null ? "" : value.AsSpan().IndexOfAny(",\"\r\n") < 0 && value.Length > 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async IAsyncEnumerable<List<Row>> PagesAsync(OfficeIdentity office, string? kind, string? state)
    {
        for (var after = Guid.Empty; ;)
        {
            var rows = await ReadAsync(office, kind, state, after);
            if (rows.Count > 0)
                yield return rows;
            if (rows.Count < Part)
                yield break;
            after = rows[^1].Id;
        }
    }

    private async Task<List<Row>> ReadAsync(OfficeIdentity office, string? kind, string? state, Guid after)
    {
        var rows = new List<Row>();
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = CompanyBatch.ForRecords(connection, office.CompanyId);
        batch.Add($"""
            select r.record_id, r.kind, r.rev, r.state, n.number, r.reference, c.name, p.name, r.device_id, r.currency, r.total, r.document_date, r.captured_at, r.captured_offset,
                (select min(e.received_at) from capture e where e.company_id = $1 and e.record_id = r.record_id), r.received_at, r.code, r.params::text, f.bytes
            from (select * from record r where r.company_id = $1 and r.record_id > $2 and ($3::text is null or r.kind = $3) and ($4::text is null or r.state = $4) order by r.record_id limit {Part}) r
            join rep p on p.company_id = $1 and p.rep_id = r.rep_id
            join capture f on f.company_id = $1 and f.record_id = r.record_id and f.rev = r.rev and f.sha256 = r.sha256
            left join record_number n on n.company_id = $1 and n.record_id = r.record_id
            left join customer c on c.company_id = $1 and c.customer_id = r.customer_id
            order by r.record_id
            """, office.CompanyId, after, CompanyBatch.Maybe(kind), CompanyBatch.Maybe(state));
        await using var reader = await batch.ReadAsync(CancellationToken.None);
        while (await reader.ReadAsync())
            rows.Add(new Row(reader));
        return rows;
    }

    private sealed class Row(NpgsqlDataReader row)
    {
        private readonly string?[] texts = [.. Enumerable.Range(0, 18).Select(column => row.IsDBNull(column) ? null : Text(row, column))];
        private readonly byte[] bytes = row.GetFieldValue<byte[]>(18);

        public Guid Id { get; } = row.GetGuid(0);

        /// <summary>In the order of the columns.</summary>
        public IEnumerable<string?> Cells(string language)
        {
            var record = IsJson(bytes) ? Encoding.UTF8.GetString(bytes) : null;
            var message = NeedsAttention.AttentionWords.Said(texts[16], language, texts[17]);
            return [.. texts[..13], texts[14], texts[15], texts[16], message, record, record is null ? Convert.ToBase64String(bytes) : null];
        }

        private static string Text(NpgsqlDataReader row, int column) => row.GetValue(column) switch
        {
            DateTime at => (column == 12 ? new DateTimeOffset(at).ToOffset(TimeSpan.FromMinutes(row.GetInt16(13))) : new DateTimeOffset(at)).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            decimal amount => (amount / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

        private static bool IsJson(byte[] bytes)
        {
            if (!PushedRecord.Legible(bytes))
                return false;
            try
            {
                using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = PushLimits.DepthOfRequest });
                return json.RootElement.ValueKind == JsonValueKind.Object;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }
}
