namespace OrderSync.Simulator.Office;

/// <summary>How far the company's records are, as the gateway counts them.</summary>
internal sealed record OfficeSummary(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>? Records, OrderSum? Orders, IReadOnlyList<DestinationSum>? Destinations)
{
    /// <summary>How many orders the company has.</summary>
    public int OrderCount => Orders?.Count ?? 0;

    /// <summary>How many stored orders the office must mend before they go on.</summary>
    public int OrdersHeld => Records?.GetValueOrDefault("order")?.GetValueOrDefault("held") ?? 0;

    /// <summary>How far the orders, or another kind, are at a connection; all zero if it has none.</summary>
    public DestinationSum At(string connection, string kind = "order") =>
        Destinations?.FirstOrDefault(d => d.Connection == connection && d.Kind == kind)
        ?? new DestinationSum(connection, kind, 0, 0, 0, 0, 0, 0, 0, null);
}

/// <summary>Count and value of the orders, by currency.</summary>
internal sealed record OrderSum(int Count, IReadOnlyDictionary<string, decimal>? Total);

/// <summary>One kind of record at one connection.</summary>
internal sealed record DestinationSum(
    string Connection, string Kind, int Pending, int InProgress, int Waiting, int Done, int Attention, int Reconnect, int Stopped,
    IReadOnlyDictionary<string, decimal>? Total)
{
    /// <summary>Still on the way.</summary>
    public int OnTheWay => Pending + InProgress + Waiting;

    /// <summary>All that the connection has been given.</summary>
    public int Known => OnTheWay + Done + NeedsAttention;

    /// <summary>Comes no further without a person.</summary>
    public int NeedsAttention => Attention + Reconnect + Stopped;
}
