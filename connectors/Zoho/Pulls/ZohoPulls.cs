using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>What comes back from Zoho, one method for each collection. Lists are read by last change; what lists leave out is read for rows that changed.</summary>
internal sealed class ZohoPulls(ZohoClient zoho, ChangedPages pages)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(30);

    /// <summary>Between two looks at what Zoho cannot be asked for by its last change.</summary>
    public static readonly TimeSpan Seldom = TimeSpan.FromHours(6);

    private static readonly TimeSpan Daily = TimeSpan.FromHours(24);

    /// <summary>Half-hourly looks cost about 250 calls a day: the share of the free plan's 1,000 that is not kept for documents is 300.</summary>
    public static IReadOnlyList<PullPlan> All { get; } =
    [
        new(CollectionNames.Items, Usual, Daily), new(CollectionNames.Customers, Usual, Daily), new(CollectionNames.Orders, Usual, Daily), new(CollectionNames.Invoices, Usual, Daily),
        // Whether a move of stock counts as a change of the item is not documented: the daily reading of everything is what can be relied on.
        new(CollectionNames.Stock, Usual, Daily),
        // Price lists cannot be asked for by their last change.
        new(CollectionNames.PriceLists, Seldom, Seldom, Changes: false), new(CollectionNames.Prices, Seldom, Seldom, Changes: false),
    ];

    public async IAsyncEnumerable<PulledPage<ItemLevel>> ItemsAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in ItemPagesAsync(CollectionNames.Items, from, steps, stop))
            yield return new([.. page.Rows.Select(item => new Pulled<ItemLevel>(item.ItemId, PullMapping.Item(item)))], page.Cursor);
    }

    public async IAsyncEnumerable<PulledPage<StockLevel>> StockAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = steps.Connection.Settings<ZohoSettings>();
        await foreach (var page in ItemPagesAsync(CollectionNames.Stock, from, steps, stop))
            yield return new([.. page.Rows.SelectMany(item => PullMapping.Stock(item, settings)).Select(one => new Pulled<StockLevel>(one.Key, one.Level))], page.Cursor);
    }

    public async IAsyncEnumerable<PulledPage<CustomerLevel>> CustomersAsync(string? from, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in pages.ReadAsync(CollectionNames.Customers, from, "contacts", "customers", answer => answer.Contacts, contact => contact.LastModifiedTime, steps, stop))
        {
            var customers = page.Rows.Where(contact => contact.ContactType is null or "customer").ToList();
            yield return new(await WithDetailsAsync(customers, contact => contact.ContactId, contact => contact.LastModifiedTime, contact => contact.OutstandingReceivableAmount, async id =>
                (await zoho.GetAsync(steps, $"contacts/{id}", $"customer {id}", stop, ZohoErrors.IsMissing)).Contact, PullMapping.Customer, steps), page.Cursor);
        }
    }

    public async IAsyncEnumerable<PulledPage<DocumentLevel>> OrdersAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in pages.ReadAsync(CollectionNames.Orders, from, "salesorders", "sales orders", answer => answer.Salesorders, order => order.LastModifiedTime, steps, stop))
            yield return new([.. page.Rows.Select(order => new Pulled<DocumentLevel>(order.Id, PullMapping.Order(order)))], page.Cursor);
    }

    // Lists do not say which order an invoice bills.
    public async IAsyncEnumerable<PulledPage<DocumentLevel>> InvoicesAsync(string? from, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in pages.ReadAsync(CollectionNames.Invoices, from, "invoices", "invoices", answer => answer.Invoices, invoice => invoice.LastModifiedTime, steps, stop))
            yield return new(await WithDetailsAsync(page.Rows, invoice => invoice.InvoiceId, invoice => invoice.LastModifiedTime, invoice => invoice.Status, async id =>
                (await zoho.GetAsync(steps, $"invoices/{id}", $"invoice {id}", stop, ZohoErrors.IsMissing)).Invoice, PullMapping.Invoice, steps), page.Cursor);
    }

    public async IAsyncEnumerable<PulledPage<PriceListLevel>> PriceListsAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var (books, cursor) in PricebookPagesAsync(from, steps, stop))
            yield return new([.. books.Select(book => new Pulled<PriceListLevel>(book.PricebookId, PullMapping.PriceList(book)))], cursor);
    }

    // Price lists name items by id; their SKUs are known from the items that are kept.
    public async IAsyncEnumerable<PulledPage<PriceLevel>> PricesAsync(string? from, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var (books, cursor) in PricebookPagesAsync(from, steps, stop))
        {
            var ids = books.SelectMany(book => book.PricebookItems ?? []).Select(item => item.ItemId).Distinct().ToList();
            var items = await steps.KeptAsync<ItemLevel>(CollectionNames.Items, ids);
            if (items.Count == 0 && ids.Count > 0)
                throw new OutcomeException(new Outcome.Later("Prices are read once the items are.", TimeSpan.FromMinutes(5)));
            var skus = items.Where(item => item.Value.Sku is { Length: > 0 }).ToDictionary(item => item.Key, item => item.Value.Sku!);
            yield return new([.. books.SelectMany(book => PullMapping.Prices(book, skus)).Select(one => new Pulled<PriceLevel>(one.Key, one.Level))], cursor);
        }
    }

    private IAsyncEnumerable<ChangedPage<Item>> ItemPagesAsync(string collection, string? from, Steps steps, CancellationToken stop) =>
        pages.ReadAsync(collection, from, "items", "items", answer => answer.Items, item => item.LastModifiedTime, steps, stop);

    private IAsyncEnumerable<ChangedPage<PricebookEntry>> PricebookPagesAsync(string? from, Steps steps, CancellationToken stop) => pages.ReadAllAsync(
        from, "pricebooks", "price lists", answer => answer.Pricebooks?.Where(book => book.SalesOrPurchaseType is null or "sales").ToList(), steps, stop);

    // What tells that a row has not changed: when it last did, with the figure that may move without it.
    private async Task<IReadOnlyList<Pulled<TLevel>>> WithDetailsAsync<TRow, TLevel>(
        IReadOnlyList<TRow> rows, Func<TRow, string> idOf, Func<TRow, string?> changedOf, Func<TRow, object?> figureOf, Func<string, Task<TRow?>> readAsync, Func<TRow, TLevel> map, PullSteps steps)
        where TRow : class where TLevel : class
    {
        var stamps = rows.DistinctBy(idOf).ToDictionary(idOf, row => changedOf(row) is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at} {figureOf(row)}") : Fingerprint(row));
        var unsettled = rows.Where(row => pages.MayChangeUnseen(changedOf(row))).Select(idOf).ToHashSet();
        var changed = await steps.ChangedAsync(stamps);
        var pulled = new List<Pulled<TLevel>>();
        foreach (var (id, stamp) in stamps)
        {
            if (!changed.Contains(id))
                pulled.Add(new(id, null));
            else if (await readAsync(id) is { } row)
                pulled.Add(new(id, map(row), unsettled.Contains(id) ? null : stamp));
        }

        return pulled;
    }

    // Of a row whose list does not say when it changed.
    private static string Fingerprint<T>(T row) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(row, ZohoWire.Json)));
}
