using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>
/// Brings receipts to QuickBooks as payments: for the invoices of the orders they pay, and what no invoice takes unapplied. Money that was received is
/// written once and never changed from here.
/// </summary>
internal sealed class Receipts(PaymentCalls quickBooks, Payments payments, Allocations allocations, CustomerCalls customers)
{
    /// <summary>Most characters of a payment's note.</summary>
    public const int NoteLength = 4000;

    private const int ReferenceLength = 21;

    public async Task<Outcome> PushAsync(Receipt receipt, Steps steps, CancellationToken stop)
    {
        var (connection, body, reference) = (steps.Connection, receipt.Body, Reference(receipt));
        if (receipt.Customer is not { } customer)
            return new Outcome.Refused("receipt.noCustomer", $"Receipt {reference} names no customer.", "Choose who paid, then Retry.");
        if (await steps.ExternalIdAsync(customer.Id) is not { } customerId)
            return new Outcome.Later($"{customer.Body.Name} is not in QuickBooks yet.");

        var theirs = await payments.WriteAsync("create", $"receipt {reference}", receipt.Info.RecordId, reference, async () =>
        {
            if ((await customers.FindAsync(steps, customerId, stop))?.CurrencyRef?.Value is { Length: > 0 } currency && currency != body.Currency)
                throw new OutcomeException(new Outcome.Refused(
                    "receipt.currency", $"QuickBooks keeps {customer.Body.Name} in {currency}; the receipt is in {body.Currency}.", "Enter the payment in QuickBooks by hand, then Stop it here."));
            var (parts, waits) = await allocations.FindAsync(receipt, customerId, steps, stop);
            return waits is null ? ToPayment(receipt, customerId, parts, connection) : throw new OutcomeException(waits);
        }, steps, stop);

        steps.Saw(Shown.Of(theirs, connection.Settings<QuickBooksSettings>()));
        if (theirs.TotalAmt != body.Amount || (theirs.CustomerRef is { } payer && payer.Value != customerId))
            return new Outcome.Refused(
                "erp.contentDiffers",
                $"QuickBooks holds receipt {reference} with {QuickBooksMoney.Plain(theirs.TotalAmt)} of customer {theirs.CustomerRef?.Value}; received were {QuickBooksMoney.Plain(body.Amount)} {body.Currency} of customer {customerId}.",
                "Correct the payment in QuickBooks by hand, then Retry.");
        var open = (body.Allocations ?? []).Sum(part => part.Amount) - (theirs.TotalAmt - (theirs.UnappliedAmt ?? 0));
        return open > 0 && (theirs.UnappliedAmt ?? 0) > 0
            ? new Outcome.Done(theirs.Id, theirs.PaymentRefNum, theirs.TotalAmt, "receipt.onAccount",
                $"{QuickBooksMoney.Plain(open)} {body.Currency} of it stand unapplied in QuickBooks, since what they were meant for has no open invoice of that amount. Apply them there once it has.")
            : new Outcome.Done(theirs.Id, theirs.PaymentRefNum, theirs.TotalAmt);
    }

    /// <summary>How QuickBooks shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        await quickBooks.ReadAsync(steps, document.ExternalId, document.Number ?? document.ExternalId, stop) is { } theirs
            ? Shown.Of(theirs, steps.Connection.Settings<QuickBooksSettings>())
            : throw new OutcomeException(new Outcome.Refused("erp.gone", $"QuickBooks has no payment {document.Number ?? document.ExternalId} any more.", "It was deleted there."));

    // Our own number, by which people and searches find it; a part of the record id where there is none that fits.
    private static string Reference(Receipt receipt) =>
        receipt.Info.Number is { Length: > 0 and <= ReferenceLength } number ? number : receipt.Info.RecordId.ToString("N")[^ReferenceLength..];

    private static NewPayment ToPayment(Receipt receipt, string customerId, IReadOnlyList<PaymentLine> parts, Connection connection)
    {
        var (body, method) = (receipt.Body, connection.Mapped(QuickBooksMappings.PaymentMethod, receipt.Body.Method));
        var note = Texts.Paragraphs(
        [
            body.Reference,
            method is null ? $"Paid by: {body.Method}" : null,
            receipt.Info.Number is { Length: > ReferenceLength } number ? $"Number: {number}" : null,
            body.Notes,
            .. (body.CustomFields ?? new Dictionary<string, string>()).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {field.Value}"),
        ]);
        return new(new(customerId), body.Amount, body.ReceivedOn ?? receipt.Info.Date, Reference(receipt), method is null ? null : new(method), null,
            OurMark.On(note, receipt.Info.RecordId, NoteLength), parts.Count == 0 ? null : parts);
    }
}
