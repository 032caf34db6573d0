namespace OrderSync.Gateway.Devices;

/// <summary>Enrolment and tokens of devices.</summary>
internal static class AddDevicesExtensions
{
    public static void AddDevices(this IHostApplicationBuilder builder) => builder.Services
        .AddSingleton<AccessTokens>().AddSingleton<RefreshTokens>().AddSingleton<EnrolEndpoint>().AddSingleton<RefreshEndpoint>().AddSingleton<SelfEndpoint>();

    public static void MapDevices(this IEndpointRouteBuilder app)
    {
        var devices = app.MapGroup("/v1/devices").WithTags("Devices");
        devices.MapPost("/enrol", (HttpContext http, EnrolRequest request, EnrolEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(http, request, stop));
        devices.MapPost("/token", (HttpContext http, RefreshRequest request, RefreshEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(http, request, stop));
        devices.MapGet("/self", (HttpContext http, SelfEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(http, stop))
            .RequireAuthorization(DeviceAuthentication.Scheme_);
    }
}
