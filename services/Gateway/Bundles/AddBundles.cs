using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using OrderSync.Gateway.Office;
using OrderSync.Gateway.Office.Access;
using OrderSync.ServiceDefaults;

namespace OrderSync.Gateway.Bundles;

/// <summary>What a device could not send itself, brought as a file.</summary>
internal static class AddBundlesExtensions
{
    public static void AddBundles(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<BundleSettings>("Bundles", settings => settings.WhyNot());
        builder.Services.AddSingleton<BundleSeal>().AddSingleton<BundleKeys>().AddSingleton<BundleStore>().AddSingleton<BundlePush>().AddSingleton<BundleImport>().AddSingleton<BundleApproval>().AddSingleton<BundlePages>();
    }

    public static void MapBundles(this IEndpointRouteBuilder app)
    {
        var look = app.MapGroup("/v1/office/bundles").RequireAuthorization(OfficeAuthentication.Scheme_).WithTags("Bundles");
        look.MapGet("", (OfficeIdentity office, BundlePages pages, CancellationToken stop) => pages.ListAsync(office, stop))
            .WithSummary("Lists the bundles that came last, with how far they are").Produces<BundleList>();
        look.MapGet("/{id:guid}", (OfficeIdentity office, BundlePages pages, Guid id, CancellationToken stop) => pages.GetAsync(office, id, stop))
            .WithSummary("Shows how far one bundle is").Produces<BundleRow>().ProducesProblem(StatusCodes.Status404NotFound);
        look.MapGet("/{id:guid}/records", (OfficeIdentity office, BundlePages pages, Guid id, HttpRequest request, [Description("taken, refused, held or rejected")] string? state,
                [Description("`nextPart` of the page before.")] int? afterPart, [Description("`nextLine` of the page before.")] int? afterLine, int? limit, CancellationToken stop) =>
            pages.RecordsAsync(office, id, request, state, afterPart, afterLine, limit, stop))
            .WithSummary("Lists what became of each record of a bundle").Produces<BundleRecordList>().ProducesProblem(StatusCodes.Status404NotFound);

        var change = look.MapGroup("").RequireAuthorization(Roles.Change);
        change.MapPost("", (OfficeIdentity office, BundleImport import, HttpContext http, [Description("Which part of a file the first one is, where it is brought piece by piece; 1 if not given.")] int? place, CancellationToken stop) => import.HandleAsync(office, http, place, stop))
            .WithSummary("Takes a bundle a device has exported, or parts of one, any number of times")
            .WithDescription("The file as it is. Each part is checked and taken by itself; one that is refused says why and holds up no other.")
            .Accepts<byte[]>("*/*").Produces<BundleImportAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new RequestSizeLimitAttribute(BundleFile.MostBytes));
        change.MapPost("/{id:guid}/approve", (OfficeIdentity office, BundleApproval approval, Guid id, BundleDecision decision, HttpRequest request, CancellationToken stop) => approval.ApproveAsync(office, id, decision, request, stop))
            .WithSummary("Takes records of a revoked device").Produces<BundleDecided>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        change.MapPost("/{id:guid}/reject", (OfficeIdentity office, BundleApproval approval, Guid id, BundleDecision decision, HttpRequest request, CancellationToken stop) => approval.RejectAsync(office, id, decision, request, stop))
            .WithSummary("Leaves records of a revoked device out; they are kept and can be approved later").Produces<BundleDecided>().ProducesProblem(StatusCodes.Status404NotFound);
    }
}
