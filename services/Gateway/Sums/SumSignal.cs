using OrderSync.Gateway.Relay;

namespace OrderSync.Gateway.Sums;

/// <summary>Wakes the reader that sums after a commit.</summary>
internal sealed class SumSignal : Signal;
