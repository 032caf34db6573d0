using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Office.Archive;

/// <summary>Records given away and taken again: for spreadsheets, for keeping, for another system.</summary>
internal static class AddArchiveExtensions
{
    public static void AddArchive(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<RecordExport>().AddSingleton<RecordImport>();

    public static void MapArchive(this IEndpointRouteBuilder look, IEndpointRouteBuilder change)
    {
        look.MapGet("/export", (OfficeIdentity office, RecordExport export, HttpRequest request, [Description("order, quote, receipt, customer …; all kinds if not given.")] string? kind,
                    [Description("accepted, waiting, held, refused or stopped; all if not given.")] string? state) => export.Get(office, request, kind, state))
            .WithSummary("Exports records with what was captured, byte for byte, as JSON or CSV").Produces<RecordArchive>(StatusCodes.Status200OK, "application/json", "text/csv");
        change.MapPost("/import", (OfficeIdentity office, RecordImport import, HttpRequest request, CancellationToken stop) => import.TakeAsync(office, request, stop))
            .WithSummary("Takes what an export gave, by the path of a push; what stands is a duplicate").Accepts<ImportRequest>("application/json", "text/csv").Produces<ImportAnswer>()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).WithMetadata(new RequestSizeLimitAttribute(PushLimits.BytesUnpacked));
    }
}
