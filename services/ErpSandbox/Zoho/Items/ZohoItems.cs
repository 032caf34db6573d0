namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Items and the settings orders refer to: taxes, currencies, organisations. rules.md, "Items" and "Settings".</summary>
internal static class ZohoItems
{
    private const int MostDetails = 100;

    /// <summary>GET /items</summary>
    public static ErpAnswer Find(ZohoCall call)
    {
        var search = call.Search;
        var organisation = call.Organisation;
        IEnumerable<ZohoItem> rows = search["sku"] is { } sku ? organisation.ItemsBySku(sku) : organisation.Items;
        return ZohoAnswer.List("items", search.Page(rows.Where(item => search.Passes("sku", item.Sku)), item => item));
    }

    /// <summary>GET /items/{id}</summary>
    public static ErpAnswer Get(ZohoCall call) =>
        ZohoAnswer.Ok("success", "item", call.Organisation.Item(call.Id) ?? throw ZohoRefusal.NoSuch("Item", 404));

    /// <summary>GET /itemdetails?item_ids=</summary>
    public static ErpAnswer Details(ZohoCall call)
    {
        var ids = call.Request.Query["item_ids"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ids.Length is 0 or > MostDetails)
            throw ZohoRefusal.Invalid("item_ids");
        return ZohoAnswer.Ok("success", "items", ids.Select(id => call.Organisation.Item(id) ?? throw ZohoRefusal.NoSuch("Item")).ToList());
    }

    /// <summary>GET /settings/taxes</summary>
    public static ErpAnswer Taxes(ZohoCall call) => ZohoAnswer.Ok("success", "taxes", call.Organisation.Taxes);

    /// <summary>GET /settings/currencies</summary>
    public static ErpAnswer Currencies(ZohoCall call)
    {
        var (organisation, settings) = (call.Organisation, call.Organisation.Settings);
        return ZohoAnswer.Ok("success", "currencies", new[]
        {
            new { organisation.CurrencyId, settings.CurrencyCode, settings.PricePrecision, IsBaseCurrency = true },
        });
    }

    /// <summary>GET /organizations: needs no organization_id, since this is where one learns it.</summary>
    public static ErpAnswer Organisations(ZohoCall call)
    {
        var (organisation, settings) = (call.Organisation, call.Organisation.Settings);
        return ZohoAnswer.Ok("success", "organizations", new[]
        {
            new
            {
                OrganizationId = organisation.Id, settings.Name, settings.CurrencyCode, organisation.CurrencyId, settings.PricePrecision,
                IsDefaultOrg = true,
            },
        });
    }
}
