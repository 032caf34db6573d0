using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>What every numbered thing has: look-ups, lists and the control API work on it.</summary>
internal interface IZohoDocument : IZohoRow
{
    string Number { get; }
    string ReferenceNumber { get; }
    string Status { get; }
    string Date { get; }
    string CustomerId { get; }
    string CustomerName { get; }
    decimal Total { get; }
    IReadOnlyList<ZohoCustomField> CustomFields { get; }

    /// <summary>Ids in it that must never be given again.</summary>
    IEnumerable<string> Ids { get; }

    /// <summary>The same with other values in its custom fields.</summary>
    IZohoDocument With(IReadOnlyList<ZohoCustomField> fields, DateTimeOffset now);

    /// <summary>As one of the two products shows it.</summary>
    IZohoDocument Shown(ZohoFlavour flavour) => this;

    /// <summary>What lists show: no lines, addresses or custom fields.</summary>
    object Row(ZohoFlavour flavour);

    /// <summary>The value of a custom field, if it has one.</summary>
    string? CustomField(string apiName) => CustomFields.FirstOrDefault(field => field.ApiName == apiName)?.Value is { Length: > 0 } value ? value : null;
}

/// <summary>A document with lines as Zoho shows and the journal keeps it, with the settings its figures were made by.</summary>
internal abstract record ZohoDocument : IZohoDocument
{
    [JsonIgnore] public abstract string Id { get; }
    [JsonIgnore] public abstract string Number { get; }
    public string ReferenceNumber { get; init; } = "";
    public string Date { get; init; } = "";
    public string Status { get; init; } = "draft";
    public string CustomerId { get; init; } = "";
    public string CustomerName { get; init; } = "";
    public string CurrencyId { get; init; } = "";
    public string CurrencyCode { get; init; } = "";
    public decimal ExchangeRate { get; init; } = 1;
    public string SalespersonId { get; init; } = "";
    public string SalespersonName { get; init; } = "";
    public string LocationId { get; init; } = "";
    public string LocationName { get; init; } = "";
    public string PricebookId { get; init; } = "";
    public string Notes { get; init; } = "";
    public string Terms { get; init; } = "";
    public IReadOnlyList<string> ContactPersonsAssociated { get; init; } = [];
    public string BillingAddressId { get; init; } = "";
    public string ShippingAddressId { get; init; } = "";
    public ZohoAddress? BillingAddress { get; init; }
    public ZohoAddress? ShippingAddress { get; init; }

    public string DiscountType { get; init; } = "entity_level";
    public string Discount { get; init; } = "";
    public bool IsDiscountBeforeTax { get; init; } = true;
    public bool IsInclusiveTax { get; init; }
    public decimal ShippingCharge { get; init; }
    public decimal Adjustment { get; init; }
    public string AdjustmentDescription { get; init; } = "";
    public IReadOnlyList<ZohoLine> LineItems { get; init; } = [];

    public decimal SubTotal { get; init; }
    public decimal SubTotalInclusiveOfTax { get; init; }
    public decimal DiscountTotal { get; init; }
    public decimal DiscountAppliedOnAmount { get; init; }
    public decimal TaxTotal { get; init; }
    public decimal RoundoffValue { get; init; }
    public decimal Total { get; init; }
    public IReadOnlyList<ZohoTaxRow> Taxes { get; init; } = [];

    public int PricePrecision { get; init; }
    public string TaxRounding { get; init; } = "";
    public string RoundingMode { get; init; } = "";
    public string BcyRoundingMode { get; init; } = "";
    public string TransactionRoundingType { get; init; } = "";
    public string TaxOverridePreference { get; init; } = "no_override";
    public bool IsItemLevelTaxCalc { get; init; }

    public IReadOnlyList<ZohoCustomField> CustomFields { get; init; } = [];
    public DateTimeOffset CreatedTime { get; init; }
    public DateTimeOffset LastModifiedTime { get; init; }

    [JsonIgnore] public IEnumerable<string> Ids => LineItems.Select(line => line.LineItemId).Prepend(Id);

    public IZohoDocument With(IReadOnlyList<ZohoCustomField> fields, DateTimeOffset now) => this with { CustomFields = fields, LastModifiedTime = now };

    public virtual IZohoDocument Shown(ZohoFlavour flavour) => this;

    public abstract object Row(ZohoFlavour flavour);
}

/// <summary>A line of a document.</summary>
internal sealed record ZohoLine
{
    public required string LineItemId { get; init; }
    public string ItemId { get; init; } = "";
    public string Sku { get; init; } = "";
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public int ItemOrder { get; init; }
    public decimal Rate { get; init; }
    public decimal Quantity { get; init; }
    public string Unit { get; init; } = "";
    public string LocationId { get; init; } = "";
    public string Discount { get; init; } = "";
    public decimal DiscountAmount { get; init; }
    public string TaxId { get; init; } = "";
    public string TaxName { get; init; } = "";
    public decimal TaxPercentage { get; init; }
    public decimal? TaxAmount { get; init; }
    public decimal ItemTotal { get; init; }
    public IReadOnlyList<ZohoTaxRow> LineItemTaxes { get; init; } = [];
    public string SalesorderItemId { get; init; } = "";
    public decimal QuantityInvoiced { get; init; }
    public decimal QuantityPacked { get; init; }
    public decimal QuantityShipped { get; init; }
}

/// <summary>One tax with its amount.</summary>
internal sealed record ZohoTaxRow(string TaxId, string TaxName, decimal TaxAmount);
