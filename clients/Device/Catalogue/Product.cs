namespace OrderSync.Device;

/// <summary>A product as it can be sold and shown.</summary>
/// <param name="Sku">Stock-keeping unit.</param>
/// <param name="Name">As shown.</param>
public sealed record Product(string Sku, string Name)
{
    /// <summary>Unit of measure.</summary>
    public string? Unit { get; init; }

    /// <summary>Its own price, before lists and customers' prices: ask <see cref="Catalogue.PriceOf"/>.</summary>
    public decimal? Price { get; init; }

    /// <summary>The company's tax code.</summary>
    public string? TaxCode { get; init; }

    /// <summary>Per cent.</summary>
    public decimal? TaxRate { get; init; }

    /// <summary>The least that is sold.</summary>
    public decimal? MinimumQuantity { get; init; }

    /// <summary>Sold in multiples of this.</summary>
    public decimal? QuantityStep { get; init; }

    /// <summary>Categories.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Collections.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>Barcodes; none is legal.</summary>
    public IReadOnlyList<string> Barcodes { get; init; } = [];

    /// <summary>Attributes by name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Specifications by name.</summary>
    public IReadOnlyDictionary<string, string> Specifications { get; init; } = new Dictionary<string, string>();

    /// <summary>As shown to customers.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it can be ordered without a line.</summary>
    public bool IsOfflineOrderable { get; init; } = true;

    /// <summary>Whether it is still sold.</summary>
    public bool IsActive { get; init; } = true;

    internal static Product? Of(string key, RowBody row) => new(row.Text("sku") ?? key, row.Text("name") ?? key)
    {
        Unit = row.Text("unit"), Price = row.Number("price"), TaxCode = row.Text("taxCode"), TaxRate = row.Number("taxRate"),
        MinimumQuantity = row.Number("minimumQuantity"), QuantityStep = row.Number("quantityStep"),
        Categories = row.Texts("categories"), Collections = row.Texts("collections"), Barcodes = row.Texts("barcodes"),
        Attributes = row.Named("attributes"), Specifications = row.Named("specifications"), Description = row.Text("description"),
        IsOfflineOrderable = row.Flag("offlineOrderable") ?? true, IsActive = row.Flag("active") ?? true,
    };
}
