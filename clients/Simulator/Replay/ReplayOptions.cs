using OrderSync.Money;

namespace OrderSync.Simulator.Replay;

/// <summary>What to replay, and how.</summary>
/// <param name="File">The file, with its full path.</param>
/// <param name="Level">Where tax is rounded, on the devices and in the ERP.</param>
/// <param name="Currency">Currency of the file's prices.</param>
/// <param name="Devices">How many devices send at once.</param>
/// <param name="Limit">Only so many orders.</param>
/// <param name="Wait">How long to wait for the whole.</param>
/// <param name="Into">The ERP, by its name in <see cref="Targets.ReplayTargets"/>.</param>
/// <param name="Connection">Name of the connection to the ERP.</param>
/// <param name="BadLine">Seed of the lines' faults; null = good lines.</param>
/// <param name="AmbiguitySeconds">How long a lost answer of the ERP is waited for before one looks; null = the connector's own figure.</param>
/// <param name="Rate">Orders captured a second; null = all are there at once.</param>
/// <param name="Downloads">Whether the devices also keep what the server knows.</param>
internal sealed record ReplayOptions(string File, RoundingLevel Level, string Currency, int Devices, int Limit, TimeSpan Wait, string Into, string Connection, int? BadLine = null, int? AmbiguitySeconds = null, int? Rate = null, bool Downloads = false);
