using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OrderSync.ServiceDefaults.Http;
using OrderSync.ServiceDefaults.Telemetry;

namespace OrderSync.ServiceDefaults;

/// <summary>What every service shares: telemetry, health, outgoing HTTP, graceful stop. One call each in Program.cs.</summary>
public static class AddServiceDefaultsExtensions
{
    /// <summary>Under this name a health check may say what a person is to do; <c>/health</c> shows it.</summary>
    internal const string Advice = "advice";

    /// <summary>Adds telemetry over OTLP (when an endpoint is configured), health checks, careful HTTP clients and a 20 s graceful stop.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddLogLevels();
        builder.AddTelemetry();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.AddCarefulHttpClients();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (ready for work: database and bus reachable) and <c>/alive</c> (the process answers), in every environment.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        // Degraded is what MassTransit says once its broker has gone: not ready either.
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync, ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable } }).AllowAnonymous().ExcludeFromDescription();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") }).AllowAnonymous().ExcludeFromDescription();
        return app;
    }

    // The lowest priority of all sources: whoever sets Logging__LogLevel__… gets what they ask for.
    private static void AddLogLevels(this IHostApplicationBuilder builder) => builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
    {
        InitialData = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
            ["Logging:LogLevel:System"] = "Warning",
            ["Logging:LogLevel:Npgsql"] = "Warning",
            ["Logging:LogLevel:MassTransit"] = "Warning",
        },
    });

    // Says which part is missing and what is to be done about it, but no exception texts: /health is open to whoever reaches the port.
    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json";
        var parts = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString());
        var advice = report.Entries.Values.Select(entry => entry.Data.GetValueOrDefault(Advice)).OfType<string>();
        return http.Response.WriteAsync(JsonSerializer.Serialize(new { status = report.Status.ToString(), parts, advice }));
    }

    private static IEndpointConventionBuilder ExcludeFromDescription(this IEndpointConventionBuilder endpoint)
    {
        endpoint.Add(built => built.Metadata.Add(new ExcludeFromDescriptionAttribute()));
        return endpoint;
    }
}
