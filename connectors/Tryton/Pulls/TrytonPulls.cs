using System.Globalization;
using System.Runtime.CompilerServices;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>What comes back from Tryton, one method for each collection. A product's template, and a party's addresses, have dates of their own, which count as the product's and the party's.</summary>
internal sealed class TrytonPulls(ChangedRows rows, TrytonClient tryton, TimeProvider time)
{
    private const int StockPage = 500;
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Daily = TimeSpan.FromHours(24);

    public static IReadOnlyList<PullPlan> All { get; } =
    [
        new(CollectionNames.Items, Usual, Daily), new(CollectionNames.Customers, Usual, Daily), new(CollectionNames.Orders, Usual, Daily), new(CollectionNames.Invoices, Usual, Daily),
        // A figure of stock is computed when it is read, so that nothing tells which changed.
        new(CollectionNames.Stock, Usual, Usual, Changes: false),
    ];

    public async IAsyncEnumerable<PulledPage<ItemLevel>> ItemsAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var list = new RowList<Product>(
            "product.product", "the products", [CatalogueCalls.Always],
            [
                "code", "name", "active", "salable", "description", "list_price", "sale_uom.symbol", "identifiers.type", "identifiers.code", "template.categories.name",
                "template.account_category.customer_taxes.name", "template.account_category.customer_taxes.rate",
            ],
            ["", "template."], product => product.Id, product => PullMapping.Latest(product.WriteDate, product.CreateDate, product.Template?.WriteDate, product.Template?.CreateDate));
        await foreach (var page in rows.ReadAsync(list, from, steps, stop))
            yield return Page(page, product => product.Id, PullMapping.Item);
    }

    public async IAsyncEnumerable<PulledPage<CustomerLevel>> CustomersAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var list = new RowList<Party>(
            "party.party", "the parties", [CatalogueCalls.Always],
            [
                "code", "name", "active", "addresses.party_name", "addresses.name", "addresses.street", "addresses.postal_code", "addresses.city", "addresses.country.code", "addresses.invoice",
                "addresses.delivery", "contact_mechanisms.type", "contact_mechanisms.value", "identifiers.type", "identifiers.code", "customer_payment_term.name",
            ],
            ["", "addresses.", "contact_mechanisms.", "identifiers."], party => party.Id, party => PullMapping.Latest(party.WriteDate, party.CreateDate));
        await foreach (var page in rows.ReadAsync(list, from, steps, stop))
            yield return Page(page, party => party.Id, PullMapping.Customer);
    }

    public async IAsyncEnumerable<PulledPage<DocumentLevel>> OrdersAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var list = new RowList<Sale>(
            "sale.sale", "the sales", [new object[] { "company", "=", await tryton.CompanyAsync(steps, stop) }], ["number", "state", "sale_date", "party", "total_amount", "currency.code"],
            [""], sale => sale.Id, sale => PullMapping.Latest(sale.WriteDate, sale.CreateDate));
        await foreach (var page in rows.ReadAsync(list, from, steps, stop))
            yield return Page(page, sale => sale.Id, PullMapping.Order);
    }

    public async IAsyncEnumerable<PulledPage<DocumentLevel>> InvoicesAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var list = new RowList<Invoice>(
            "account.invoice", "the invoices", [new object[] { "company", "=", await tryton.CompanyAsync(steps, stop) }, new object[] { "type", "=", "out" }],
            ["number", "state", "invoice_date", "party", "total_amount", "amount_to_pay", "currency.code", "sales"],
            [""], invoice => invoice.Id, invoice => PullMapping.Latest(invoice.WriteDate, invoice.CreateDate));
        await foreach (var page in rows.ReadAsync(list, from, steps, stop))
            yield return Page(page, invoice => invoice.Id, PullMapping.Invoice);
    }

    // Page by page of products, each for all warehouses.
    public async IAsyncEnumerable<PulledPage<StockLevel>> StockAsync(string? from, Steps steps, [EnumeratorCancellation] CancellationToken stop)
    {
        var figure = steps.Connection.Settings<TrytonSettings>().StockFigure;
        var warehouses = await tryton.AskAsync<List<Warehouse>>(steps, Rpc.Search("stock.location", "the warehouses", [new object[] { "type", "=", "warehouse" }], ["name"]), stop);
        for (var last = from is null ? 0 : int.Parse(from, CultureInfo.InvariantCulture); ;)
        {
            var levels = new List<Pulled<StockLevel>>();
            var (count, next) = (0, last);
            foreach (var warehouse in warehouses)
            {
                var products = await tryton.AskAsync<List<Product>>(steps, Rpc.Search(
                    "product.product", "the stock", [new object[] { "id", ">", last }, new object[] { "type", "=", "goods" }, new object[] { "salable", "=", true }],
                    ["code", "quantity", "forecast_quantity"], StockPage, order: Rpc.OldestFirst) with
                { Context = In(warehouse) }, stop);
                (count, next) = (products.Count, products.Count > 0 ? products[^1].Id : last);
                levels.AddRange(products.Where(product => product.Code is { Length: > 0 }).Select(product => new Pulled<StockLevel>($"{product.Id}/{warehouse.Id}", new(
                    product.Code!, PullMapping.Id(warehouse.Id), (figure == StockFigure.OnHand ? product.Quantity : product.ForecastQuantity) ?? 0, warehouse.Name, product.Quantity))));
            }

            last = next;
            yield return new(levels, count == StockPage ? PullMapping.Id(last) : null);
            if (count < StockPage)
                yield break;
        }
    }

    private Dictionary<string, object?> In(Warehouse warehouse) => new()
    {
        ["locations"] = new[] { warehouse.Id }, ["with_childs"] = true, ["stock_date_end"] = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime),
    };

    private static PulledPage<TLevel> Page<TRow, TLevel>(RowPage<TRow> page, Func<TRow, int> idOf, Func<TRow, TLevel> map) where TLevel : class =>
        new([.. page.Rows.Select(row => new Pulled<TLevel>(PullMapping.Id(idOf(row)), map(row)))], page.Cursor, page.Total);
}
