namespace OrderSync.Device;

/// <summary>What became of a record after it was stored.</summary>
/// <param name="Number">Its final number.</param>
/// <param name="Destinations">How far it is at each destination.</param>
/// <param name="Documents">What the ERPs say of its documents.</param>
public sealed record RecordProgress(string? Number, IReadOnlyList<DestinationProgress> Destinations, IReadOnlyList<ErpDocument> Documents)
{
    internal static RecordProgress? Of(string key, RowBody row) => new(row.Text("number"), [.. row.Objects("destinations").Select(DestinationProgress.Of)], [.. row.Objects("erp").Select(ErpDocument.Of)]);
}

/// <summary>How far a record is at one destination.</summary>
/// <param name="Connection">Name of the connection.</param>
/// <param name="State">How far.</param>
/// <param name="ExternalNumber">Number of the document there.</param>
/// <param name="Total">Its total there.</param>
/// <param name="Code">Why it is not further, stable.</param>
/// <param name="Reason">The same in words.</param>
public sealed record DestinationProgress(string? Connection, string? State, string? ExternalNumber, decimal? Total, string? Code, string? Reason)
{
    internal static DestinationProgress Of(RowBody row) =>
        new(row.Text("connection"), row.Text("state"), row.Text("externalNumber"), row.Number("total"), row.Text("code"), row.Text("reason"));
}

/// <summary>A document in an ERP.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Status">Its status, in the ERP's words.</param>
/// <param name="Balance">What is still to be paid.</param>
public sealed record ErpDocument(string? Number, string? Status, decimal? Balance)
{
    internal static ErpDocument Of(RowBody row) => new(row.Text("number"), row.Text("status"), row.Number("balance"));
}
