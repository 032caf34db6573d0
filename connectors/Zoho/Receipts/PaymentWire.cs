using System.Text.Json.Serialization;

namespace OrderSync.Zoho;

/// <summary>A customer payment as Zoho shows it; lists leave out its invoices and custom fields.</summary>
internal sealed record Payment(
    [property: JsonConverter(typeof(LooseText))] string PaymentId, string? PaymentNumber, string? ReferenceNumber, decimal Amount,
    [property: JsonConverter(typeof(LooseText))] string? CustomerId, IReadOnlyList<AppliedPart>? Invoices, IReadOnlyList<CustomField>? CustomFields)
{
    public string? Date { get; init; }
    public string? CustomerName { get; init; }
    public string? CurrencyCode { get; init; }

    /// <summary>What invoices took of it.</summary>
    [JsonIgnore]
    public decimal Applied => (Invoices ?? []).Sum(part => part.AmountApplied);
}

/// <summary>What an invoice takes of a payment.</summary>
internal sealed record AppliedPart([property: JsonConverter(typeof(LooseText))] string InvoiceId, decimal AmountApplied);

/// <summary>A payment to create.</summary>
internal sealed record NewPayment(
    string CustomerId, string PaymentMode, decimal Amount, DateOnly Date, string ReferenceNumber, string? Description, string? LocationId,
    IReadOnlyList<AppliedPart> Invoices, IReadOnlyList<CustomField> CustomFields);
