using System.Globalization;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>QuickBooks' estimates, invoices and sales receipts: find, read, create, change, make void.</summary>
internal sealed class SalesCalls(QuickBooksClient quickBooks)
{
    /// <summary>The documents of a number.</summary>
    public async Task<IReadOnlyList<SalesDocument>> FindByNumberAsync(SalesKind kind, Steps steps, string number, CancellationToken stop) =>
        kind.AllIn(await quickBooks.QueryAsync(steps, $"select * from {kind.Entity} where DocNumber = '{QuickBooksClient.Quoted(number)}'", $"{kind.Word} {number}", stop)) ?? [];

    /// <summary>The documents of a customer and day, where QuickBooks gives the numbers.</summary>
    public async Task<IReadOnlyList<SalesDocument>> FindByDayAsync(SalesKind kind, Steps steps, string customerId, DateOnly day, string what, CancellationToken stop) =>
        kind.AllIn(await quickBooks.QueryAsync(
            steps, string.Create(CultureInfo.InvariantCulture, $"select * from {kind.Entity} where CustomerRef = '{QuickBooksClient.Quoted(customerId)}' and TxnDate = '{day:yyyy-MM-dd}' maxresults {QuickBooksClient.MostRows}"), what, stop)) ?? [];

    /// <summary>A document by its id; null when it is not there.</summary>
    public async Task<SalesDocument?> FindAsync(SalesKind kind, Steps steps, string id, string what, CancellationToken stop) =>
        kind.In(await quickBooks.GetAsync(steps, $"{kind.Path}/{Uri.EscapeDataString(id)}", what, stop, fault => fault.Code == QuickBooksErrors.Missing));

    /// <summary>Creates a document. Answers it as QuickBooks holds it; null where it says that it answered this key before, or has the number, and does not show what is there.</summary>
    public async Task<SalesDocument?> CreateAsync(SalesKind kind, Steps steps, string key, NewSalesDocument document, string what, CancellationToken stop) =>
        kind.In(await quickBooks.PostAsync(steps, kind.Path, key, document, what, stop, fault => fault.Code is QuickBooksErrors.KeyTaken or QuickBooksErrors.NumberTaken));

    /// <summary>Changes a document.</summary>
    public async Task<SalesDocument> ChangeAsync(SalesKind kind, Steps steps, string key, NewSalesDocument change, string what, CancellationToken stop) =>
        kind.In(await quickBooks.PostAsync(steps, kind.Path, QuickBooksClient.KeyAt(key, change.SyncToken), change, what, stop))!;

    /// <summary>Makes what is posted void, or rejects an estimate.</summary>
    public async Task<string> VoidAsync(SalesKind kind, Steps steps, string key, SalesDocument document, string what, CancellationToken stop)
    {
        await quickBooks.PostAsync(
            steps, kind.IsPosted ? $"{kind.Path}?operation=void" : kind.Path, QuickBooksClient.KeyAt(key, document.SyncToken), kind.IsPosted ? new StateChange(document.Id, document.SyncToken, null, null) : SalesKind.Reject(document), what, stop);
        return document.Id;
    }
}
