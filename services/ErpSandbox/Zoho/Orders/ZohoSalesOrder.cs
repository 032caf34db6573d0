namespace OrderSync.ErpSandbox.Zoho;

/// <summary>A sales order as Zoho shows and the journal keeps it, with the settings its figures were made by.</summary>
internal sealed record ZohoSalesOrder : IZohoRow
{
    public required string SalesorderId { get; init; }
    public string SalesorderNumber { get; init; } = "";
    public string ReferenceNumber { get; init; } = "";
    public string Date { get; init; } = "";
    public string ShipmentDate { get; init; } = "";
    public string Status { get; init; } = "draft";
    public string InvoicedStatus { get; init; } = "";
    public string PaidStatus { get; init; } = "";
    public string ShippedStatus { get; init; } = "";
    public string CustomerId { get; init; } = "";
    public string CustomerName { get; init; } = "";
    public string CurrencyId { get; init; } = "";
    public string CurrencyCode { get; init; } = "";
    public decimal ExchangeRate { get; init; } = 1;
    public string DeliveryMethod { get; init; } = "";
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
    public IReadOnlyList<ZohoOrderLine> LineItems { get; init; } = [];

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
    public IReadOnlyList<object> Packages { get; init; } = [];
    public IReadOnlyList<object> Invoices { get; init; } = [];
    public DateTimeOffset CreatedTime { get; init; }
    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>The value of a custom field, if it has one.</summary>
    public string? CustomField(string apiName) => CustomFields.FirstOrDefault(field => field.ApiName == apiName)?.Value is { Length: > 0 } value ? value : null;

    /// <summary>What lists show: no lines, addresses or custom fields.</summary>
    public object Row() => new
    {
        SalesorderId, SalesorderNumber, ReferenceNumber, Date, ShipmentDate, Status, InvoicedStatus, PaidStatus, ShippedStatus, CustomerId,
        CustomerName, CurrencyId, CurrencyCode, Total, CreatedTime, LastModifiedTime,
    };
}

/// <summary>A line of a sales order.</summary>
internal sealed record ZohoOrderLine
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
    public string Discount { get; init; } = "";
    public decimal DiscountAmount { get; init; }
    public string TaxId { get; init; } = "";
    public string TaxName { get; init; } = "";
    public decimal TaxPercentage { get; init; }
    public decimal? TaxAmount { get; init; }
    public decimal ItemTotal { get; init; }
    public IReadOnlyList<ZohoTaxRow> LineItemTaxes { get; init; } = [];
    public decimal QuantityInvoiced { get; init; }
    public decimal QuantityPacked { get; init; }
    public decimal QuantityShipped { get; init; }
}

/// <summary>One tax with its amount.</summary>
internal sealed record ZohoTaxRow(string TaxId, string TaxName, decimal TaxAmount);
