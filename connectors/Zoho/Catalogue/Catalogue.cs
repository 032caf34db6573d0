using OrderSync.Framework.Mappings;

namespace OrderSync.Zoho;

/// <summary>What an order needs to know of the organisation: its items by SKU, all taxes, and which of them stands for which of ours.</summary>
internal sealed record Catalogue(IReadOnlyDictionary<string, Item> Items, IReadOnlyList<TaxEntry> Taxes, IReadOnlyDictionary<string, string>? MappedTaxes = null)
{
    /// <summary>The tax that is mapped; else that of the rate, and where several have it, the one named as our code.</summary>
    public (TaxEntry? Tax, string? WhyNot) Tax(string? code, decimal rate)
    {
        if ((Mapped($"{code} {ZohoMoney.Plain(rate)}") ?? Mapped(code) ?? Mapped(ZohoMoney.Plain(rate))) is { } id)
            return MappedTax(id, code, rate);
        var same = Taxes.Where(tax => tax.TaxPercentage == rate).ToList();
        return same switch
        {
            [var only] => (only, null),
            [] => (null, rate == 0 ? null : $"Zoho has no tax of {ZohoMoney.Plain(rate)} %"),
            _ when same.Find(tax => string.Equals(tax.TaxName, code, StringComparison.OrdinalIgnoreCase)) is { } named => (named, null),
            _ when rate == 0 && code is null => (null, null),
            _ => (null, $"Zoho has {same.Count} taxes of {ZohoMoney.Plain(rate)} % ({string.Join(", ", same.Select(tax => tax.TaxName))}), "
                + $"none of them named {code ?? "as on the order"} and none mapped to it"),
        };
    }

    /// <summary>What is to be mapped for a tax: its code; with the rate, where the code stands for a tax of another.</summary>
    public Unmapped Unmapped(string? code, decimal rate) =>
        new(ZohoMappings.Tax, code is null ? ZohoMoney.Plain(rate) : Mapped(code) is null ? code.Trim() : $"{code.Trim()} {ZohoMoney.Plain(rate)}");

    private (TaxEntry? Tax, string? WhyNot) MappedTax(string id, string? code, decimal rate)
    {
        var ours = code ?? $"{ZohoMoney.Plain(rate)} %";
        return Taxes.FirstOrDefault(tax => tax.TaxId == id) switch
        {
            null => (null, $"the tax of Zoho that is mapped to {ours} is not there any more"),
            { } tax when tax.TaxPercentage != rate => (null, $"{tax.TaxName}, which is mapped to {ours}, is {ZohoMoney.Plain(tax.TaxPercentage)} % in Zoho and {ZohoMoney.Plain(rate)} % on the order"),
            var tax => (tax, null),
        };
    }

    private string? Mapped(string? ours) => ours is not null && MappedTaxes is not null && MappedTaxes.TryGetValue(ours.Trim(), out var id) ? id : null;
}
