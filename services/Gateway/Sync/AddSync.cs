using OrderSync.Gateway.Coupons;
using OrderSync.Gateway.Customers;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Lots;
using OrderSync.Gateway.Policies;
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
        builder.Services.AddSingleton<ILook, PolicyLook>().AddSingleton<ILook, CouponLook>().AddSingleton<ILook, LotLook>();
        builder.Services.AddSingleton<ILook, VisitLook>().AddSingleton<ILook, AttendanceLook>().AddSingleton<ILook, FormLook>();
        builder.Services.AddSingleton<Rules>().AddSingleton<RepeatedRecords>().AddSingleton<PushStore>().AddSingleton<Proofs>().AddSingleton<Offers>().AddSingleton<PushPath>().AddSingleton<PushStream>().AddSingleton<PushEndpoint>();
        builder.Services.AddSingleton<DeviceCapabilities>().AddSingleton<JudgedAgain>().AddSingleton<Merges>().AddSingleton<Repoints>().AddSingleton<WaitingReasons>();
        builder.Services.AddSingleton<Releases>().AddHostedService(services => services.GetRequiredService<Releases>());
    }

    public static void MapSync(this IEndpointRouteBuilder app)
    {
        var sync = app.MapGroup("/v1").WithTags("Sync");
        sync.MapPost("/sync/push", (HttpContext http, PushEndpoint push, CancellationToken stop) => push.HandleAsync(http, stop))
            .RequireAuthorization(DeviceAuthentication.Scheme_).WithMetadata(new AsksForStandingItself())
            .WithSummary("Takes what a device captured; one verdict a record, in the order sent")
            .WithDescription("A record that was acknowledged before may stand beside the proof of its verdict: {\"proof\":\"…\",\"record\":{…}}, in this order. The header OrderSync-Cursor may carry the device's last cursor. Lines (application/x-ndjson) are committed chunk by chunk and answered by lines: a verdict each, at last {\"end\":true,\"received\":n}.")
            .Accepts<IReadOnlyList<Contracts.Records.RecordEnvelope>>("application/json", PushEndpoint.Lines).Produces<PushAnswer>().ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
        sync.MapGet("/sync/capabilities", (HttpContext http, DeviceCapabilities capabilities, CancellationToken stop) => capabilities.HandleAsync(http, stop))
            .RequireAuthorization(DeviceAuthentication.Scheme_).WithSummary("Says what this device can do offline and what it needs a connection for").Produces<DeviceCapabilitiesAnswer>();
    }
}
