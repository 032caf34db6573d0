using System.Diagnostics.Metrics;
using OrderSync.ServiceDefaults.Telemetry;

namespace OrderSync.Gateway;

/// <summary>The gateway's own figures; docs/operating.md says what each means.</summary>
internal static class GatewayMeter
{
    private static readonly Meter Meter = new(AddTelemetryExtensions.SourcePrefix + "Gateway");
    private static readonly Counter<long> Verdicts = Meter.CreateCounter<long>("ordersync.gateway.verdicts", "{record}", "Records answered, by kind and outcome");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("ordersync.gateway.refusals", "{record}", "Records refused, by code");
    private static readonly Histogram<double> Push = Meter.CreateHistogram<double>("ordersync.gateway.push.duration", "s", "Time to judge and store the records of one push");
    private static readonly Histogram<double> Pull = Meter.CreateHistogram<double>("ordersync.gateway.pull.duration", "s", "Time until a pull was written, at the device's pace, by mode");
    private static readonly Counter<long> Sent = Meter.CreateCounter<long>("ordersync.gateway.relay.sent", "{message}", "Deliveries the broker confirmed, by connector");

    private static readonly Counter<long> Epochs = Meter.CreateCounter<long>("ordersync.gateway.epochs", "{epoch}", "Epochs begun because an older backup was put back, by what proved it");

    public static void EpochBegan(string fork) => Epochs.Add(1, new KeyValuePair<string, object?>("fork", fork));

    public static void Verdict(string kind, string outcome, string? code)
    {
        Verdicts.Add(1, new("kind", kind), new("outcome", outcome));
        if (outcome == "refused")
            Refusals.Add(1, new KeyValuePair<string, object?>("code", code));
    }

    public static void Pushed(TimeSpan took) => Push.Record(took.TotalSeconds);

    public static void Pulled(string mode, TimeSpan took) => Pull.Record(took.TotalSeconds, new KeyValuePair<string, object?>("mode", mode));

    public static void Relayed(string connector, int count) => Sent.Add(count, new KeyValuePair<string, object?>("connector", connector));

    /// <summary>Asked for when somebody collects figures.</summary>
    public static void Parked(Func<long> count) => Meter.CreateObservableGauge("ordersync.gateway.parked", count, "{message}", "Messages the gateway could not read that wait for a person");

    /// <summary>Asked for when somebody collects figures.</summary>
    public static void Listeners(Func<int> count) => Meter.CreateObservableGauge("ordersync.gateway.listeners", count, "{device}", "Devices that listen for nudges in this process");

    /// <summary>Asked for when somebody collects figures.</summary>
    public static void Backlog(Func<IEnumerable<Measurement<long>>> count, Func<IEnumerable<Measurement<double>>> age)
    {
        Meter.CreateObservableGauge("ordersync.gateway.backlog", count, "{delivery}", "Deliveries their connector has not acknowledged, by connector and connection");
        Meter.CreateObservableGauge("ordersync.gateway.backlog.age", age, "s", "Age of the oldest of them, by connector and connection");
    }
}
