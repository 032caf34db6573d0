using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>QuickBooks' payments: find, create.</summary>
internal sealed class PaymentCalls(QuickBooksClient quickBooks)
{
    /// <summary>The payments of a reference.</summary>
    public async Task<IReadOnlyList<Payment>> FindAsync(Steps steps, string reference, CancellationToken stop) =>
        (await quickBooks.QueryAsync(steps, $"select * from Payment where PaymentRefNum = '{QuickBooksClient.Quoted(reference)}'", $"receipt {reference}", stop)).Payment ?? [];

    /// <summary>A payment by its id; null when it is not there.</summary>
    public async Task<Payment?> ReadAsync(Steps steps, string id, string reference, CancellationToken stop) =>
        (await quickBooks.GetAsync(steps, $"payment/{Uri.EscapeDataString(id)}", $"receipt {reference}", stop, fault => fault.Code == QuickBooksErrors.Missing)).Payment;

    /// <summary>Creates a payment. Answers it as QuickBooks holds it; null where it says that it answered this key before and does not say what.</summary>
    public async Task<Payment?> CreateAsync(Steps steps, string key, NewPayment payment, CancellationToken stop) =>
        (await quickBooks.PostAsync(steps, "payment", key, payment, $"receipt {payment.PaymentRefNum}", stop, fault => fault.Code == QuickBooksErrors.KeyTaken)).Payment;
}
