namespace OrderSync.Gateway.Devices;

/// <summary>Enrolment and tokens of devices.</summary>
internal static class AddDevicesExtensions
{
    public static void AddDevices(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<AccessTokens>().AddSingleton<RefreshTokens>().AddSingleton<EnrolEndpoint>().AddSingleton<RefreshEndpoint>();

    public static void MapDevices(this IEndpointRouteBuilder app)
    {
        var devices = app.MapGroup("/v1/devices").WithTags("Devices");
        devices.MapPost("/enrol", (EnrolRequest request, EnrolEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(request, stop));
        devices.MapPost("/token", (RefreshRequest request, RefreshEndpoint endpoint, CancellationToken stop) => endpoint.HandleAsync(request, stop));
    }
}
