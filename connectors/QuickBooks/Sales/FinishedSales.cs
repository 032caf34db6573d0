using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>
/// Brings finished sales to QuickBooks: one that is paid becomes a sales receipt; where something is owed or set aside, an invoice, and a payment for each
/// part that was paid.
/// </summary>
internal sealed class FinishedSales(SalesDocuments sales, SalesCalls quickBooks, Payments payments)
{
    public async Task<Outcome> PushAsync(Sale sale, Steps steps, CancellationToken stop)
    {
        var (kind, order) = (SalesKind.SaleOf(sale.Body), new Order(sale.Info, sale.Body, sale.Customer));
        // A later revision may be paid in another way; what stands there is not made a second time as the other kind of document.
        var other = kind == SalesKind.PaidSale ? SalesKind.OwedSale : SalesKind.PaidSale;
        if (sale.Info.Revision > 1 && await sales.StandsAsync(other, order, steps, stop) is { } standing)
            return new Outcome.Refused(
                "erp.contentDiffers", $"Sale {sale.Info.Number} stands in QuickBooks as {(other == SalesKind.PaidSale ? "a sales receipt" : "an invoice")} ({standing.DocNumber ?? standing.Id}), and it is paid in another way now.",
                "Correct it in QuickBooks by hand, then Stop it here.");

        var outcome = await sales.PushAsync(kind, order, steps, stop);
        if (outcome is not Outcome.Done done || kind == SalesKind.PaidSale)
            return outcome;
        var paid = Tenders.Paid(sale.Body);
        var customerId = (await SalesDocuments.CustomerIdAsync(order, steps))!;
        foreach (var (i, tender) in paid.Index())
        {
            var reference = Tenders.PaymentReference(sale, i, paid.Count);
            await payments.WriteAsync($"pay {i + 1}", $"the payment of sale {sale.Info.Number}", sale.Info.RecordId, reference, async () =>
            {
                var open = (await quickBooks.FindAsync(kind, steps, done.ExternalId, $"sale {sale.Info.Number}", stop))?.Balance ?? 0;
                var part = Math.Min(open, tender.Amount);
                return Tenders.ToPayment(sale, tender, reference, customerId, part > 0 ? [new(part, [new(done.ExternalId, "Invoice")])] : null, steps.Connection);
            }, steps, stop);
        }

        return done;
    }

    /// <summary>How QuickBooks shows it now: the sales receipt, or else the invoice.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        await quickBooks.FindAsync(SalesKind.PaidSale, steps, document.ExternalId, $"sale {document.Number ?? document.ExternalId}", stop) is { } theirs
        && (OurMark.Carries(theirs.PrivateNote, document.RecordId) || (SalesKind.PaidSale.IsVoid(theirs) && theirs.DocNumber == document.Number))
            ? Shown.Of(SalesKind.PaidSale, theirs, steps.Connection.Settings<QuickBooksSettings>())
            : await sales.ReadAsync(SalesKind.OwedSale, document, steps, stop);
}
