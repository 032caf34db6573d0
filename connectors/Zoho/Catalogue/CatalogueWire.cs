using System.Text.Json.Serialization;

namespace OrderSync.Zoho;

/// <summary>An item of the catalogue.</summary>
internal sealed record Item([property: JsonConverter(typeof(LooseText))] string ItemId, string? Sku, string? Name, string? Status)
{
    public string? Unit { get; init; }
    public decimal? Rate { get; init; }
    public string? Description { get; init; }
    public string? TaxName { get; init; }
    public decimal? TaxPercentage { get; init; }
    public string? CategoryName { get; init; }
    public string? GroupName { get; init; }
    public string? Brand { get; init; }
    public string? Manufacturer { get; init; }
    public string? PartNumber { get; init; }
    public string? Ean { get; init; }
    public string? Upc { get; init; }
    public string? Isbn { get; init; }
    [JsonPropertyName("attribute_name1")] public string? AttributeName { get; init; }
    [JsonPropertyName("attribute_option_name1")] public string? AttributeValue { get; init; }
    public IReadOnlyList<ItemStock>? Locations { get; init; }
    public decimal? StockOnHand { get; init; }
    public decimal? ActualAvailableStock { get; init; }
    public string? LastModifiedTime { get; init; }
}

/// <summary>Stock of an item at one place.</summary>
internal sealed record ItemStock(
    [property: JsonConverter(typeof(LooseText))] string LocationId, string? LocationName, decimal? LocationStockOnHand, decimal? LocationAvailableStock,
    decimal? LocationActualAvailableStock, decimal? LocationAvailableForSaleStock, decimal? LocationCommittedStock);

/// <summary>A tax of the organisation.</summary>
internal sealed record TaxEntry([property: JsonConverter(typeof(LooseText))] string TaxId, string TaxName, decimal TaxPercentage);

/// <summary>An organisation that the token opens.</summary>
internal sealed record Organization([property: JsonConverter(typeof(LooseText))] string OrganizationId, string? Name, string? CurrencyCode);

/// <summary>A way of paying; its name is what payments carry.</summary>
internal sealed record PaymentModeEntry(string? PaymentMode, string? Name);

/// <summary>Somebody who sells.</summary>
internal sealed record SalespersonEntry([property: JsonConverter(typeof(LooseText))] string SalespersonId, string? SalespersonName);

/// <summary>Somebody who may sign in; where they sell, their id is that of a salesperson.</summary>
internal sealed record UserEntry([property: JsonConverter(typeof(LooseText))] string UserId, string? Name, string? Email);

/// <summary>A place of the organisation.</summary>
internal sealed record LocationEntry([property: JsonConverter(typeof(LooseText))] string LocationId, string? LocationName);

/// <summary>A price list: rates for items, or a percentage on all of them.</summary>
internal sealed record PricebookEntry([property: JsonConverter(typeof(LooseText))] string PricebookId, string? Name, string? PricebookName)
{
    public string? Status { get; init; }
    public string? CurrencyCode { get; init; }
    public string? PricebookType { get; init; }
    public string? SalesOrPurchaseType { get; init; }
    public bool? IsIncrease { get; init; }
    public decimal? Percentage { get; init; }
    public IReadOnlyList<PricebookItem>? PricebookItems { get; init; }
}

/// <summary>The rate of an item in a price list, or its rates by quantity.</summary>
internal sealed record PricebookItem([property: JsonConverter(typeof(LooseText))] string ItemId, decimal? PricebookRate, IReadOnlyList<PriceBracket>? PriceBrackets);

/// <summary>A rate from one quantity up to another; the last has no end.</summary>
internal sealed record PriceBracket(decimal? StartQuantity, decimal? EndQuantity, decimal PricebookRate);
