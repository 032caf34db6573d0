namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Reads the lines of an order. A tax is named by id; a percentage is dropped.</summary>
internal static class ZohoLineReading
{
    /// <summary>The lines of a body; null if it has none to change.</summary>
    public static List<ZohoOrderLine>? Read(ZohoOrganisation organisation, ZohoFields fields)
    {
        if (fields.Objects("line_items") is not { } rows)
            return null;
        if (rows.Count == 0)
            throw ZohoRefusal.Missing("line_items");
        return rows.Select((row, order) => Line(organisation, row, order)).ToList();
    }

    private static ZohoOrderLine Line(ZohoOrganisation organisation, ZohoFields row, int order)
    {
        var settings = organisation.Settings;
        var item = row.Id("item_id") is { } itemId ? organisation.Item(itemId) ?? throw ZohoRefusal.NoSuch("Item") : null;
        if (item is { Status: not "active" })
            throw row.Invalid("item_id");
        var name = row.Text("name", 100) ?? item?.Name ?? throw ZohoRefusal.Missing("line_items.item_id");
        var tax = row.Id("tax_id") is { } taxId ? organisation.Tax(taxId) ?? throw ZohoRefusal.NoSuch("Tax")
            : settings.LineWithoutTax == LineWithoutTax.ItemTax && item is { TaxId.Length: > 0 } ? organisation.Tax(item.TaxId)
            : null;
        var quantity = row.Number("quantity") ?? 1;
        if (quantity == 0)
            throw row.Invalid("quantity");

        return new ZohoOrderLine
        {
            LineItemId = organisation.NewId(),
            ItemId = item?.ItemId ?? "",
            Sku = item?.Sku ?? "",
            Name = name,
            Description = row.Text("description", 2000) ?? item?.Description ?? "",
            ItemOrder = row.Integer("item_order") ?? order,
            Rate = ZohoReading.Fit(row.Number("rate") ?? item?.Rate ?? 0, settings.PriceDp, settings, row, "rate"),
            Quantity = ZohoReading.Fit(quantity, settings.QtyDp, settings, row, "quantity"),
            Unit = row.Text("unit", 100) ?? item?.Unit ?? "",
            Discount = row.Discount("discount")?.ToString() ?? "",
            TaxId = tax?.TaxId ?? "",
            TaxName = tax?.TaxName ?? "",
            TaxPercentage = tax?.TaxPercentage ?? 0,
        };
    }
}
