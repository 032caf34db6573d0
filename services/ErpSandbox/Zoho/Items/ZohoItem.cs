using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>An item as Zoho shows and the journal keeps it.</summary>
internal sealed record ZohoItem : IZohoRow
{
    public required string ItemId { get; init; }
    public required string Name { get; init; }
    public required string Sku { get; init; }
    public string Status { get; init; } = "active";
    public decimal Rate { get; init; }
    public string Unit { get; init; } = "";
    public string Description { get; init; } = "";
    public string TaxId { get; init; } = "";
    public string TaxName { get; init; } = "";
    public decimal TaxPercentage { get; init; }
    public string ItemType { get; init; } = "sales";
    public string ProductType { get; init; } = "goods";
    public string CategoryId { get; init; } = "";
    public string CategoryName { get; init; } = "";
    public string GroupId { get; init; } = "";
    public string GroupName { get; init; } = "";
    public string Brand { get; init; } = "";
    public string Manufacturer { get; init; } = "";
    public string Ean { get; init; } = "";
    public string Upc { get; init; } = "";
    public string Isbn { get; init; } = "";
    public string PartNumber { get; init; } = "";
    [JsonPropertyName("attribute_name1")] public string AttributeName1 { get; init; } = "";
    [JsonPropertyName("attribute_option_name1")] public string AttributeOptionName1 { get; init; } = "";
    public IReadOnlyList<ZohoCustomField> CustomFields { get; init; } = [];
    public DateTimeOffset CreatedTime { get; init; }
    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>Stock where there is any; none for what is not counted.</summary>
    public IReadOnlyList<ZohoItemStock> Locations { get; init; } = [];

    public decimal? StockOnHand => Sum(one => one.LocationStockOnHand);
    public decimal? AvailableStock => Sum(one => one.LocationAvailableStock);
    public decimal? ActualAvailableStock => Sum(one => one.LocationActualAvailableStock);

    [JsonIgnore] public string Id => ItemId;

    private decimal? Sum(Func<ZohoItemStock, decimal> figure) => Locations.Count > 0 ? Locations.Sum(figure) : null;
}

/// <summary>The stock of an item at a location. What orders have taken is worked out when it is shown.</summary>
internal sealed record ZohoItemStock(string LocationId, string LocationName, bool IsPrimary, decimal LocationStockOnHand)
{
    public decimal LocationCommittedStock { get; init; }
    public decimal LocationAvailableStock => LocationStockOnHand;
    public decimal LocationActualAvailableStock => LocationStockOnHand - LocationCommittedStock;
    public decimal LocationAvailableForSaleStock => LocationStockOnHand - LocationCommittedStock;
}

/// <summary>A tax of the organisation.</summary>
internal sealed record ZohoTax(string TaxId, string TaxName, decimal TaxPercentage);

/// <summary>A category of items; a category may stand below another.</summary>
internal sealed record ZohoCategory(string CategoryId, string Name, string ParentCategoryId, string Status);

/// <summary>A group of items that differ by an attribute.</summary>
internal sealed record ZohoItemGroup(string GroupId, string GroupName, string Status);

/// <summary>A place with stock of its own: a warehouse, a branch, a van.</summary>
internal sealed record ZohoLocation(string LocationId, string LocationName, string Type, string Status, bool IsPrimaryLocation);

/// <summary>Someone who sells.</summary>
internal sealed record ZohoSalesperson(string SalespersonId, string SalespersonName, string SalespersonEmail, string Status);

/// <summary>A price list: rates for items, or a percentage on all of them.</summary>
internal sealed record ZohoPricebook
{
    public required string PricebookId { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public string Status { get; init; } = "active";
    public string CurrencyId { get; init; } = "";
    public string CurrencyCode { get; init; } = "";
    public string PricebookType { get; init; } = "per_item";
    public string SalesOrPurchaseType { get; init; } = "sales";
    public string PricingScheme { get; init; } = "unit";
    public bool IsIncrease { get; init; }
    public decimal Percentage { get; init; }
    public string RoundingType { get; init; } = "no_rounding";
    public int DecimalPlace { get; init; } = 2;
    public bool IsDefault { get; init; }
    public IReadOnlyList<ZohoPricebookItem> PricebookItems { get; init; } = [];
}

/// <summary>The rate of an item in a price list, or its rates by quantity.</summary>
internal sealed record ZohoPricebookItem(string PricebookItemId, string ItemId, string Name, decimal? PricebookRate, IReadOnlyList<ZohoPriceBracket> PriceBrackets);

/// <summary>A rate from one quantity up to another; the last has no end.</summary>
internal sealed record ZohoPriceBracket(decimal StartQuantity, decimal? EndQuantity, decimal PricebookRate);
