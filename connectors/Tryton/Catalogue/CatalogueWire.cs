using System.Text.Json.Serialization;

namespace OrderSync.Tryton;

/// <summary>A product: what is sold, a variant of a template that holds all they have in common.</summary>
internal sealed record Product(int Id, string? Code, string? Name)
{
    public bool Active { get; init; } = true;
    public bool Salable { get; init; } = true;
    public string? Description { get; init; }
    public decimal? ListPrice { get; init; }
    [JsonPropertyName("sale_uom.")] public Unit? SaleUom { get; init; }
    [JsonPropertyName("template.")] public Template? Template { get; init; }
    [JsonPropertyName("identifiers.")] public IReadOnlyList<Identifier>? Identifiers { get; init; }
    public decimal? Quantity { get; init; }
    public decimal? ForecastQuantity { get; init; }
    public DateTime? CreateDate { get; init; }
    public DateTime? WriteDate { get; init; }
}

/// <summary>What the variants of a product have in common.</summary>
internal sealed record Template(int Id)
{
    public bool Active { get; init; } = true;
    public DateTime? CreateDate { get; init; }
    public DateTime? WriteDate { get; init; }
    [JsonPropertyName("account_category.")] public Category? AccountCategory { get; init; }
    [JsonPropertyName("categories.")] public IReadOnlyList<Named>? Categories { get; init; }
}

/// <summary>A category that says how a product is booked and taxed.</summary>
internal sealed record Category(int Id)
{
    [JsonPropertyName("customer_taxes.")] public IReadOnlyList<Tax>? CustomerTaxes { get; init; }
}

/// <summary>A number that others know a thing by, such as an EAN.</summary>
internal sealed record Identifier(int Id, string? Code, string? Type);

/// <summary>A unit of measure.</summary>
internal sealed record Unit(int Id, string? Name, string? Symbol, int? Digits, int? Category);

/// <summary>A tax; only a percentage without parts can be foretold. Its rate is a fraction.</summary>
internal sealed record Tax(int Id, string? Name, string? Type, decimal? Rate, IReadOnlyList<int>? Childs)
{
    /// <summary>The rate as we write it.</summary>
    [JsonIgnore]
    public decimal Percent => (Rate ?? 0) * 100;
}

/// <summary>A currency.</summary>
internal sealed record Currency(int Id, string Code, int Digits);
