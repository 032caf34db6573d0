using System.Security.Cryptography;
using Npgsql;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Images;

/// <summary>An image of a product.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Place">Where it stands among the product's images; the first is shown in lists.</param>
/// <param name="Sha256">SHA-256 of its bytes, in hexadecimal: devices fetch it by this.</param>
/// <param name="Bytes">How many.</param>
/// <param name="ContentType">image/jpeg, image/png or image/webp.</param>
internal sealed record ProductImage(string Sku, int Place, string Sha256, int Bytes, string ContentType);

internal sealed record ProductImageList(IReadOnlyList<ProductImage> Images);

/// <summary>Images of products as the office keeps them. Equal bytes are kept once for a company, and not at all once no product shows them.</summary>
internal sealed class ProductImages(NpgsqlDataSource database, TimeProvider time)
{
    public const int MostBytes = 2 * 1024 * 1024;
    private const int MostPlaces = 20;

    private const string Select = """
        select p.sku, p.place, encode(p.sha256, 'hex'), length(i.bytes), i.content_type from product_image p join image i on i.company_id = p.company_id and i.sha256 = p.sha256
        where p.company_id = $1 and p.sku = $2
        """;

    // One change of a company's images at a time: bytes never go while another product begins to show them.
    private const string Turn = "select pg_advisory_xact_lock(727002, hashtext($1::text))";

    private const string Sweep = "delete from image i where i.company_id = $1 and i.sha256 = $2 and not exists (select from product_image p where p.company_id = $1 and p.sha256 = i.sha256)";

    public async Task<IResult> ListAsync(OfficeIdentity office, string sku, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add($"{Select} order by p.place", office.CompanyId, sku);
        return Results.Ok(new ProductImageList(await RowsAsync(batch, stop)));
    }

    public async Task<IResult> PutAsync(OfficeIdentity office, string sku, int place, HttpRequest request, CancellationToken stop)
    {
        if (place is < 1 or > MostPlaces)
            return Problems.Bad("image.place", $"place is from 1 to {MostPlaces}; 1 is the image shown in lists.");
        if (await ReadAsync(request, stop) is not { } bytes)
            return Problems.TooLarge("image.tooLarge", $"The image is larger than {MostBytes / 1024 / 1024} MB. Make it smaller; devices fetch it over mobile lines.");
        if (ImageKind.Of(bytes) is not { } type)
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "image.kind", "These bytes are no JPEG, PNG or WebP image. Send one of these.");

        var hash = SHA256.HashData(bytes);
        var wanted = new ProductImage(sku, place, Convert.ToHexStringLower(hash), bytes.Length, type);
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var (known, before) = await LookAsync(connection, transaction, office.CompanyId, sku, place, stop);
        if (!known)
            return Problems.NotFound("product.unknown", $"There is no product {sku}. Load it first.");
        if (before == wanted)
            return Results.Ok(wanted);

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("insert into image (company_id, sha256, content_type, bytes, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing", office.CompanyId, hash, type, bytes, time.GetUtcNow());
        batch.Add("insert into product_image (company_id, sku, place, sha256) values ($1, $2, $3, $4) on conflict (company_id, sku, place) do update set sha256 = excluded.sha256", office.CompanyId, sku, place, hash);
        if (before is not null)
            batch.Add(Sweep, office.CompanyId, Convert.FromHexString(before.Sha256));
        AuditLog.Add(batch, office, time.GetUtcNow(), "image.put", $"{sku}/{place}", before is null ? null : new { before.Sha256 }, new { wanted.Sha256, wanted.Bytes });
        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return Results.Ok(wanted);
    }

    public async Task<IResult> DeleteAsync(OfficeIdentity office, string sku, int place, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        if (await LookAsync(connection, transaction, office.CompanyId, sku, place, stop) is not (_, { } before))
            return Problems.NotFound("image.unknown", "There is no image at this place of this product.");

        await using var batch = CompanyBatch.For(connection, office.CompanyId, transaction);
        batch.Add("delete from product_image where company_id = $1 and sku = $2 and place = $3", office.CompanyId, sku, place);
        batch.Add(Sweep, office.CompanyId, Convert.FromHexString(before.Sha256));
        AuditLog.Add(batch, office, time.GetUtcNow(), "image.delete", $"{sku}/{place}", new { before.Sha256 }, null);
        await batch.ExecuteNonQueryAsync(stop);
        await transaction.CommitAsync(stop);
        return Results.NoContent();
    }

    private static async Task<(bool Known, ProductImage? Image)> LookAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid company, string sku, int place, CancellationToken stop)
    {
        await using (var batch = CompanyBatch.For(connection, company, transaction))
        {
            batch.Add(Turn, company);
            await batch.ExecuteNonQueryAsync(stop);
        }

        await using var look = CompanyBatch.For(connection, company, transaction);
        look.Add($"{Select} and p.place = $3", company, sku, place);
        look.Add("select from item where company_id = $1 and sku = $2 and not removed", company, sku);
        await using var reader = await look.ReadAsync(stop);
        var image = await reader.ReadAsync(stop) ? Row(reader) : null;
        await reader.NextResultAsync(stop);
        return (await reader.ReadAsync(stop), image);
    }

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength > MostBytes)
            return null;
        using var bytes = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, stop)) > 0;)
        {
            if (bytes.Length + read > MostBytes)
                return null;
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static async Task<List<ProductImage>> RowsAsync(NpgsqlBatch batch, CancellationToken stop)
    {
        var rows = new List<ProductImage>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(Row(reader));
        return rows;
    }

    private static ProductImage Row(NpgsqlDataReader row) => new(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3), row.GetString(4));
}
