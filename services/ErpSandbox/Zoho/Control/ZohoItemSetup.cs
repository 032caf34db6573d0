namespace OrderSync.ErpSandbox.Zoho;

/// <summary>An item as the control API takes it; what is not named stays as it is.</summary>
internal sealed record ZohoItemSetup(
    string Sku, string? Name, decimal? Rate, string? Unit, decimal? TaxPercentage, string? Status, string? Description, string? Category, string? Group,
    string? Attribute, string? Option, string? Brand, string? Manufacturer, string? Ean, string? Upc, string? Isbn, string? PartNumber,
    IReadOnlyDictionary<string, decimal>? Stock, IReadOnlyDictionary<string, string>? CustomFields)
{
    /// <summary>What is wrong with it, if anything.</summary>
    public string? Problem(ZohoOrganisation? before, IReadOnlySet<decimal> rates, IReadOnlySet<string> places)
    {
        if (string.IsNullOrWhiteSpace(Sku) || (string.IsNullOrWhiteSpace(Name) && before?.ItemsBySku(Sku).Any() != true))
            return "each item needs sku and, the first time, name";
        if (Status is not (null or "active" or "inactive"))
            return $"item {Sku} has the status {Status}; it must be active or inactive";
        if (TaxPercentage is { } rate && !rates.Contains(rate))
            return $"item {Sku} has tax_percentage {rate}, which no tax has";
        return Stock?.Keys.FirstOrDefault(place => !places.Contains(place)) is { } unknown ? $"item {Sku} has stock at {unknown}, which is not a location" : null;
    }

    /// <summary>Adds or changes the item.</summary>
    public void Apply(ZohoOrganisation organisation, DateTimeOffset now)
    {
        var before = organisation.ItemsBySku(Sku).FirstOrDefault();
        var old = before ?? new ZohoItem { ItemId = organisation.NewId(), Name = Name!, Sku = Sku.Trim(), CreatedTime = now, LastModifiedTime = now };
        var tax = TaxPercentage is { } rate ? organisation.Taxes.First(one => one.TaxPercentage == rate) : null;
        var category = Category is { } name ? CategoryNamed(organisation, name, null) : null;
        var group = Group is null ? null : GroupNamed(organisation, Group);
        var fields = CustomFields is null ? old.CustomFields
            : organisation.ItemCustomFields.Where(field => CustomFields.ContainsKey(field.ApiName)).Select(field => field with { Value = CustomFields[field.ApiName] }).ToList();
        var item = old with
        {
            Name = Name ?? old.Name,
            Rate = Rate ?? old.Rate,
            Unit = Unit ?? old.Unit,
            Description = Description ?? old.Description,
            Status = Status ?? old.Status,
            TaxId = tax?.TaxId ?? old.TaxId,
            TaxName = tax?.TaxName ?? old.TaxName,
            TaxPercentage = tax?.TaxPercentage ?? old.TaxPercentage,
            CategoryId = category?.CategoryId ?? old.CategoryId,
            CategoryName = category?.Name ?? old.CategoryName,
            GroupId = group?.GroupId ?? old.GroupId,
            GroupName = group?.GroupName ?? old.GroupName,
            AttributeName1 = Attribute ?? old.AttributeName1,
            AttributeOptionName1 = Option ?? old.AttributeOptionName1,
            Brand = Brand ?? old.Brand,
            Manufacturer = Manufacturer ?? old.Manufacturer,
            Ean = Ean ?? old.Ean,
            Upc = Upc ?? old.Upc,
            Isbn = Isbn ?? old.Isbn,
            PartNumber = PartNumber ?? old.PartNumber,
            CustomFields = fields.SequenceEqual(old.CustomFields) ? old.CustomFields : fields,
        };
        var stocked = WithStock(organisation, item, Stock);
        if (stocked != before)
            organisation.Put(stocked with { LastModifiedTime = item != before || organisation.Settings.StockBumpsLastModified ? now : stocked.LastModifiedTime });
    }

    /// <summary>The item with this much in stock; it is the same one if nothing changes.</summary>
    public static ZohoItem WithStock(ZohoOrganisation organisation, ZohoItem item, IReadOnlyDictionary<string, decimal>? stock)
    {
        if (stock is null)
            return item;
        var rows = organisation.Locations
            .Select(place => new ZohoItemStock(place.LocationId, place.LocationName, place.IsPrimaryLocation,
                stock.TryGetValue(place.LocationName, out var wanted) ? wanted : item.Locations.FirstOrDefault(one => one.LocationId == place.LocationId)?.LocationStockOnHand ?? 0))
            .ToList();
        return rows.SequenceEqual(item.Locations) ? item : item with { Locations = rows, ItemType = "inventory" };
    }

    /// <summary>The category of a name, made if it is not there.</summary>
    public static ZohoCategory CategoryNamed(ZohoOrganisation organisation, string name, string? parent)
    {
        var known = organisation.Categories.FirstOrDefault(one => one.Name == name);
        var above = parent is null ? known?.ParentCategoryId ?? "" : CategoryNamed(organisation, parent, null).CategoryId;
        var wanted = new ZohoCategory(known?.CategoryId ?? organisation.NewId(), name, above, "active");
        if (wanted != known)
            organisation.Put(wanted);
        return wanted;
    }

    private static ZohoItemGroup GroupNamed(ZohoOrganisation organisation, string name)
    {
        if (organisation.ItemGroups.FirstOrDefault(one => one.GroupName == name) is { } known)
            return known;
        var made = new ZohoItemGroup(organisation.NewId(), name, "active");
        organisation.Put(made);
        return made;
    }
}
