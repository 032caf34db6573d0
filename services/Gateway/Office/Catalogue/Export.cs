using Npgsql;
using OrderSync.Gateway.Office.Search;
using OrderSync.Gateway.Storage;

namespace OrderSync.Gateway.Office.Catalogue;

/// <summary>Reads a collection: a page as JSON, or all of it as CSV, which can be loaded again as it is.</summary>
internal sealed class Export(NpgsqlDataSource database)
{
    private const int Part = 1_000;

    /// <summary>A page, and the key after which the next one begins.</summary>
    public async Task<(IReadOnlyList<T> Rows, string? Next)> PageAsync<T>(
        OfficeIdentity office, Collection<T> collection, object after, string? search, int limit, CancellationToken stop) where T : class
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var batch = CompanyBatch.For(connection, office.CompanyId);
        batch.Add(collection.Read, office.CompanyId, after, CompanyBatch.Maybe(string.IsNullOrWhiteSpace(search) ? null : Candidates.Pattern(search)), limit + 1);
        var rows = new List<T>();
        await using var reader = await batch.ReadAsync(stop);
        while (await reader.ReadAsync(stop))
            rows.Add(collection.Row(reader));
        if (rows.Count <= limit)
            return (rows, null);

        rows.RemoveAt(limit);
        return (rows, collection.KeyOf(rows[^1]));
    }

    /// <summary>All rows from a key on, page by page; no connection is held while the caller reads.</summary>
    public IResult Csv<T>(OfficeIdentity office, Collection<T> collection, Sheet<T> sheet, object from, string? search) where T : class => Results.Stream(async stream =>
    {
        var after = from;
        for (var header = true; ; header = false)
        {
            var (rows, next) = await PageAsync(office, collection, after, search, Part, CancellationToken.None);
            await stream.WriteAsync(sheet.Write(rows, header));
            if (next is null)
                return;
            after = collection.After(next)!;
        }
    }, "text/csv; charset=utf-8", $"{collection.Name}.csv");
}
