using System.ComponentModel;
using OrderSync.Gateway.Devices;
using OrderSync.Gateway.Office.Access;

namespace OrderSync.Gateway.Office.Staff;

/// <summary>Branches, reps and their devices.</summary>
internal static class AddStaffExtensions
{
    public static void AddStaff(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<Branches>().AddSingleton<NumberSeries>().AddSingleton<Reps>().AddSingleton<EnrolledDevices>();

    public static void MapStaff(this IEndpointRouteBuilder office)
    {
        office.MapGet("/branches", (OfficeIdentity who, Branches branches, string? after, int? limit, CancellationToken stop) => branches.ListAsync(who, after, limit, stop))
            .WithSummary("Lists branches").Produces<BranchList>();
        office.MapGet("/branches/{code}/series", (OfficeIdentity who, NumberSeries series, string code, CancellationToken stop) => series.ListAsync(who, code, stop))
            .WithSummary("Lists the number series of a branch, one a kind").Produces<SeriesList>().ProducesProblem(StatusCodes.Status404NotFound);
        office.MapGet("/reps", (OfficeIdentity who, Reps reps, Guid? after, int? limit, CancellationToken stop) => reps.ListAsync(who, after, limit, stop))
            .WithSummary("Lists reps").Produces<RepList>();
        office.MapGet("/reps/{id:guid}", (OfficeIdentity who, Reps reps, Guid id, CancellationToken stop) => reps.GetAsync(who, id, stop))
            .WithSummary("Shows one rep").Produces<StaffRow>();
        office.MapGet("/devices", (OfficeIdentity who, EnrolledDevices devices, [Description("active, revoked, waiting, clockWrong or neverPushed")] string? state,
                [Description("Only devices with this text in their name, hardware, app, rep or branch.")] string? search, Guid? after, int? limit, CancellationToken stop) =>
            devices.ListAsync(who, state, search, after, limit, stop)).ForOps()
            .WithSummary("Lists devices").Produces<DeviceList>();
        office.MapGet("/devices/{id:guid}", (OfficeIdentity who, EnrolledDevices devices, Guid id, CancellationToken stop) => devices.GetAsync(who, id, stop)).ForOps()
            .WithSummary("Shows one device").Produces<DeviceRow>();

        var change = office.MapGroup("").RequireAuthorization(Roles.Change);
        change.MapPut("/branches/{code}", (OfficeIdentity who, Branches branches, [Description("The branch's code, 20 characters at most.")] string code, BranchRequest request, CancellationToken stop) => branches.PutAsync(who, code, request, stop))
            .WithSummary("Makes or renames a branch").Produces<BranchAnswer>();
        change.MapPut("/branches/{code}/series/{kind}", (OfficeIdentity who, NumberSeries series, string code, string kind, SeriesRequest request, CancellationToken stop) => series.PutAsync(who, code, kind, request, stop))
            .WithSummary("Says how the numbers of a branch's records of a kind look from now on").Produces<SeriesList>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        change.MapPut("/reps/{id:guid}", (OfficeIdentity who, Reps reps, Guid id, RepRequest request, CancellationToken stop) => reps.PutAsync(who, id, request, stop))
            .WithSummary("Makes or changes a rep, switches one off or on").Produces<RepAnswer>().ProducesProblem(StatusCodes.Status409Conflict);
        change.MapPost("/devices/{id:guid}/revoke", (OfficeIdentity who, EnrolledDevices devices, Guid id, RevokeRequest request, CancellationToken stop) =>
            devices.RevokeAsync(who, id, request, stop))
            .WithSummary("Revokes a device from its next request on").Produces<DeviceRow>();
        change.MapPost("/devices/{id:guid}/restore", (OfficeIdentity who, EnrolledDevices devices, Guid id, CancellationToken stop) => devices.RestoreAsync(who, id, stop))
            .WithSummary("Restores a revoked device").Produces<DeviceRow>();
        change.MapPut("/devices/{id:guid}/class", (OfficeIdentity who, EnrolledDevices devices, Guid id, ClassRequest request, CancellationToken stop) => devices.ClassifyAsync(who, id, request, stop))
            .WithSummary("Says what kind of device it is: phone, tablet or register").Produces<DeviceRow>();
        change.MapPut("/devices/{id:guid}/switches", (OfficeIdentity who, DeviceSwitches switches, Guid id, SwitchesRequest request, CancellationToken stop) => switches.SetAsync(who, id, request, stop))
            .WithSummary("Sets setup switches of a device; it follows with its next look").Produces<SwitchList>();
    }
}
