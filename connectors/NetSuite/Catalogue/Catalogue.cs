using OrderSync.Framework.Mappings;

namespace OrderSync.NetSuite;

/// <summary>What an order needs to know of the account: its items by SKU, and which tax codes stand for ours.</summary>
internal sealed record Catalogue(IReadOnlyDictionary<string, IReadOnlyList<Item>> Items, IReadOnlyDictionary<string, string> MappedTaxes)
{
    /// <summary>The one item of a SKU.</summary>
    public Item? Item(string sku) => Items.GetValueOrDefault(sku) is [var only] ? only : null;

    /// <summary>Internal id of the tax code that is mapped: to code and rate, to the code, or to the rate.</summary>
    public string? Tax(string? code, decimal rate) =>
        Mapped(code is null ? null : $"{code.Trim()} {NetSuiteMoney.Plain(rate)}") ?? Mapped(code) ?? Mapped(NetSuiteMoney.Plain(rate));

    /// <summary>What is to be mapped for a tax: its code, else its rate.</summary>
    public static Unmapped Unmapped(string? code, decimal rate) => new(NetSuiteMappings.Tax, code is { Length: > 0 } ? code.Trim() : NetSuiteMoney.Plain(rate));

    private string? Mapped(string? ours) => ours is { Length: > 0 } && MappedTaxes.TryGetValue(ours.Trim(), out var id) ? id : null;
}
