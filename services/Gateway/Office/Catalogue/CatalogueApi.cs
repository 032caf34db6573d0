using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace OrderSync.Gateway.Office.Catalogue;

/// <summary>Taxes, products, lots and customers in bulk: <c>/v1/office/products</c> and its like, as JSON or CSV.</summary>
internal static class CatalogueApi
{
    private const string Csv = "text/csv";
    private const int MostOnPage = 1_000;
    private const int UsualOnPage = 100;

    public static void AddCatalogue(this IServiceCollection services) =>
        services.AddSingleton<Bulk>().AddSingleton<Export>()
            .AddSingleton<Collection<TaxRow>, Taxes>().AddSingleton<Collection<ProductRow>, Products>().AddSingleton<Collection<CustomerRow>, Customers>()
            .AddSingleton<Collection<LotRow>, Lots>().AddSingleton(SheetOf<TaxRow>).AddSingleton(SheetOf<ProductRow>).AddSingleton(SheetOf<CustomerRow>).AddSingleton(SheetOf<LotRow>);

    public static void MapCatalogue(this IEndpointRouteBuilder look, IEndpointRouteBuilder change)
    {
        Map<TaxRow, TaxList>(look, change, "taxes", list => list.Taxes, (rows, next) => new(rows, next));
        Map<ProductRow, ProductList>(look, change, "products", list => list.Products, (rows, next) => new(rows, next));
        Map<CustomerRow, CustomerList>(look, change, "customers", list => list.Customers, (rows, next) => new(rows, next));
        Map<LotRow, LotList>(look, change, "lots", list => list.Lots, (rows, next) => new(rows, next));
    }

    /// <summary>Maps one collection: a list and a bulk load of it.</summary>
    public static void Map<TRow, TList>(
        IEndpointRouteBuilder look, IEndpointRouteBuilder change, string name, Func<TList, IReadOnlyList<TRow>?> rowsOf, Func<IReadOnlyList<TRow>, string?, TList> listOf)
        where TRow : class where TList : class
    {
        look.MapGet($"/{name}", (
                    OfficeIdentity office, Export export, Collection<TRow> collection, Sheet<TRow> sheet, HttpRequest request,
                    [Description("Only rows with this text in their key or name.")] string? search,
                    [Description("The value of `next` in the page before.")] string? after,
                    [Description("Rows on a page of JSON: 1 to 1000, 100 if not given. CSV has them all.")] int? limit, CancellationToken stop) =>
                GetAsync(office, export, collection, sheet, request, search, after, limit, listOf, stop))
            .WithSummary($"Lists {name}, by key, as JSON or CSV").Produces<TList>(StatusCodes.Status200OK, "application/json", Csv);

        change.MapPut($"/{name}", (OfficeIdentity office, Bulk bulk, Collection<TRow> collection, Sheet<TRow> sheet, IOptions<JsonOptions> json, HttpRequest request, CancellationToken stop) =>
                PutAsync(office, bulk, collection, sheet, json.Value.SerializerOptions, request, rowsOf, stop))
            .WithSummary($"Adds or replaces {name} by key; repeating it changes nothing")
            .WithDescription($"All rows are checked before the first is written; they are written at most 500 at a time. JSON: at most {Bulk.MostRows} rows. CSV: at most {Bulk.MostLines} rows of "
                + "UTF-8, with columns named as in JSON (dots for what is nested, such as body.email), divided by comma, semicolon or tab; an empty cell is an absent value.")
            .Accepts<TList>("application/json", Csv).Produces<BulkAnswer>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .WithMetadata(new RequestSizeLimitAttribute(Bulk.MostBytes));
    }

    private static async Task<IResult> GetAsync<TRow, TList>(
        OfficeIdentity office, Export export, Collection<TRow> collection, Sheet<TRow> sheet, HttpRequest request, string? search, string? after, int? limit,
        Func<IReadOnlyList<TRow>, string?, TList> listOf, CancellationToken stop) where TRow : class
    {
        if (search?.Length > 200 || search?.Contains('\0', StringComparison.Ordinal) == true || after?.Contains('\0', StringComparison.Ordinal) == true)
            return Problems.Bad("search.text", "search is longer than 200 characters or contains a NUL character. Give a shorter text.");
        if (collection.After(after) is not { } key)
            return Problems.Bad("search.next", "after is the value of next in the page before, unchanged. Leave it out to begin at the first.");
        if (request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase)))
            return export.Csv(office, collection, sheet, key, search);

        var (rows, next) = await export.PageAsync(office, collection, key, search, Math.Clamp(limit ?? UsualOnPage, 1, MostOnPage), stop);
        return Results.Ok(listOf(rows, next));
    }

    private static async Task<IResult> PutAsync<TRow, TList>(
        OfficeIdentity office, Bulk bulk, Collection<TRow> collection, Sheet<TRow> sheet, JsonSerializerOptions json, HttpRequest request, Func<TList, IReadOnlyList<TRow>?> rowsOf,
        CancellationToken stop) where TRow : class where TList : class
    {
        if (request.GetTypedHeaders().ContentType?.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase) == true)
            return await bulk.PutAsync(office, collection, sheet, request, stop);
        if (!request.HasJsonContentType())
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "request.contentType", "Send Content-Type: application/json or text/csv.");

        try
        {
            var list = await request.ReadFromJsonAsync<TList>(json, stop);
            return await bulk.PutAsync(office, collection, list is null ? null : rowsOf(list), stop);
        }
        catch (JsonException trouble)
        {
            throw new BadHttpRequestException("The body cannot be read.", StatusCodes.Status400BadRequest, trouble);
        }
    }

    public static Sheet<T> SheetOf<T>(IServiceProvider services) where T : class => new(services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
}
