using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Finds the invoices that a receipt pays: those of the orders it names, oldest first, and those it names by number.</summary>
internal sealed class Allocations(SalesCalls zoho)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    /// <summary>What each invoice takes; or why the receipt waits for one.</summary>
    public async Task<(IReadOnlyList<AppliedPart> Parts, Outcome? Waits)> FindAsync(Receipt receipt, string customerId, Steps steps, CancellationToken stop)
    {
        var taken = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var allocation in receipt.Body.Allocations ?? [])
        {
            var (invoices, missing) = await InvoicesAsync(allocation, steps, stop);
            if (missing is not null && steps.Connection.Settings<ZohoSettings>().UninvoicedReceipt == UninvoicedReceipt.Wait)
                return ([], new Outcome.Later($"{missing} has no invoice in Zoho yet; it is looked for again every hour.", AskAgain));
            Take(allocation.Amount, invoices.Where(invoice => IsOpen(invoice) && (invoice.CustomerId is null || invoice.CustomerId == customerId)), taken);
        }

        return ([.. taken.Select(part => new AppliedPart(part.Key, part.Value))], null);
    }

    // Never more than an invoice has open: Zoho refuses the whole payment then.
    private static void Take(decimal amount, IEnumerable<InvoiceRow> invoices, Dictionary<string, decimal> taken)
    {
        foreach (var invoice in invoices)
        {
            var before = taken.GetValueOrDefault(invoice.InvoiceId);
            var part = Math.Min(amount, (invoice.Balance ?? 0) - before);
            if (part <= 0)
                continue;
            taken[invoice.InvoiceId] = before + part;
            amount -= part;
        }
    }

    private static bool IsOpen(InvoiceRow invoice) => invoice is { Balance: > 0 } and not { Status: "void" or "draft" };

    // An order's invoices, or the invoice of a number; what has none is named.
    private async Task<(IReadOnlyList<InvoiceRow> Invoices, string? Missing)> InvoicesAsync(ReceiptAllocation allocation, Steps steps, CancellationToken stop)
    {
        var orders = SalesKind.OrderOf(steps.Connection);
        if (allocation.Order is { } recordId)
        {
            var order = await steps.ExternalIdAsync(recordId) is { } id ? await zoho.ReadAsync(orders, steps, id, id, stop) : null;
            return Of(order, $"The order {order?.Number ?? recordId.ToString("D")} it pays");
        }

        if (allocation.Document is not { Length: > 0 } number)
            return ([], null);
        return await zoho.FindInvoicesAsync(steps, number, stop) is { Count: > 0 } named
            ? (named, null)
            : Of(await zoho.FindAsync(orders, steps, number, stop), $"{number}, which it pays,");
    }

    private static (IReadOnlyList<InvoiceRow> Invoices, string? Missing) Of(SalesDocument? order, string what)
    {
        var invoices = (order?.Invoices ?? []).Where(invoice => invoice.Status is not ("void" or "draft"))
            .OrderBy(invoice => invoice.InvoiceId.Length).ThenBy(invoice => invoice.InvoiceId, StringComparer.Ordinal).ToList();
        return (invoices, invoices.Count == 0 && order?.Status != "void" ? what : null);
    }
}
