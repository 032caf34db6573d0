namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What confirmed orders have taken of each item at each place and not yet had invoiced, and whose order a line is of.</summary>
internal sealed class ZohoPromised
{
    private readonly Dictionary<(string Item, string Place), decimal> quantities = [];
    private readonly Dictionary<string, string> orders = new(StringComparer.Ordinal);

    public decimal Of(string item, string place) => quantities.GetValueOrDefault((item, place));

    public string? OrderOf(string line) => orders.GetValueOrDefault(line);

    /// <summary>Notes that an order has changed.</summary>
    public void Change(ZohoSalesOrder? before, ZohoSalesOrder? after)
    {
        foreach (var line in before?.LineItems ?? [])
        {
            orders.Remove(line.LineItemId);
            Add(before!, line, -1);
        }

        foreach (var line in after?.LineItems ?? [])
        {
            orders[line.LineItemId] = after!.SalesorderId;
            Add(after, line, 1);
        }
    }

    private void Add(ZohoSalesOrder order, ZohoLine line, int sign)
    {
        if (line.ItemId.Length == 0 || order.Status is not ("confirmed" or "onhold"))
            return;
        var key = (line.ItemId, ZohoStock.Place(line, order));
        quantities[key] = quantities.GetValueOrDefault(key) + sign * Math.Max(0, line.Quantity - line.QuantityInvoiced);
    }
}
