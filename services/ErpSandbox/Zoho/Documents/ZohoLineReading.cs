namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Reads the lines of a document. A tax is named by id; a percentage is dropped.</summary>
internal static class ZohoLineReading
{
    /// <summary>The lines of a body; null if it has none to change. A line that is not sent again is gone.</summary>
    public static List<ZohoLine>? Read(ZohoOrganisation organisation, ZohoFields fields, IReadOnlyList<ZohoLine> before)
    {
        if (fields.Objects("line_items") is not { } rows)
            return null;
        if (rows.Count == 0)
            throw ZohoRefusal.Missing("line_items");
        var lines = rows.Select((row, order) => Line(organisation, row, order, before)).ToList();
        return lines.DistinctBy(line => line.LineItemId).Count() == lines.Count ? lines : throw fields.Invalid("line_items.line_item_id");
    }

    private static ZohoLine Line(ZohoOrganisation organisation, ZohoFields row, int order, IReadOnlyList<ZohoLine> before)
    {
        var settings = organisation.Settings;
        var old = row.Id("line_item_id") is { } lineId
            ? before.FirstOrDefault(line => line.LineItemId == lineId) ?? throw ZohoRefusal.NoSuch("Line item") : null;
        var item = (row.Id("item_id") ?? ZohoDocumentReading.Or(old?.ItemId ?? "")) is { } itemId
            ? organisation.Item(itemId) ?? throw ZohoRefusal.NoSuch("Item") : null;
        if (item is { Status: not "active" } && old?.ItemId != item.ItemId)
            throw row.Invalid("item_id");
        var same = old?.ItemId == (item?.ItemId ?? "") ? old : null;
        var name = row.Text("name", 100) ?? same?.Name ?? item?.Name ?? throw ZohoRefusal.Missing("line_items.item_id");
        var tax = row.Id("tax_id") is { } taxId ? organisation.Tax(taxId) ?? throw ZohoRefusal.NoSuch("Tax")
            : same is { TaxId.Length: > 0 } ? organisation.Tax(same.TaxId)
            : settings.LineWithoutTax == LineWithoutTax.ItemTax && item is { TaxId.Length: > 0 } ? organisation.Tax(item.TaxId)
            : null;
        var quantity = row.Number("quantity") ?? same?.Quantity ?? 1;
        if (quantity == 0)
            throw row.Invalid("quantity");
        if (row.Id("location_id") is { } location && organisation.Location(location) is null)
            throw ZohoRefusal.NoSuch("location_id");

        return (same ?? new ZohoLine { LineItemId = old?.LineItemId ?? organisation.NewId() }) with
        {
            ItemId = item?.ItemId ?? "",
            Sku = item?.Sku ?? "",
            Name = name,
            Description = row.Text("description", 2000) ?? same?.Description ?? item?.Description ?? "",
            ItemOrder = row.Integer("item_order") ?? order,
            Rate = ZohoReading.Fit(row.Number("rate") ?? same?.Rate ?? item?.Rate ?? 0, settings.PriceDp, settings, row, "rate"),
            Quantity = ZohoReading.Fit(quantity, settings.QtyDp, settings, row, "quantity"),
            Unit = row.Text("unit", 100) ?? same?.Unit ?? item?.Unit ?? "",
            LocationId = row.Id("location_id") ?? same?.LocationId ?? "",
            Discount = row.Discount("discount")?.ToString() ?? same?.Discount ?? "",
            TaxId = tax?.TaxId ?? "",
            TaxName = tax?.TaxName ?? "",
            TaxPercentage = tax?.TaxPercentage ?? 0,
            SalesorderItemId = row.Id("salesorder_item_id") ?? same?.SalesorderItemId ?? "",
        };
    }
}
