namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A price list as the control API takes it: rates for items, by quantity if wanted, or a percentage on all.</summary>
internal sealed record ZohoPricebookSetup(
    string Name, decimal? Percentage, bool? IsIncrease, string? Status, IReadOnlyList<ZohoPricebookSetup.Item>? Items)
{
    public sealed record Item(string Sku, decimal? Rate, IReadOnlyList<ZohoPriceBracket>? Brackets);

    /// <summary>Adds or changes the price list; its items are replaced if any are named.</summary>
    public void Apply(ZohoOrganisation organisation)
    {
        var before = organisation.Pricebooks.FirstOrDefault(one => one.Name == Name);
        var old = before ?? new ZohoPricebook { PricebookId = organisation.NewId(), Name = Name };
        var wanted = old with
        {
            CurrencyId = organisation.CurrencyId,
            CurrencyCode = organisation.Settings.CurrencyCode,
            DecimalPlace = organisation.Settings.PricePrecision,
            Status = Status ?? old.Status,
            PricebookType = Percentage is not null ? "fixed_percentage" : Items is not null ? "per_item" : old.PricebookType,
            Percentage = Percentage ?? (Items is not null ? 0 : old.Percentage),
            IsIncrease = IsIncrease ?? old.IsIncrease,
            PricingScheme = Items is null ? old.PricingScheme : Items.Any(item => item.Brackets is { Count: > 0 }) ? "volume" : "unit",
        };
        var items = Items?.Select(item => Row(organisation, item, old)).ToList();
        if (items is not null && !Same(items, old.PricebookItems))
            wanted = wanted with { PricebookItems = items };
        if (wanted != before)
            organisation.Put(wanted);
    }

    private static ZohoPricebookItem Row(ZohoOrganisation organisation, Item item, ZohoPricebook book)
    {
        var sold = organisation.ItemsBySku(item.Sku).First();
        var known = book.PricebookItems.FirstOrDefault(one => one.ItemId == sold.ItemId);
        return new ZohoPricebookItem(known?.PricebookItemId ?? organisation.NewId(), sold.ItemId, sold.Name, item.Rate, item.Brackets ?? []);
    }

    private static bool Same(List<ZohoPricebookItem> wanted, IReadOnlyList<ZohoPricebookItem> before) => wanted.Count == before.Count
        && wanted.Zip(before).All(pair => pair.First with { PriceBrackets = [] } == pair.Second with { PriceBrackets = [] }
            && pair.First.PriceBrackets.SequenceEqual(pair.Second.PriceBrackets));
}
