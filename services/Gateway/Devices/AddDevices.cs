namespace OrderSync.Gateway.Devices;

/// <summary>Enrolment and tokens of devices.</summary>
internal static class AddDevicesExtensions
{
    public static void AddDevices(this IHostApplicationBuilder builder) => builder.Services
        .AddSingleton<AccessTokens>().AddSingleton<RefreshTokens>().AddSingleton<EnrolEndpoint>().AddSingleton<RefreshEndpoint>().AddSingleton<SelfEndpoint>()
        .AddSingleton<DeviceSwitches>();

    public static void MapDevices(this IEndpointRouteBuilder app)
    {
        var devices = app.MapGroup("/v1/devices").WithTags("Devices");
        devices.MapPost("/enrol", (HttpContext http, EnrolRequest request, EnrolEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(http, request, stop))
            .WithSummary("Exchanges a one-time code for credentials").Produces<EnrolAnswer>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        devices.MapPost("/token", (HttpContext http, RefreshRequest request, RefreshEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(http, request, stop))
            .WithSummary("Exchanges a refresh token, signed by the device key, for a new pair").Produces<RefreshAnswer>().ProducesProblem(StatusCodes.Status401Unauthorized);
        devices.MapGet("/self", (HttpContext http, SelfEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(http, stop))
            .RequireAuthorization(DeviceAuthentication.Scheme_).WithSummary("Tells a device how the office has it").Produces<DeviceSelf>();
        devices.MapPut("/self/switches", (HttpContext http, SwitchesRequest request, DeviceSwitches switches, CancellationToken stop) => switches.SetAsync(http, request, stop))
            .RequireAuthorization(DeviceAuthentication.Scheme_).WithSummary("Notes which setup switches are on, as somebody set them on the device").Produces<SwitchList>();
    }
}
