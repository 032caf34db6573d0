using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office;

namespace OrderSync.Gateway.Images;

/// <summary>Images of products: kept by the office, fetched by devices apart from all other data.</summary>
internal static class AddImagesExtensions
{
    private static readonly string[] Kinds = ["image/png", "image/webp"];

    public static void AddImages(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<ProductImages>().AddSingleton<ImageEndpoint>();

    public static void MapImages(this IEndpointRouteBuilder look, IEndpointRouteBuilder change)
    {
        const string place = "Where the image stands among the product's: 1 to 20; the first is shown in lists.";
        look.MapGet("/products/{sku}/images", (OfficeIdentity office, ProductImages images, [Description("The product.")] string sku, CancellationToken stop) => images.ListAsync(office, sku, stop))
            .WithSummary("Lists the images of a product").Produces<ProductImageList>();
        change.MapPut("/products/{sku}/images/{place}", (OfficeIdentity office, ProductImages images, [Description("The product.")] string sku, [Description(place)] int place, HttpRequest request, CancellationToken stop) =>
                images.PutAsync(office, sku, place, request, stop))
            .WithSummary("Puts an image at a place of a product; the same bytes again change nothing").WithDescription("The body is the image itself: JPEG, PNG or WebP, at most 2 MB.")
            .Accepts<byte[]>("*/*").Produces<ProductImage>().ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .WithMetadata(new RequestSizeLimitAttribute(ProductImages.MostBytes + 1));
        change.MapDelete("/products/{sku}/images/{place}", (OfficeIdentity office, ProductImages images, [Description("The product.")] string sku, [Description(place)] int place, CancellationToken stop) =>
                images.DeleteAsync(office, sku, place, stop))
            .WithSummary("Takes an image of a product away").Produces(StatusCodes.Status204NoContent);
    }

    public static void MapDeviceImages(this IEndpointRouteBuilder app) => app.MapGroup("/v1").WithTags("Sync")
        .MapGet("/sync/images/{sha256}", (HttpContext http, ImageEndpoint images, string sha256, CancellationToken stop) => images.HandleAsync(http, sha256, stop))
        .RequireAuthorization(DeviceAuthentication.Scheme_).WithSummary("Gives the bytes of an image; takes Range and If-None-Match")
        .Produces<byte[]>(StatusCodes.Status200OK, "image/jpeg", Kinds).Produces<byte[]>(StatusCodes.Status206PartialContent, "image/jpeg", Kinds);
}
