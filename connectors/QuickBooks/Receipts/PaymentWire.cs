using System.Text.Json.Serialization;

namespace OrderSync.QuickBooks;

/// <summary>A payment as QuickBooks shows it.</summary>
internal sealed record Payment(string Id, string? SyncToken, string? PaymentRefNum, decimal TotalAmt, Reference? CustomerRef) : IChanging
{
    public DateOnly? TxnDate { get; init; }
    public string? PrivateNote { get; init; }
    public decimal? UnappliedAmt { get; init; }
    public Reference? CurrencyRef { get; init; }
    public MetaData? MetaData { get; init; }
    [JsonPropertyName("status")] public string? Status { get; init; }
}

/// <summary>A payment to create.</summary>
internal sealed record NewPayment(
    Reference CustomerRef, decimal TotalAmt, DateOnly TxnDate, string PaymentRefNum, Reference? PaymentMethodRef, Reference? CurrencyRef, string PrivateNote, IReadOnlyList<PaymentLine>? Line);

/// <summary>What an invoice takes of a payment.</summary>
internal sealed record PaymentLine(decimal Amount, IReadOnlyList<LinkedTxn> LinkedTxn);
