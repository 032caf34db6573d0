using System.Collections.Concurrent;
using Npgsql;
using OrderSync.Email.Documents;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;
using OrderSync.Framework;

namespace OrderSync.Email.Storage;

/// <summary>Renders a document once for (record, revision) and keeps it: whoever asks later gets the same bytes, whatever became of settings and templates.</summary>
internal sealed class Renderings(NpgsqlDataSource database, Renderer renderer, TimeProvider clock)
{
    // Two replicas may render at the same moment under different versions of the template: the older row counts.
    private const string Columns = """
        select html, body, pdf, sha256, logo_type, logo, template, remark, revision, rendered_at, number from rendering
        where company_id = $1 and record_id = $2
        """;

    private const string Find = $"{Columns} and revision = $3 order by rendered_at, template limit 1";

    private const string Insert = """
        insert into rendering (company_id, record_id, revision, template, language, html, body, pdf, sha256, rendered_at, number, logo_type, logo, remark)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text, $13::bytea, $14::text
        where not exists (select from rendering where company_id = $1 and record_id = $2 and revision = $3)
        on conflict do nothing
        """;

    // The mails of one record start together; they wait for one rendering instead of making one each.
    private readonly ConcurrentDictionary<(Guid Company, Guid Record, int Revision), Lazy<Task<Rendered>>> begun = new();

    public async Task<Rendered> OfAsync(DocumentInfo info, Document document, EmailSettings settings, CancellationToken stop)
    {
        var key = (info.CompanyId, info.RecordId, info.Revision);
        var rendering = begun.GetOrAdd(key, _ => new Lazy<Task<Rendered>>(() => KeptOrNewAsync(info, document, settings, stop)));
        try
        {
            return await rendering.Value;
        }
        finally
        {
            begun.TryRemove(KeyValuePair.Create(key, rendering));
        }
    }

    /// <summary>The newest rendering of a record, as it was mailed; null when nothing was rendered of it yet.</summary>
    public async Task<Kept?> NewestAsync(Guid company, Guid record, CancellationToken stop)
    {
        await using var batch = For(company);
        batch.BatchCommands.Add(Command($"{Columns} order by revision desc, rendered_at, template limit 1", company, record));
        await using var reader = await ReadAsync(batch, stop);
        return await reader.ReadAsync(stop) ? new Kept(Take(reader), reader.GetInt32(8), reader.GetFieldValue<DateTimeOffset>(9), Text(reader, 10)) : null;
    }

    /// <summary>Numbers of records that were mailed from here.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NumbersAsync(Guid company, IReadOnlyList<Guid> records, CancellationToken stop)
    {
        var numbers = new Dictionary<Guid, string>();
        if (records.Count == 0)
            return numbers;
        await using var batch = For(company);
        batch.BatchCommands.Add(Command("select distinct record_id, number from rendering where company_id = $1 and record_id = any($2) and number is not null", company, records.ToArray()));
        await using var reader = await ReadAsync(batch, stop);
        while (await reader.ReadAsync(stop))
            numbers[reader.GetGuid(0)] = reader.GetString(1);
        return numbers;
    }

    private async Task<Rendered> KeptOrNewAsync(DocumentInfo info, Document document, EmailSettings settings, CancellationToken stop)
    {
        if (await FindAsync(info, stop) is { } kept)
            return kept;
        var rendered = await renderer.RenderAsync(info.CompanyId, document, settings, stop);
        // Another replica may have been faster: its bytes may be in a mail already, so they count.
        return await KeepAsync(info, document.Number, settings.Language, rendered, stop) ? rendered : await FindAsync(info, stop) ?? rendered;
    }

    private async Task<Rendered?> FindAsync(DocumentInfo info, CancellationToken stop)
    {
        await using var batch = For(info.CompanyId);
        batch.BatchCommands.Add(Command(Find, info.CompanyId, info.RecordId, info.Revision));
        await using var reader = await ReadAsync(batch, stop);
        return await reader.ReadAsync(stop) ? Take(reader) : null;
    }

    private async Task<bool> KeepAsync(DocumentInfo info, string number, string language, Rendered rendered, CancellationToken stop)
    {
        await using var batch = For(info.CompanyId);
        var insert = Command(Insert, info.CompanyId, info.RecordId, info.Revision, rendered.Look, language, rendered.Html, rendered.Text, rendered.Pdf, rendered.PdfSha256,
            clock.GetUtcNow(), number, rendered.Logo?.MediaType, rendered.Logo?.Bytes, rendered.Remark);
        batch.BatchCommands.Add(insert);
        await batch.ExecuteNonQueryAsync(stop);
        return insert.RecordsAffected == 1;
    }

    private NpgsqlBatch For(Guid company)
    {
        var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command("select set_config('app.company', $1, true)", company.ToString("D")));
        return batch;
    }

    private static NpgsqlBatchCommand Command(string sql, params object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }

    private static async Task<NpgsqlDataReader> ReadAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        return reader;
    }

    private static Rendered Take(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetString(3),
        Text(row, 4) is { } type ? new Logo(type, row.GetFieldValue<byte[]>(5)) : null, row.GetString(6), Text(row, 7));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>A rendering that was kept.</summary>
internal sealed record Kept(Rendered Rendered, int Revision, DateTimeOffset RenderedAt, string? Number);
