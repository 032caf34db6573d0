using System.ComponentModel;
using OrderSync.Gateway.Office.Catalogue;

namespace OrderSync.Gateway.Office.Prices;

/// <summary>Price lists, prices and stock: what a company without an ERP keeps here, and what connections bring beside it.</summary>
internal static class AddPricesExtensions
{
    public static void AddPrices(this IServiceCollection services) => services.AddSingleton<PriceLook>()
        .AddSingleton<Collection<PriceListRow>, PriceLists>().AddSingleton<Collection<PriceRow>, Prices>().AddSingleton<Collection<StockRow>, StockRows>()
        .AddSingleton(CatalogueApi.SheetOf<PriceListRow>).AddSingleton(CatalogueApi.SheetOf<PriceRow>).AddSingleton(CatalogueApi.SheetOf<StockRow>);

    public static void MapPrices(this IEndpointRouteBuilder look, IEndpointRouteBuilder change)
    {
        CatalogueApi.Map<PriceListRow, PriceListList>(look, change, "price-lists", list => list.PriceLists, (rows, next) => new(rows, next));
        CatalogueApi.Map<PriceRow, PriceRowList>(look, change, "prices", list => list.Prices, (rows, next) => new(rows, next));
        CatalogueApi.Map<StockRow, StockList>(look, change, "stock", list => list.Stock, (rows, next) => new(rows, next));
        look.MapGet("/prices/look", (
                    OfficeIdentity office, PriceLook prices, [Description("Number, code or id of the customer; absent = nobody yet.")] string? customer, [Description("The product.")] string? sku,
                    [Description("How many; more than 0.")] decimal? quantity, [Description("ISO 4217; absent = whichever there is.")] string? currency, CancellationToken stop) =>
                prices.GetAsync(office, customer, sku, quantity, currency, stop))
            .WithSummary("Looks up a price as devices do: the customer's own, else their list's, else the product's").Produces<PriceAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
    }
}
