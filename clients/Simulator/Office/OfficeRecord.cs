namespace OrderSync.Simulator.Office;

/// <summary>One record as the office sees it.</summary>
internal sealed record OfficeRecord(string State, string? Code, string? Message, string? Number, decimal? Total, IReadOnlyList<OfficeDelivery> Deliveries, IReadOnlyList<OfficeCapture> Captures)
{
    /// <summary>How its newest revision fares at a connection; null if it does not go there.</summary>
    public OfficeDelivery? At(string connection) => Deliveries.Where(delivery => delivery.Connection == connection).MaxBy(delivery => delivery.Rev);
}

/// <summary>One record at one destination.</summary>
internal sealed record OfficeDelivery(string Connection, int Rev, string State, string? ExternalNumber, decimal? ExternalTotal, string? Reason, string? Fix);

/// <summary>One of the captures that came under a record's id.</summary>
internal sealed record OfficeCapture(int Rev, string Sha256, string Outcome);
