using OrderSync.Framework.Mappings;

namespace OrderSync.Tryton;

/// <summary>What an order needs to know of the company: its products by code, taxes, units and currencies, and which tax stands for which of ours.</summary>
internal sealed record Catalogue(
    int Company, IReadOnlyDictionary<string, Product> Products, IReadOnlyList<Tax> Taxes, IReadOnlyList<Unit> Units, IReadOnlyList<Currency> Currencies,
    IReadOnlyDictionary<string, string> MappedTaxes)
{
    /// <summary>The tax that is mapped; else that of the rate, and where several have it, the one named as our code. No tax for a rate of 0, unless one is mapped.</summary>
    public (Tax? Tax, string? WhyNot) Tax(string? code, decimal rate)
    {
        if ((Mapped($"{code} {TrytonMoney.Plain(rate)}") ?? Mapped(code) ?? Mapped(TrytonMoney.Plain(rate))) is { } id)
            return MappedTax(id, code, rate);
        if (rate == 0)
            return (null, null);
        var same = Taxes.Where(tax => tax.Percent == rate).ToList();
        return same switch
        {
            [var only] => (only, null),
            [] => (null, $"Tryton has no tax of {TrytonMoney.Plain(rate)} %"),
            _ when same.Find(tax => string.Equals(tax.Name, code, StringComparison.OrdinalIgnoreCase)) is { } named => (named, null),
            _ => (null, $"Tryton has {same.Count} taxes of {TrytonMoney.Plain(rate)} % ({string.Join(", ", same.Select(tax => tax.Name))}), none of them named {code ?? "as on the order"} and none mapped to it"),
        };
    }

    /// <summary>What is to be mapped for a tax: its code; with the rate, where the code stands for a tax of another.</summary>
    public Unmapped Unmapped(string? code, decimal rate) =>
        new(TrytonMappings.Tax, code is null ? TrytonMoney.Plain(rate) : Mapped(code) is null ? code.Trim() : $"{code.Trim()} {TrytonMoney.Plain(rate)}");

    private (Tax? Tax, string? WhyNot) MappedTax(string id, string? code, decimal rate)
    {
        var ours = code ?? $"{TrytonMoney.Plain(rate)} %";
        return Taxes.FirstOrDefault(tax => $"{tax.Id}" == id) switch
        {
            null => (null, $"the tax of Tryton that is mapped to {ours} is not there any more"),
            { } tax when tax.Percent != rate => (null, $"{tax.Name}, which is mapped to {ours}, is {TrytonMoney.Plain(tax.Percent)} % in Tryton and {TrytonMoney.Plain(rate)} % on the order"),
            var tax => (tax, null),
        };
    }

    private string? Mapped(string? ours) => ours is not null && MappedTaxes.TryGetValue(ours.Trim(), out var id) ? id : null;
}
