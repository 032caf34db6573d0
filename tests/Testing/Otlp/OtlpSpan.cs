namespace OrderSync.Testing;

/// <summary>What a span stands for, as OTLP numbers it.</summary>
public enum OtlpSpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>A span as a service exported it; ids are lower-case hex, empty when there is none.</summary>
public sealed record OtlpSpan(
    string Service, string Scope, string TraceId, string SpanId, string ParentSpanId, string Name, OtlpSpanKind Kind,
    DateTimeOffset Start, DateTimeOffset End, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> LinkedTraceIds, bool Failed);

/// <summary>A log line as a service exported it.</summary>
public sealed record OtlpLog(string Service, string Category, string Severity, string Message, string TraceId, string SpanId);

/// <summary>A metric a service exported.</summary>
/// <param name="Service">The service.</param>
/// <param name="Meter">Its meter.</param>
/// <param name="Name">Name of the metric.</param>
/// <param name="Points">Values of gauges and counters with what they are measured by; empty for histograms.</param>
public sealed record OtlpMetric(string Service, string Meter, string Name, IReadOnlyList<OtlpPoint> Points);

/// <summary>One value of a metric.</summary>
public sealed record OtlpPoint(IReadOnlyDictionary<string, string> Attributes, double Value);
