using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OrderSync.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs over OTLP from the framework's own sources.</summary>
public static class AddTelemetryExtensions
{
    /// <summary>Name prefix of our own activity sources and meters.</summary>
    public const string SourcePrefix = "OrderSync.";

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // .NET 10 leaves its server spans empty while an instrumentation package is expected to fill them.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        var telemetry = new TelemetryBuilder(builder.Services);
        telemetry.WithTracing(tracing => tracing
            .ConfigureResource(Describe)
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", SourcePrefix + "*"));
        telemetry.WithMetrics(metrics => metrics
            .ConfigureResource(Describe)
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", SourcePrefix + "*"));
        telemetry.WithLogging(logging => logging.ConfigureResource(Describe), options => options.IncludeFormattedMessage = true);
        telemetry.UseOtlpExporter();
        builder.Services.AddSingleton<IStartupFilter, RequestSpan>();
        builder.Services.AddHostedService<StartTelemetry>();

        void Describe(ResourceBuilder resource) => resource
            .AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName)
            .AddEnvironmentVariableDetector();
    }

    // OpenTelemetry.Extensions.Hosting offers this builder and the hosted service; these few lines need no package.
    private sealed class TelemetryBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services { get; } = services;
    }

    private sealed class StartTelemetry(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<TracerProvider>();
            services.GetService<MeterProvider>();
            services.GetService<LoggerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
