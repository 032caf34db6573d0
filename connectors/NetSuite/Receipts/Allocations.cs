using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>What a receipt is for: the invoices it pays, or the one order it is a deposit for.</summary>
/// <param name="Invoices">What each takes.</param>
/// <param name="Orders">Internal ids of the orders that nothing of was billed yet.</param>
internal sealed record Allocated(IReadOnlyDictionary<string, decimal> Invoices, IReadOnlyList<string> Orders);

/// <summary>Finds the invoices and orders that a receipt names.</summary>
internal sealed class Allocations(ReceiptCalls receipts, SalesCalls sales)
{
    /// <summary>What the receipt is for.</summary>
    public async Task<Allocated> FindAsync(Receipt receipt, string customerId, Steps steps, CancellationToken stop)
    {
        var (invoices, orders, kind) = (new Dictionary<string, decimal>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), SalesKind.OrderOf(steps.Connection));
        foreach (var allocation in receipt.Body.Allocations ?? [])
        {
            var named = allocation.Document is { Length: > 0 } number
                ? (await receipts.FindByNumberAsync(steps, number, kind.Type, stop)).Where(one => one.TranId == number).ToList()
                : allocation.Order is { } order && await steps.ExternalIdAsync(order) is { Length: > 0 } known ? [new(known, null, null, kind.Type)] : [];
            var left = allocation.Amount;
            foreach (var one in named.Where(one => one.Type != kind.Type))
                left -= await TakeAsync(one.Id, left);
            if (left == allocation.Amount && named.Find(one => one.Type == kind.Type) is { } sold && await IsOpenAsync(sold.Id))
                orders.Add(sold.Id);
        }

        return new(invoices, [.. orders]);

        // Never more than an invoice has open: NetSuite would refuse the whole payment.
        async Task<decimal> TakeAsync(string id, decimal wanted)
        {
            if (wanted <= 0 || await receipts.InvoiceAsync(steps, id, $"invoice {id}", stop) is not { } invoice || (invoice.Entity?.Id is { } owes && owes != customerId))
                return 0;
            var before = invoices.GetValueOrDefault(id);
            var part = Math.Max(0, Math.Min(wanted, (invoice.AmountRemaining ?? invoice.Total ?? 0) - before));
            if (part > 0)
                invoices[id] = before + part;
            return part;
        }

        // Of an order that is billed already a deposit would come too late.
        async Task<bool> IsOpenAsync(string id) =>
            await sales.FindAsync(steps, kind, id, $"order {id}", stop) is { } order && !kind.IsVoid(order) && order.Lines.All(line => line.QuantityBilled is null or 0) && (order.Entity?.Id is null || order.Entity.Id == customerId);
    }
}
