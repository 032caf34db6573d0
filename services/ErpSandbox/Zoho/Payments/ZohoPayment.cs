using System.Text.Json.Serialization;

namespace OrderSync.ErpSandbox.Zoho;

/// <summary>Money received from a customer, applied to invoices or left over.</summary>
internal sealed record ZohoPayment : IZohoDocument
{
    public required string PaymentId { get; init; }
    public string PaymentNumber { get; init; } = "";
    public string ReferenceNumber { get; init; } = "";
    public string Date { get; init; } = "";
    public string PaymentMode { get; init; } = "";
    public string Description { get; init; } = "";
    public string CustomerId { get; init; } = "";
    public string CustomerName { get; init; } = "";
    public string CurrencyId { get; init; } = "";
    public string CurrencyCode { get; init; } = "";
    public string AccountId { get; init; } = "";
    public string AccountName { get; init; } = "";
    public decimal ExchangeRate { get; init; } = 1;
    public decimal BankCharges { get; init; }
    public decimal Amount { get; init; }
    public IReadOnlyList<ZohoApplied> Invoices { get; init; } = [];
    public IReadOnlyList<ZohoCustomField> CustomFields { get; init; } = [];
    public DateTimeOffset CreatedTime { get; init; }
    public DateTimeOffset LastModifiedTime { get; init; }

    /// <summary>What no invoice has taken: an advance.</summary>
    public decimal UnusedAmount => Amount - Invoices.Sum(applied => applied.AmountApplied);

    [JsonIgnore] public string Id => PaymentId;
    [JsonIgnore] public string Number => PaymentNumber;
    [JsonIgnore] public string Status => "paid";
    [JsonIgnore] public decimal Total => Amount;
    [JsonIgnore] public IEnumerable<string> Ids => [PaymentId, .. Invoices.Select(applied => applied.InvoicePaymentId)];

    public IZohoDocument With(IReadOnlyList<ZohoCustomField> fields, DateTimeOffset now) => this with { CustomFields = fields, LastModifiedTime = now };

    public object Row(ZohoFlavour flavour) => new
    {
        PaymentId, PaymentNumber, ReferenceNumber, Date, PaymentMode, Description, CustomerId, CustomerName, AccountId, AccountName, Amount, UnusedAmount,
        InvoiceNumbers = string.Join(", ", Invoices.Select(applied => applied.InvoiceNumber)), CreatedTime, LastModifiedTime,
    };
}

/// <summary>The part of a payment that an invoice takes.</summary>
internal sealed record ZohoApplied(string InvoicePaymentId, string InvoiceId, string InvoiceNumber, decimal AmountApplied);
