using OrderSync.ServiceDefaults;

namespace OrderSync.Console.Gateway;

/// <summary>Where the gateway is, section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    /// <summary>Its address; unset = where the AppHost runs it.</summary>
    public Uri? Address { get; set; }

    /// <summary>Longest time a page waits for one answer of it.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);
}

internal static class AddGatewayClientExtensions
{
    public static void AddGatewayClient(this WebApplicationBuilder builder)
    {
        const string Discovered = "services:gateway:http:0";
        var found = builder.Configuration[Discovered];
        builder.AddValidatedOptions<GatewayOptions>("Gateway", gateway =>
            gateway.Address is null && found is null ? "Address must be the gateway's, such as http://gateway:8080"
            : gateway.Patience <= TimeSpan.Zero ? "Patience must be a time, such as 00:00:05"
            : null);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddHttpClient<GatewayClient>((services, http) =>
        {
            var options = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<GatewayOptions>>().Value;
            http.BaseAddress = options.Address ?? new Uri(found!);
            http.Timeout = options.Patience;
        });
        builder.Services.AddHttpClient(GatewayClient.Files, (services, http) => http.BaseAddress = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<GatewayOptions>>().Value.Address ?? new Uri(found!));
    }
}
