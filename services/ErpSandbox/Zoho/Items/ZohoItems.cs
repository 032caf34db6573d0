namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Items: find, read, delete, activate. They are made by the control API. rules.md, "Items".</summary>
internal static class ZohoItems
{
    private const int MostDetails = 100;

    /// <summary>GET /items</summary>
    public static ErpAnswer Find(ZohoCall call)
    {
        var (search, organisation) = (call.Search, call.Organisation);
        var bySku = call.Flavour == ZohoFlavour.Inventory || organisation.Settings.BooksFindsItemsBySku;
        var rows = bySku && search["sku"] is { } sku ? organisation.ItemsBySku(sku) : organisation.Items;
        rows = rows.Where(item => (!bySku || search.Passes("sku", item.Sku))
            && search.Passes("name", item.Name) && search.Passes("status", item.Status) && InInventory(call, search, item)
            && search.PassesSearchText(item.Name, item.Sku, item.Description)
            && (call.Request.Query["filter_by"].ToString() switch { "Status.Active" => "active", "Status.Inactive" => "inactive", _ => item.Status }) == item.Status);
        return ZohoAnswer.List("items", search.Page(rows, item => ZohoStock.Shown(organisation, item)));
    }

    /// <summary>GET /items/{id}</summary>
    public static ErpAnswer Get(ZohoCall call) => ZohoAnswer.Ok("success", "item", ZohoStock.Shown(call.Organisation, Existing(call)));

    /// <summary>GET /itemdetails?item_ids=</summary>
    public static ErpAnswer Details(ZohoCall call)
    {
        var ids = call.Request.Query["item_ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ids.Length is 0 or > MostDetails)
            throw ZohoRefusal.Invalid("item_ids");
        return ZohoAnswer.Ok("success", "items",
            ids.Select(id => ZohoStock.Shown(call.Organisation, call.Organisation.Item(id) ?? throw ZohoRefusal.NoSuch("Item"))).ToList());
    }

    /// <summary>POST /items/{id}/active and …/inactive</summary>
    public static ErpAnswer SetStatus(ZohoCall call)
    {
        var (before, status) = (Existing(call), call.Request.Path.EndsWith("/inactive", StringComparison.Ordinal) ? "inactive" : "active");
        call.Organisation.Put(before with { Status = status, LastModifiedTime = call.Now });
        return ZohoAnswer.Ok($"The item has been marked as {status}.");
    }

    /// <summary>DELETE /items/{id}: not while a document has it on a line.</summary>
    public static ErpAnswer Delete(ZohoCall call)
    {
        var (item, organisation) = (Existing(call), call.Organisation);
        IEnumerable<ZohoDocument> documents =
            [.. organisation.SalesOrders.Rows, .. organisation.Invoices.Rows, .. organisation.Estimates.Rows, .. organisation.SalesReceipts.Rows];
        if (documents.Any(one => one.LineItems.Any(line => line.ItemId == item.ItemId)))
            throw new ZohoRefusal(400, 2, "An item that is part of a transaction cannot be deleted. Mark it as inactive.");
        organisation.Remove(item);
        return ZohoAnswer.Ok("The item has been deleted.");
    }

    // Filters that only Inventory documents.
    private static bool InInventory(ZohoCall call, ZohoSearch search, ZohoItem item) => call.Flavour == ZohoFlavour.Books
        || (search.Passes("category_id", item.CategoryId) && search.Passes("group_id", item.GroupId) && search.Passes("item_id", item.ItemId));

    private static ZohoItem Existing(ZohoCall call) => call.Organisation.Item(call.Id) ?? throw ZohoRefusal.NoSuch("Item", 404);
}
