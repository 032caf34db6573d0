namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What an organisation sells and what documents refer to: items, taxes, categories, groups, locations, people, price lists.</summary>
internal sealed class ZohoCatalogue(ZohoIds ids)
{
    private readonly ZohoIndex itemsBySku = new();

    public ZohoTable<ZohoItem> Items { get; } = new();
    public ZohoTable<ZohoTax> Taxes { get; } = new();
    public ZohoTable<ZohoCategory> Categories { get; } = new();
    public ZohoTable<ZohoItemGroup> Groups { get; } = new();
    public ZohoTable<ZohoLocation> Locations { get; } = new();
    public ZohoTable<ZohoSalesperson> Salespersons { get; } = new();
    public ZohoTable<ZohoPricebook> Pricebooks { get; } = new();

    public IEnumerable<ZohoItem> BySku(string sku) => Items.Find(itemsBySku[sku]);

    public void Put(object value)
    {
        switch (value)
        {
            case ZohoItem item: itemsBySku.Move(item.ItemId, Items.Put(item.ItemId, item)?.Sku, item.Sku); ids.Seen(item.ItemId); break;
            case ZohoTax tax: Taxes.Put(tax.TaxId, tax); ids.Seen(tax.TaxId); break;
            case ZohoCategory category: Categories.Put(category.CategoryId, category); ids.Seen(category.CategoryId); break;
            case ZohoItemGroup group: Groups.Put(group.GroupId, group); ids.Seen(group.GroupId); break;
            case ZohoLocation location: Locations.Put(location.LocationId, location); ids.Seen(location.LocationId); break;
            case ZohoSalesperson person: Salespersons.Put(person.SalespersonId, person); ids.Seen(person.SalespersonId); break;
            case ZohoPricebook pricebook: Put(pricebook); break;
            default: throw new ArgumentException($"An organisation does not hold {value.GetType().Name}.", nameof(value));
        }
    }

    public void Remove(ZohoRemoved removed)
    {
        if (removed.Kind == ZohoKinds.Of<ZohoItem>())
            itemsBySku.Move(removed.Id, Items.Remove(removed.Id)?.Sku, null);
        else if (removed.Kind == ZohoKinds.Of<ZohoPricebook>())
            Pricebooks.Remove(removed.Id);
        else
            throw new ArgumentException($"A {removed.Kind} is never deleted.", nameof(removed));
    }

    private void Put(ZohoPricebook pricebook)
    {
        Pricebooks.Put(pricebook.PricebookId, pricebook);
        ids.Seen(pricebook.PricebookId);
        foreach (var item in pricebook.PricebookItems)
            ids.Seen(item.PricebookItemId);
    }
}
