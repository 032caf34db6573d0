namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What documents refer to and connections are mapped to: organisations, taxes, currencies, places, people, categories, price lists.</summary>
internal static class ZohoLists
{
    /// <summary>GET /organizations: needs no organization_id, since this is where one learns it.</summary>
    public static ErpAnswer Organisations(ZohoCall call) => ZohoAnswer.Ok("success", "organizations", call.OfUser.Select(one => new
    {
        OrganizationId = one.Id, one.Settings.Name, one.Settings.CurrencyCode, one.CurrencyId, one.Settings.PricePrecision,
        IsDefaultOrg = one == call.Organisation, PlanName = one.Settings.Plan,
    }).ToList());

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

    /// <summary>GET /locations</summary>
    public static ErpAnswer Locations(ZohoCall call) => ZohoAnswer.Ok("success", "locations", call.Organisation.Locations);

    /// <summary>GET /users: the people who sell are users here.</summary>
    public static ErpAnswer Users(ZohoCall call) => ZohoAnswer.List("users", call.Search.PageOf(
        call.Organisation.Salespersons.Select(one => new { UserId = one.SalespersonId, Name = one.SalespersonName, Email = one.SalespersonEmail, one.Status })));

    /// <summary>GET /salespersons</summary>
    public static ErpAnswer Salespersons(ZohoCall call) => !call.Organisation.Settings.SalespersonsAreListed ? throw ZohoRefusal.NoSuchAddress() : ZohoAnswer.List("data", call.Search.PageOf(call.Organisation.Salespersons));

    /// <summary>GET /categories</summary>
    public static ErpAnswer Categories(ZohoCall call) => ZohoAnswer.List("categories", call.Search.PageOf(call.Organisation.Categories));

    /// <summary>GET /itemgroups, with the items of each.</summary>
    public static ErpAnswer ItemGroups(ZohoCall call) => ZohoAnswer.List("itemgroups", call.Search.PageOf(call.Organisation.ItemGroups.Select(group => new
    {
        group.GroupId, group.GroupName, group.Status,
        Items = call.Organisation.Items.Where(item => item.GroupId == group.GroupId).Select(item => new { item.ItemId, item.Name, item.Sku, item.Rate, item.Status }).ToList(),
    })));

    /// <summary>GET /pricebooks, with the items of each.</summary>
    public static ErpAnswer Pricebooks(ZohoCall call) => ZohoAnswer.List("pricebooks", call.Search.PageOf(
        call.Organisation.Pricebooks.Where(book => call.Search.PassesSearchText(book.Name))));
}
