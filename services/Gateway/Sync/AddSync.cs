using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Sync.Looks;

namespace OrderSync.Gateway.Sync;

/// <summary>What devices call to sync.</summary>
internal static class AddSyncExtensions
{
    public static void AddSync(this IHostApplicationBuilder builder)
    {
        foreach (var kind in RecordKinds.All)
            builder.Services.AddSingleton(kind);
        builder.Services.AddSingleton<Series>();
        builder.Services.AddSingleton<ILook, ItemLook>().AddSingleton<ILook, CustomerLook>().AddSingleton<ILook, AwaitedLook>().AddSingleton<ILook, PriceListLook>().AddSingleton<ILook, ProvenLook>();
        builder.Services.AddSingleton<ILook, VisitLook>().AddSingleton<ILook, AttendanceLook>().AddSingleton<ILook, FormLook>();
        builder.Services.AddSingleton<Rules>().AddSingleton<RepeatedRecords>().AddSingleton<PushStore>().AddSingleton<Proofs>().AddSingleton<Offers>().AddSingleton<PushEndpoint>();
        builder.Services.AddSingleton<JudgedAgain>().AddSingleton<WaitingReasons>().AddSingleton<Releases>().AddHostedService(services => services.GetRequiredService<Releases>());
    }

    public static void MapSync(this IEndpointRouteBuilder app)
    {
        var sync = app.MapGroup("/v1").WithTags("Sync");
        sync.MapPost("/sync/push", (HttpContext http, PushEndpoint push, CancellationToken stop) => push.HandleAsync(http, stop))
            .RequireAuthorization(DeviceAuthentication.Scheme_).WithMetadata(new AsksForStandingItself())
            .WithSummary("Takes what a device captured; one verdict a record, in the order sent")
            .WithDescription("A record that was acknowledged before may stand beside the proof of its verdict: {\"proof\":\"…\",\"record\":{…}}, in this order. The header OrderSync-Cursor may carry the device's last cursor.")
            .Accepts<IReadOnlyList<Contracts.Records.RecordEnvelope>>("application/json").Produces<PushAnswer>().ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }
}
