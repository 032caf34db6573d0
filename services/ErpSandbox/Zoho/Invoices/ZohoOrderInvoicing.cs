using System.Text.Json;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What an invoice and the sales order it bills know of each other.</summary>
internal static class ZohoOrderInvoicing
{
    /// <summary>The body of an invoice of all that an order has left to bill.</summary>
    public static byte[] Body(ZohoSalesOrder order) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        order.CustomerId, order.ReferenceNumber, order.SalespersonId, order.LocationId, order.Notes, order.Terms, order.DiscountType, order.Discount,
        order.IsDiscountBeforeTax, order.IsInclusiveTax, order.ShippingCharge, order.Adjustment, order.AdjustmentDescription, order.PricebookId,
        LineItems = order.LineItems.Where(line => line.Quantity > line.QuantityInvoiced).Select(line => new
        {
            SalesorderItemId = line.LineItemId, line.ItemId, line.Name, line.Description, line.Rate, Quantity = line.Quantity - line.QuantityInvoiced,
            line.Unit, line.LocationId, line.Discount, line.TaxId,
        }),
    }, ZohoJson.Options);

    /// <summary>Names the order whose lines an invoice bills; all must be of one order of the same customer.</summary>
    public static ZohoInvoice Link(ZohoCall call, ZohoInvoice invoice)
    {
        var orders = invoice.LineItems.Where(line => line.SalesorderItemId.Length > 0)
            .Select(line => call.Organisation.SalesOrderOfLine(line.SalesorderItemId) ?? throw ZohoRefusal.NoSuch("Sales order line"))
            .DistinctBy(order => order.SalesorderId).ToList();
        return orders switch
        {
            [] => invoice with { SalesorderId = "", SalesorderNumber = "" },
            [var order] when order.CustomerId == invoice.CustomerId && order.Status != "void" =>
                invoice with { SalesorderId = order.SalesorderId, SalesorderNumber = order.SalesorderNumber },
            _ => throw ZohoRefusal.Invalid("line_items.salesorder_item_id"),
        };
    }

    /// <summary>Refuses to bill more than was ordered.</summary>
    public static ZohoInvoice Check(ZohoCall call, ZohoInvoice invoice)
    {
        var before = call.Organisation.Invoices.Find(invoice.InvoiceId);
        var order = call.Organisation.SalesOrders.Find(invoice.SalesorderId);
        foreach (var line in order?.LineItems ?? [])
        {
            if (line.QuantityInvoiced - Billed(before, line) + invoice.LineItems.Where(one => one.SalesorderItemId == line.LineItemId).Sum(one => one.Quantity) > line.Quantity)
                throw new ZohoRefusal(400, 2, $"More of {line.Name} would be invoiced than was ordered.");
        }

        return invoice;
    }

    /// <summary>Brings the order up to date; without <paramref name="after"/> the invoice is gone.</summary>
    public static void Tell(ZohoCall call, ZohoInvoice? before, ZohoInvoice? after)
    {
        var invoice = after ?? before!;
        if (before is not null && after is not null && before.SalesorderId != after.SalesorderId)
            Tell(call, before, null);
        if (call.Organisation.SalesOrders.Find(invoice.SalesorderId) is not { } order)
            return;

        before = before?.SalesorderId == order.SalesorderId ? before : null;
        var lines = order.LineItems.Select(line => line with { QuantityInvoiced = line.QuantityInvoiced - Billed(before, line) + Billed(after, line) }).ToList();
        List<ZohoInvoiceRow> invoices = [.. order.Invoices.Where(row => row.InvoiceId != invoice.InvoiceId)];
        if (after is not null)
            invoices.Add(new(after.InvoiceId, after.InvoiceNumber, after.Status, after.Date, after.Total, after.Balance));
        var live = invoices.Where(row => row.Status != "void").ToList();
        call.Organisation.Put(order with
        {
            LineItems = lines,
            Invoices = invoices,
            Status = live.Count > 0 && order.Status == "draft" ? "confirmed" : order.Status,
            InvoicedStatus = live.Count == 0 ? "" : lines.TrueForAll(line => line.QuantityInvoiced >= line.Quantity) ? "invoiced" : "partially_invoiced",
            PaidStatus = live.Count == 0 ? "" : live.TrueForAll(row => row.Balance == 0) ? "paid" : live.Exists(row => row.Balance < row.Total) ? "partially_paid" : "unpaid",
            LastModifiedTime = call.Now,
        });
    }

    private static decimal Billed(ZohoInvoice? invoice, ZohoLine line) => invoice is null or { Status: "void" } ? 0
        : invoice.LineItems.Where(one => one.SalesorderItemId == line.LineItemId).Sum(one => one.Quantity);
}
