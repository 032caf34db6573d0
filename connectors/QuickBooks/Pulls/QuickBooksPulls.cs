using System.Runtime.CompilerServices;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>What comes back from QuickBooks, one method for each collection. It has no price lists that could be read.</summary>
internal sealed class QuickBooksPulls(ChangedRows rows)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Daily = TimeSpan.FromHours(24);
    private static readonly SalesKind Invoices = SalesKind.AnyInvoice;

    public static IReadOnlyList<PullPlan> All { get; } =
    [
        new(CollectionNames.Items, Usual, Daily), new(CollectionNames.Customers, Usual, Daily), new(CollectionNames.Orders, Usual, Daily), new(CollectionNames.Invoices, Usual, Daily),
        // Whether a move of stock counts as a change of the item is not documented: the items, a thousand in a call, are read whole each time.
        new(CollectionNames.Stock, Usual, Usual, Changes: false),
    ];

    public async IAsyncEnumerable<PulledPage<ItemLevel>> ItemsAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in rows.ReadAsync("Item", true, true, from, answer => answer.Item, "items", steps, stop))
            yield return new([.. page.Rows.Select(item => new Pulled<ItemLevel>(item.Id, PullMapping.Item(item)))], page.Cursor, page.Total);
    }

    public async IAsyncEnumerable<PulledPage<StockLevel>> StockAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in rows.ReadAsync("Item", true, false, from, answer => answer.Item, "items", steps, stop))
            yield return new([.. page.Rows.Select(item => (item.Id, Level: PullMapping.Stock(item))).Where(one => one.Level is not null).Select(one => new Pulled<StockLevel>(one.Id, one.Level))], page.Cursor);
    }

    public async IAsyncEnumerable<PulledPage<CustomerLevel>> CustomersAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in rows.ReadAsync("Customer", true, true, from, answer => answer.Customer, "customers", steps, stop))
            yield return new([.. page.Rows.Select(customer => new Pulled<CustomerLevel>(customer.Id, PullMapping.Customer(customer)))], page.Cursor, page.Total);
    }

    // A pending estimate is a quote, not an order.
    public IAsyncEnumerable<PulledPage<DocumentLevel>> OrdersAsync(string? from, PullSteps steps, CancellationToken stop)
    {
        var kind = SalesKind.OrderOf(steps.Connection);
        return DocumentsAsync(CollectionNames.Orders, kind, from, order => order.TxnStatus != SalesKind.Quote.State, order => PullMapping.Order(kind, order), steps, stop);
    }

    public IAsyncEnumerable<PulledPage<DocumentLevel>> InvoicesAsync(string? from, PullSteps steps, CancellationToken stop) =>
        DocumentsAsync(CollectionNames.Invoices, Invoices, from, _ => true, invoice => PullMapping.Invoice(Invoices, invoice), steps, stop);

    // A document that was deleted is shown so at once; it goes when all were read again.
    private async IAsyncEnumerable<PulledPage<DocumentLevel>> DocumentsAsync(
        string collection, SalesKind kind, string? from, Func<SalesDocument, bool> wanted, Func<SalesDocument, DocumentLevel> map, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in rows.ReadAsync(kind.Entity, false, false, from, kind.AllIn, $"{kind.Word}s", steps, stop))
        {
            var gone = page.Deleted.Count == 0 ? new Dictionary<string, DocumentLevel>() : await steps.KeptAsync<DocumentLevel>(collection, page.Deleted);
            yield return new(
                [.. page.Rows.Where(wanted).Select(row => new Pulled<DocumentLevel>(row.Id, map(row))), .. gone.Select(one => new Pulled<DocumentLevel>(one.Key, one.Value with { Status = "deleted", Balance = null }))],
                page.Cursor);
        }
    }
}
