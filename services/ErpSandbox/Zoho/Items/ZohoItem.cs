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
    public DateTimeOffset CreatedTime { get; init; }
    public DateTimeOffset LastModifiedTime { get; init; }
}

/// <summary>A tax of the organisation.</summary>
internal sealed record ZohoTax(string TaxId, string TaxName, decimal TaxPercentage);
