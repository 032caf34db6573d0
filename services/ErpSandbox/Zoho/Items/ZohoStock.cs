namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Stock by location: what orders have taken is promised, what is invoiced has gone. rules.md, "Stock".</summary>
internal static class ZohoStock
{
    /// <summary>An item with what orders have taken of it.</summary>
    public static ZohoItem Shown(ZohoOrganisation organisation, ZohoItem item) => item.Locations.Count == 0 ? item : item with
    {
        Locations = [.. item.Locations.Select(one => one with { LocationCommittedStock = organisation.Committed(item.ItemId, one.LocationId, one.IsPrimary) })],
    };

    /// <summary>Takes goods out of stock, or puts them back, for what changed in an invoice.</summary>
    public static void Issue(ZohoCall call, ZohoInvoice? before, ZohoInvoice? after)
    {
        var organisation = call.Organisation;
        if (!organisation.Settings.InvoiceMovesStock)
            return;
        var moves = Lines(before).Select(line => (line.ItemId, Place: Place(line, before!), -line.Quantity))
            .Concat(Lines(after).Select(line => (line.ItemId, Place: Place(line, after!), line.Quantity)))
            .GroupBy(move => (move.ItemId, move.Place), move => move.Item3);
        foreach (var move in moves.Where(move => move.Sum() != 0))
        {
            if (organisation.Item(move.Key.ItemId) is not { Locations.Count: > 0 } item)
                continue;
            organisation.Put(item with
            {
                Locations = [.. item.Locations.Select(one => one.LocationId == move.Key.Place || (one.IsPrimary && move.Key.Place.Length == 0)
                    ? one with { LocationStockOnHand = one.LocationStockOnHand - move.Sum() } : one)],
                LastModifiedTime = organisation.Settings.StockBumpsLastModified ? call.Now : item.LastModifiedTime,
            });
        }
    }

    /// <summary>Where a line's goods come from; empty is the primary location.</summary>
    public static string Place(ZohoLine line, ZohoDocument document) => line.LocationId.Length > 0 ? line.LocationId : document.LocationId;

    private static IEnumerable<ZohoLine> Lines(ZohoInvoice? invoice) => invoice is { IsLive: true } ? invoice.LineItems.Where(line => line.ItemId.Length > 0) : [];
}
