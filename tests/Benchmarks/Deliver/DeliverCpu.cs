namespace OrderSync.Benchmarks.Deliver;

/// <summary>Processor time used so far by each part on the way of a delivery, in seconds. The bare sender and reader are this process.</summary>
internal readonly record struct DeliverCpu(double Gateway, double Connector, double Postgres, double Broker, double Generator)
{
    public double All => Gateway + Connector + Postgres + Broker + Generator;

    public static DeliverCpu Read(Site site, PausedConnector connector) => new(
        CpuClock.Of(site.Gateway), CpuClock.Of(connector.ProcessId), CpuClock.PostgresSeconds(site.Postmaster), CpuClock.Of(site.Broker),
        Environment.CpuUsage.TotalTime.TotalSeconds);

    public static DeliverCpu operator -(DeliverCpu later, DeliverCpu earlier) => new(
        later.Gateway - earlier.Gateway, later.Connector - earlier.Connector, later.Postgres - earlier.Postgres, later.Broker - earlier.Broker,
        later.Generator - earlier.Generator);

    public static DeliverCpu operator +(DeliverCpu one, DeliverCpu other) => new(
        one.Gateway + other.Gateway, one.Connector + other.Connector, one.Postgres + other.Postgres, one.Broker + other.Broker, one.Generator + other.Generator);

    public static DeliverCpu operator /(DeliverCpu whole, double by) =>
        new(whole.Gateway / by, whole.Connector / by, whole.Postgres / by, whole.Broker / by, whole.Generator / by);
}

/// <summary>What one round measured.</summary>
/// <param name="Count">Deliveries, or bare messages.</param>
/// <param name="Seconds">Until the last was in the ledger, or read.</param>
/// <param name="Settled">Until the last was also acknowledged and reported; the same as <paramref name="Seconds"/> for bare messages.</param>
/// <param name="Cpu">All processor time until then.</param>
internal readonly record struct Delivered(int Count, double Seconds, double Settled, DeliverCpu Cpu)
{
    public double PerSecond => Count / Seconds;

    public double SettledPerSecond => Count / Settled;
}
