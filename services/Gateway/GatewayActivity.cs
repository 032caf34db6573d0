using System.Diagnostics;
using OrderSync.ServiceDefaults.Telemetry;

namespace OrderSync.Gateway;

/// <summary>The gateway's own spans, continued from the trace that is stored with a record.</summary>
internal static class GatewayActivity
{
    private static readonly ActivitySource Source = new(AddTelemetryExtensions.SourcePrefix + "Gateway");

    /// <summary>Starts a span under a stored trace context; null when nobody listens.</summary>
    public static Activity? Start(string name, string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)
            ? Source.StartActivity(name, ActivityKind.Internal, parent)
            : Source.StartActivity(name);
}
