using OrderSync.Framework.Mappings;

namespace OrderSync.QuickBooks;

/// <summary>What an order needs to know of the company: its items by SKU, all tax codes, which of them stands for which of ours, and what is switched on.</summary>
internal sealed record Catalogue(
    IReadOnlyDictionary<string, IReadOnlyList<Item>> Items, IReadOnlyList<TaxEntry> Taxes, Preferences Preferences, IReadOnlyDictionary<string, string>? MappedTaxes = null)
{
    /// <summary>The one active item of a SKU; SKUs are not unique in QuickBooks.</summary>
    public Item? Item(string sku) => Items.GetValueOrDefault(sku)?.Where(item => item.Active != false).ToList() is [var only] ? only : null;

    /// <summary>The tax code that is mapped; else that of the rate, and where several have it, the one named as our code.</summary>
    public (TaxEntry? Tax, string? WhyNot) Tax(string? code, decimal rate)
    {
        if ((Mapped($"{code} {QuickBooksMoney.Plain(rate)}") ?? Mapped(code) ?? Mapped(QuickBooksMoney.Plain(rate))) is { } id)
            return MappedTax(id, code, rate);
        var same = Taxes.Where(tax => tax.Rate == rate).ToList();
        return same switch
        {
            [var only] => (only, null),
            [] => (null, rate == 0 ? null : $"QuickBooks has no tax code of {QuickBooksMoney.Plain(rate)} %"),
            _ when same.Find(tax => string.Equals(tax.Name, code, StringComparison.OrdinalIgnoreCase)) is { } named => (named, null),
            _ => (null, $"QuickBooks has {same.Count} tax codes of {QuickBooksMoney.Plain(rate)} % ({string.Join(", ", same.Select(tax => tax.Name))}), none of them named {code ?? "as on the order"} and none mapped to it"),
        };
    }

    /// <summary>What is to be mapped for a tax: its code; with the rate, where the code stands for a tax of another.</summary>
    public Unmapped Unmapped(string? code, decimal rate) =>
        new(QuickBooksMappings.Tax, code is null ? QuickBooksMoney.Plain(rate) : Mapped(code) is null ? code.Trim() : $"{code.Trim()} {QuickBooksMoney.Plain(rate)}");

    private (TaxEntry? Tax, string? WhyNot) MappedTax(string id, string? code, decimal rate)
    {
        var ours = code ?? $"{QuickBooksMoney.Plain(rate)} %";
        return Taxes.FirstOrDefault(tax => tax.Id == id) switch
        {
            null => (null, $"the tax code of QuickBooks that is mapped to {ours} is not there any more"),
            { } tax when tax.Rate != rate => (null, $"{tax.Name}, which is mapped to {ours}, is {QuickBooksMoney.Plain(tax.Rate)} % in QuickBooks and {QuickBooksMoney.Plain(rate)} % on the order"),
            var tax => (tax, null),
        };
    }

    private string? Mapped(string? ours) => ours is not null && MappedTaxes is not null && MappedTaxes.TryGetValue(ours.Trim(), out var id) ? id : null;
}
