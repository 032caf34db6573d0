using System.Globalization;
using System.Runtime.CompilerServices;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>What comes back from NetSuite, one method for each collection. Rows are found by SuiteQL; what it does not show is read from the record, for rows that changed.</summary>
internal sealed class NetSuitePulls(NetSuiteClient netSuite, ChangedRows changed)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Daily = TimeSpan.FromHours(24);
    private static readonly Name Transactions = new("transaction");

    // Kinds of items that are sold, and the names of their records.
    private static readonly Dictionary<string, string> Records = new(StringComparer.OrdinalIgnoreCase)
    {
        ["InvtPart"] = "inventoryItem", ["NonInvtPart"] = "nonInventorySaleItem", ["Service"] = "serviceSaleItem",
    };

    /// <summary>What comes back, and how often.</summary>
    public static IReadOnlyList<PullPlan> All { get; } =
    [
        new(CollectionNames.Items, Usual, Daily), new(CollectionNames.Customers, Usual, Daily), new(CollectionNames.Orders, Usual, Daily), new(CollectionNames.Invoices, Usual, Daily),
        // A move of stock is no change of the item.
        new(CollectionNames.Stock, Usual, Usual, Changes: false),
        new(CollectionNames.PriceLists, Daily, Daily, Changes: false), new(CollectionNames.Prices, Daily, Daily, Changes: false),
    ];

    public async IAsyncEnumerable<PulledPage<ItemLevel>> ItemsAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = steps.Connection.Settings<NetSuiteSettings>();
        await foreach (var page in changed.ReadAsync(ItemColumns, (new("item"), null), from, "the items", steps, stop))
            yield return new([.. page.Rows.Select(row => new Pulled<ItemLevel>(row["id"]!, PullMapping.Item(row, settings)))], page.Cursor, page.Total);
    }

    public async IAsyncEnumerable<PulledPage<CustomerLevel>> CustomersAsync(string? from, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in changed.ReadAsync(new("externalid"), (new("customer"), null), from, "the customers", steps, stop))
            yield return new(await WithRecordsAsync<CustomerRecord, CustomerLevel>(page, "customer", PullMapping.Customer, steps, stop), page.Cursor, page.Total);
    }

    public IAsyncEnumerable<PulledPage<DocumentLevel>> OrdersAsync(string? from, PullSteps steps, CancellationToken stop) => DocumentsAsync("SalesOrd", "salesOrder", "the orders", from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> InvoicesAsync(string? from, PullSteps steps, CancellationToken stop) => DocumentsAsync("CustInvc", "invoice", "the invoices", from, steps, stop);

    // Several rows for each item: a page ends with a whole item.
    public async IAsyncEnumerable<PulledPage<StockLevel>> StockAsync(string? from, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var table = new Name(steps.Connection.Settings<NetSuiteSettings>().StockTable == StockTable.AggregateItemLocation ? "aggregateItemLocation" : "inventoryitemlocations");
        var last = long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : 0;
        for (var more = true; more;)
        {
            var rows = (await netSuite.QueryAsync(
                steps, $"SELECT item, location, quantityavailable, quantityonhand FROM {table} WHERE item > {last} ORDER BY item, location", "the stock", stop)).Items!;
            more = rows.Count >= NetSuiteClient.MostRows && rows[0]["item"] != rows[^1]["item"];
            var whole = more ? rows.Where(row => row["item"] != rows[^1]["item"]).ToList() : [.. rows];
            if (whole.Count > 0)
                last = long.Parse(whole[^1]["item"]!, CultureInfo.InvariantCulture);
            var items = await steps.KeptAsync<ItemLevel>(CollectionNames.Items, [.. whole.Select(row => row["item"]!).Distinct()]);
            if (items.Count == 0 && whole.Count > 0)
                throw new OutcomeException(new Outcome.Later("The stock is read once the items are.", TimeSpan.FromMinutes(5)));
            yield return new(
                [.. whole.Select(row => (Key: $"{row["item"]}/{row.GetValueOrDefault("location")}", Level: PullMapping.Stock(row, items))).Where(one => one.Level is not null).Select(one => new Pulled<StockLevel>(one.Key, one.Level))],
                last.ToString(CultureInfo.InvariantCulture));
        }
    }

    public async IAsyncEnumerable<PulledPage<PriceListLevel>> PriceListsAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var rows = (await netSuite.QueryAsync(steps, $"SELECT id, name FROM pricelevel WHERE id > {0} ORDER BY id", "the price levels", stop)).Items!;
        yield return new([.. rows.Select(row => new Pulled<PriceListLevel>(row["id"]!, new(row.GetValueOrDefault("name") ?? row["id"]!)))], null, rows.Count);
    }

    // Prices stand on the items' own records.
    public async IAsyncEnumerable<PulledPage<PriceLevel>> PricesAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var settings = steps.Connection.Settings<NetSuiteSettings>();
        await foreach (var page in changed.ReadAsync(ItemColumns, (new("item"), null), null, "the prices", steps, stop))
        {
            var prices = new List<Pulled<PriceLevel>>();
            foreach (var row in page.Rows)
            {
                if (Records.GetValueOrDefault(row.GetValueOrDefault("itemtype") ?? "") is { } record && await netSuite.FindAsync<ItemRecord>(steps, record, row["id"]!, $"item {row.GetValueOrDefault("itemid")}", stop) is { } item)
                    prices.AddRange(PullMapping.Prices(item, settings).Select(one => new Pulled<PriceLevel>(one.Key, one.Level)));
            }

            yield return new(prices, page.Cursor);
        }
    }

    private static Name ItemColumns { get; } = new("itemid, displayname, itemtype, isinactive", trusted: true);

    private async IAsyncEnumerable<PulledPage<DocumentLevel>> DocumentsAsync(
        string type, string record, string what, string? from, PullSteps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var page in changed.ReadAsync(new("tranid"), (Transactions, type), from, what, steps, stop))
            yield return new(await WithRecordsAsync<SalesRecord, DocumentLevel>(page, record, PullMapping.Document, steps, stop), page.Cursor, page.Total);
    }

    private async Task<IReadOnlyList<Pulled<TLevel>>> WithRecordsAsync<TRecord, TLevel>(
        ChangedPage page, string record, Func<TRecord, TLevel> map, PullSteps steps, CancellationToken stop)
        where TRecord : class where TLevel : class
    {
        var stamps = page.Rows.DistinctBy(row => row["id"]).ToDictionary(row => row["id"]!, row => row.GetValueOrDefault("changed") ?? "");
        var newest = stamps.Values.Max();
        var news = await steps.ChangedAsync(stamps);
        var pulled = new List<Pulled<TLevel>>();
        foreach (var (id, stamp) in stamps)
        {
            if (!news.Contains(id))
                pulled.Add(new(id, null));
            else if (await netSuite.FindAsync<TRecord>(steps, record, id, $"{record} {id}", stop) is { } read)
                pulled.Add(new(id, map(read), changed.MayChangeUnseen(stamp, newest) ? null : stamp));
        }

        return pulled;
    }
}
