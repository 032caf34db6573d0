using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;
using OrderSync.Email.Printing;
using OrderSync.Email.Rendering;

namespace OrderSync.Email.Storage;

/// <summary>Renders a document once for (record, revision, template version) and keeps it: whoever asks later gets the same bytes.</summary>
internal sealed class Renderings(NpgsqlDataSource database, Template template, Printer printer, TimeProvider clock)
{
    // The mails of one order start together; they wait for one rendering instead of making one each.
    private readonly ConcurrentDictionary<RenderingKey, Lazy<Task<Rendered>>> begun = new();

    public async Task<Rendered> OfAsync(RenderingKey key, OrderDocument document, string language, CancellationToken stop)
    {
        var rendering = begun.GetOrAdd(key, _ => new Lazy<Task<Rendered>>(() => KeptOrNewAsync(key, document, language, stop)));
        try
        {
            return await rendering.Value;
        }
        finally
        {
            begun.TryRemove(KeyValuePair.Create(key, rendering));
        }
    }

    private async Task<Rendered> KeptOrNewAsync(RenderingKey key, OrderDocument document, string language, CancellationToken stop)
    {
        if (await FindAsync(key, stop) is { } kept)
            return kept;
        var words = Words.In(language);
        var pdf = await printer.PrintAsync(await template.PrintAsync(document, words), document.CapturedAt, stop);
        var rendered = new Rendered(
            await template.MailAsync(document, words), TextBody.Write(document, words), pdf, Convert.ToHexStringLower(SHA256.HashData(pdf)));

        // Another replica may have been faster: its bytes may be in a mail already, so they count.
        return await KeepAsync(key, language, rendered, stop) ? rendered : await FindAsync(key, stop) ?? rendered;
    }

    private async Task<Rendered?> FindAsync(RenderingKey key, CancellationToken stop)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(AsCompany(key.CompanyId));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select html, body, pdf, sha256 from rendering where company_id = $1 and record_id = $2 and revision = $3 and template = $4")
        {
            Parameters = { new() { Value = key.CompanyId }, new() { Value = key.RecordId }, new() { Value = key.Revision }, new() { Value = key.Template } },
        });
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        return await reader.ReadAsync(stop)
            ? new Rendered(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetString(3))
            : null;
    }

    private async Task<bool> KeepAsync(RenderingKey key, string language, Rendered rendered, CancellationToken stop)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(AsCompany(key.CompanyId));
        var insert = new NpgsqlBatchCommand("""
            insert into rendering (company_id, record_id, revision, template, language, html, body, pdf, sha256, rendered_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing
            """)
        {
            Parameters =
            {
                new() { Value = key.CompanyId }, new() { Value = key.RecordId }, new() { Value = key.Revision }, new() { Value = key.Template },
                new() { Value = language }, new() { Value = rendered.Html }, new() { Value = rendered.Text }, new() { Value = rendered.Pdf },
                new() { Value = rendered.PdfSha256 }, new() { Value = clock.GetUtcNow() },
            },
        };
        batch.BatchCommands.Add(insert);
        await batch.ExecuteNonQueryAsync(stop);
        return insert.RecordsAffected == 1;
    }

    private static NpgsqlBatchCommand AsCompany(Guid company) =>
        new("select set_config('app.company', $1, true)") { Parameters = { new() { Value = company.ToString("D") } } };
}

/// <summary>What a rendering is of.</summary>
internal sealed record RenderingKey(Guid CompanyId, Guid RecordId, int Revision, string Template);

/// <summary>A document as it goes out.</summary>
internal sealed record Rendered(string Html, string Text, byte[] Pdf, string PdfSha256);
