using System.Text.Json.Serialization;

namespace OrderSync.Tryton;

/// <summary>An invoice to a customer.</summary>
internal sealed record Invoice(int Id, string? Number, string State)
{
    public DateOnly? InvoiceDate { get; init; }
    public int? Party { get; init; }
    public decimal? TotalAmount { get; init; }
    public decimal? AmountToPay { get; init; }
    public int? Account { get; init; }
    public int? CurrencyDigits { get; init; }
    public IReadOnlyList<int>? Sales { get; init; }
    [JsonPropertyName("currency.")] public Named? Currency { get; init; }
    public DateTime? CreateDate { get; init; }
    public DateTime? WriteDate { get; init; }
}

/// <summary>A warehouse.</summary>
internal sealed record Warehouse(int Id, string? Name);
