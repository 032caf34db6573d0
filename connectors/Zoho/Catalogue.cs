namespace OrderSync.Zoho;

/// <summary>What an order needs to know of the organisation: its items by SKU, and all taxes.</summary>
internal sealed record Catalogue(IReadOnlyDictionary<string, Item> Items, IReadOnlyList<TaxEntry> Taxes)
{
    /// <summary>The tax of a rate; where several have it, the one named as our code.</summary>
    public (TaxEntry? Tax, string? WhyNot) Tax(string? code, decimal rate)
    {
        var same = Taxes.Where(tax => tax.TaxPercentage == rate).ToList();
        return same switch
        {
            [var only] => (only, null),
            [] => (null, rate == 0 ? null : $"Zoho has no tax of {ZohoMoney.Plain(rate)} %"),
            _ when same.Find(tax => string.Equals(tax.TaxName, code, StringComparison.OrdinalIgnoreCase)) is { } named => (named, null),
            _ when rate == 0 && code is null => (null, null),
            _ => (null, $"Zoho has {same.Count} taxes of {ZohoMoney.Plain(rate)} % ({string.Join(", ", same.Select(tax => tax.TaxName))}), "
                + $"none of them named {code ?? "as on the order"}"),
        };
    }
}
