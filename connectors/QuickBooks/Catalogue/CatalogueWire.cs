using System.Text.Json.Serialization;

namespace OrderSync.QuickBooks;

/// <summary>An item of the catalogue.</summary>
internal sealed record Item(string Id, string? Sku, string? Name, bool? Active) : IChanging
{
    public string? Type { get; init; }
    public decimal? UnitPrice { get; init; }
    public string? Description { get; init; }
    public bool? TrackQtyOnHand { get; init; }
    public decimal? QtyOnHand { get; init; }
    public MetaData? MetaData { get; init; }
    [JsonPropertyName("status")] public string? Status { get; init; }
}

/// <summary>A tax code as QuickBooks shows it; its rates stand elsewhere.</summary>
internal sealed record TaxCode(string Id, string? Name, TaxRateList? SalesTaxRateList);

/// <summary>The rates of a tax code.</summary>
internal sealed record TaxRateList(IReadOnlyList<TaxRateDetail>? TaxRateDetail);

/// <summary>One rate of a tax code.</summary>
internal sealed record TaxRateDetail(Reference TaxRateRef);

/// <summary>A rate.</summary>
internal sealed record TaxRate(string Id, decimal? RateValue);

/// <summary>What the company has switched on.</summary>
internal sealed record Preferences(SalesFormsPrefs? SalesFormsPrefs, CurrencyPrefs? CurrencyPrefs)
{
    /// <summary>Whether documents carry our numbers.</summary>
    [JsonIgnore]
    public bool OwnNumbers => SalesFormsPrefs?.CustomTxnNumbers == true;

    /// <summary>Whether there are discount lines.</summary>
    [JsonIgnore]
    public bool Discounts => SalesFormsPrefs?.AllowDiscount == true;

    /// <summary>Whether customers have currencies of their own.</summary>
    [JsonIgnore]
    public bool ManyCurrencies => CurrencyPrefs?.MultiCurrencyEnabled == true;
}

/// <summary>What is switched on for sales.</summary>
internal sealed record SalesFormsPrefs(bool? CustomTxnNumbers, bool? AllowDiscount);

/// <summary>The currency of the books, and whether there are others.</summary>
internal sealed record CurrencyPrefs(bool? MultiCurrencyEnabled, Reference? HomeCurrency);

/// <summary>Whose books they are.</summary>
internal sealed record CompanyInfo(string? CompanyName, string? Country);

/// <summary>Something with a name, such as a way of paying.</summary>
internal sealed record NamedEntry(string Id, string? Name);

/// <summary>A tax code with its whole rate.</summary>
internal sealed record TaxEntry(string Id, string Name, decimal Rate);
