namespace OrderSync.Simulator.Sales;

/// <summary>The replay cannot begin; the message says why and what to do.</summary>
internal sealed class CannotReplay(string message) : Exception(message);
