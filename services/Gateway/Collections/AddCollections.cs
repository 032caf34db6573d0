using System.ComponentModel;
using OrderSync.Contracts.Catalogue;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Collections;

/// <summary>What connectors bring back: catalogue, prices, stock, customers, how far documents are.</summary>
internal static class AddCollectionsExtensions
{
    public static void AddCollections(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PulledStore>().AddSingleton<Sources>();
        builder.Services.AddSingleton<ILevels, ItemLevels>().AddSingleton<ILevels, CustomerLevels>().AddSingleton<ILevels, PriceListLevels>().AddSingleton<ILevels, PriceLevels>()
            .AddSingleton<ILevels, StockLevels>().AddSingleton<ILevels>(new DocumentLevels(CollectionNames.Orders)).AddSingleton<ILevels>(new DocumentLevels(CollectionNames.Invoices));
    }

    public static void MapCollections(this IEndpointRouteBuilder office)
    {
        office.MapGet("/collections", (OfficeIdentity who, Sources sources, CancellationToken stop) => sources.ListAsync(who, stop))
            .WithSummary("Lists what is brought back from destinations, from which connection, and how its last look ended").Produces<CollectionList>();
        office.MapPut("/collections/{collection}", (OfficeIdentity who, Sources sources, [Description("items, priceLists, prices, stock, customers, orders or invoices")] string collection,
                SourceRequest? request, CancellationToken stop) => sources.ChangeAsync(who, collection, request, stop))
            .RequireAuthorization(Roles.Change).WithSummary("Chooses the connection whose rows of a collection count").Produces<CollectionList>().ProducesProblem(StatusCodes.Status404NotFound);
    }
}
