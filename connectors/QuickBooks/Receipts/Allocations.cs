using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>Finds the invoices that a receipt pays: those of the orders it names, and those it names by number. QuickBooks links by id.</summary>
internal sealed class Allocations(SalesCalls quickBooks)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);
    private static readonly SalesKind Invoices = SalesKind.AnyInvoice;

    /// <summary>What each invoice takes; or why the receipt waits for one.</summary>
    public async Task<(IReadOnlyList<PaymentLine> Parts, Outcome? Waits)> FindAsync(Receipt receipt, string customerId, Steps steps, CancellationToken stop)
    {
        var taken = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var allocation in receipt.Body.Allocations ?? [])
        {
            var (invoices, missing) = await InvoicesAsync(allocation, steps, stop);
            if (missing is not null && steps.Connection.Settings<QuickBooksSettings>().UninvoicedReceipt == UninvoicedReceipt.Wait)
                return ([], new Outcome.Later($"{missing} has no invoice in QuickBooks yet; it is looked for again every hour.", AskAgain));
            Take(allocation.Amount, invoices.Where(invoice => invoice.Balance > 0 && !Invoices.IsVoid(invoice) && invoice.CustomerRef?.Value == customerId), taken);
        }

        return ([.. taken.Select(part => new PaymentLine(part.Value, [new(part.Key, "Invoice")]))], null);
    }

    // Never more than an invoice has open: QuickBooks refuses the whole payment then.
    private static void Take(decimal amount, IEnumerable<SalesDocument> invoices, Dictionary<string, decimal> taken)
    {
        foreach (var invoice in invoices)
        {
            var before = taken.GetValueOrDefault(invoice.Id);
            var part = Math.Min(amount, (invoice.Balance ?? 0) - before);
            if (part <= 0)
                continue;
            taken[invoice.Id] = before + part;
            amount -= part;
        }
    }

    // The order itself where it is an invoice, else those made of its estimate; or the invoice of a number. What has none is named.
    private async Task<(IReadOnlyList<SalesDocument> Invoices, string? Missing)> InvoicesAsync(ReceiptAllocation allocation, Steps steps, CancellationToken stop)
    {
        var orders = SalesKind.OrderOf(steps.Connection);
        if (allocation.Order is { } recordId)
        {
            var order = await steps.ExternalIdAsync(recordId) is { Length: > 0 } id ? await quickBooks.FindAsync(orders, steps, id, $"order {id}", stop) : null;
            return await OfAsync(orders, order, $"The order {order?.DocNumber ?? recordId.ToString("D")} it pays", steps, stop);
        }

        if (allocation.Document is not { Length: > 0 } number)
            return ([], null);
        if (await quickBooks.FindByNumberAsync(Invoices, steps, number, stop) is { Count: > 0 } named)
            return (named, null);
        return orders.IsPosted ? ([], $"{number}, which it pays,")
            : await OfAsync(orders, await quickBooks.FindByNumberAsync(orders, steps, number, stop) is [var estimate, ..] ? estimate : null, $"{number}, which it pays,", steps, stop);
    }

    private async Task<(IReadOnlyList<SalesDocument> Invoices, string? Missing)> OfAsync(SalesKind orders, SalesDocument? order, string what, Steps steps, CancellationToken stop)
    {
        if (order is null || orders.IsVoid(order))
            return ([], order is null ? what : null);
        if (orders.IsPosted)
            return ([order], null);
        var invoices = new List<SalesDocument>();
        foreach (var link in (order.LinkedTxn ?? []).Where(link => link.TxnType == "Invoice"))
        {
            if (await quickBooks.FindAsync(Invoices, steps, link.TxnId, $"invoice {link.TxnId}", stop) is { } invoice)
                invoices.Add(invoice);
        }

        return (invoices, invoices.Count == 0 ? what : null);
    }
}
