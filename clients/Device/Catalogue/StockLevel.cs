namespace OrderSync.Device;

/// <summary>What is in stock of an item at a place.</summary>
/// <param name="Sku">The item.</param>
/// <param name="Location">The place.</param>
/// <param name="LocationName">What people call it.</param>
/// <param name="Available">Can be sold.</param>
/// <param name="OnHand">Is there.</param>
/// <param name="Committed">Is promised.</param>
/// <param name="AsOf">When that was so.</param>
public sealed record StockLevel(string Sku, string? Location, string? LocationName, decimal? Available, decimal? OnHand, decimal? Committed, DateTimeOffset? AsOf)
{
    internal static StockLevel? Of(string key, RowBody row) => row.Text("sku") is { } sku
        ? new(sku, row.Text("location"), row.Text("locationName"), row.Number("available"), row.Number("onHand"), row.Number("committed"), row.Time("asOf"))
        : null;
}

/// <summary>An image of an item; its bytes are at the gateway under their hash.</summary>
/// <param name="Sku">The item.</param>
/// <param name="Place">Its place among the item's images.</param>
/// <param name="Sha256">Of the bytes, in hex.</param>
/// <param name="Bytes">How many.</param>
/// <param name="ContentType">Such as image/jpeg.</param>
public sealed record ProductImage(string Sku, long Place, string Sha256, long? Bytes, string? ContentType)
{
    internal static ProductImage? Of(string key, RowBody row) =>
        row.Text("sku") is { } sku && row.Text("sha256") is { } sha256 ? new(sku, row.Whole("place") ?? 0, sha256, row.Whole("bytes"), row.Text("contentType")) : null;
}
