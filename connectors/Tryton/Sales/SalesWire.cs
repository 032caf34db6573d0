using System.Text.Json.Serialization;

namespace OrderSync.Tryton;

/// <summary>A sale as Tryton shows it.</summary>
internal sealed record Sale(int Id, string? Number, string State)
{
    public const string Draft = "draft";
    public const string Quotation = "quotation";
    public const string Confirmed = "confirmed";
    public const string Processing = "processing";
    public const string Done = "done";
    public const string Cancelled = "cancelled";

    public string? Reference { get; init; }
    public string? Description { get; init; }
    public string? Comment { get; init; }
    public DateOnly? SaleDate { get; init; }
    public int? Party { get; init; }
    public decimal UntaxedAmount { get; init; }
    public decimal TaxAmount { get; init; }
    public decimal TotalAmount { get; init; }
    [JsonPropertyName("currency.")] public Named? Currency { get; init; }
    [JsonPropertyName("party.")] public Named? PartyNamed { get; init; }
    [JsonPropertyName("lines.")] public IReadOnlyList<SaleLine>? Lines { get; init; }
    public DateTime? CreateDate { get; init; }
    public DateTime? WriteDate { get; init; }
}

/// <summary>A line of a sale.</summary>
internal sealed record SaleLine(int Id, string? Type, decimal? Quantity, decimal? UnitPrice)
{
    public int? Product { get; init; }
    public string? Description { get; init; }
    public decimal? Amount { get; init; }
    [JsonPropertyName("product.")] public Named? ProductNamed { get; init; }
    [JsonPropertyName("unit.")] public Named? Unit { get; init; }
    [JsonPropertyName("taxes.")] public IReadOnlyList<Tax>? Taxes { get; init; }
}

/// <summary>A sale to create, or what a draft is to hold.</summary>
internal sealed record NewSale(
    int Party, int Currency, string? Reference, string? Description, string? Comment, DateOnly SaleDate, int InvoiceAddress, int ShipmentAddress, DateOnly? ShippingDate,
    string InvoiceMethod, string ShipmentMethod, object[] Lines)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Company { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Number { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? PaymentTerm { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? Warehouse { get; init; }
}

/// <summary>A line to create. Its price is sent as it is, with its tax: Tryton fills nothing in by itself.</summary>
internal sealed record NewLine(
    int? Product, int? Unit, [property: JsonConverter(typeof(PlainNumber))] decimal Quantity, decimal UnitPrice, object[] Taxes, string? Description, string? Note, int Sequence)
{
    public string Type { get; init; } = "line";
}
