using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.NetSuite;

/// <summary>
/// Writes customers, orders, quotes, finished sales and receipts into Oracle NetSuite by its REST services. Each kind of record has its story in a file of its own:
/// <see cref="Customers"/>, <see cref="SalesDocuments"/> and <see cref="Receipts"/>.
/// </summary>
internal sealed class NetSuiteConnector(NetSuiteSignIn signIn, Customers customers, SalesDocuments sales, Receipts receipts, NetSuiteCatalogue catalogue, NetSuitePulls pulls) : IConnector
{
    public static ConnectorInfo Info { get; } = new(
        // A create is sent under an external id, so a repeat makes no second record. But NetSuite works on a request for as long as 15 minutes, and one that comes late writes over
        // what was changed, approved or closed meanwhile.
        "netsuite", "NetSuite", [Kinds.Customer, Kinds.Lead, Kinds.Order, Kinds.Quote, Kinds.Sale, Kinds.Receipt], typeof(NetSuiteSettings), AmbiguityWindow: TimeSpan.FromMinutes(15),
        // The smallest account has five calls at once for all its programs; calls by minute and day are limited, and the figures are not published.
        MaxConcurrent: 4, Mappings: NetSuiteMappings.All, Pulls: NetSuitePulls.All, SignsIn: true);

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(NetSuiteClient.Name);
        builder.Services.AddSingleton<NetSuiteClient>().AddSingleton<NetSuiteSignIn>();
        builder.Services.AddSingleton<CatalogueCalls>().AddSingleton<NetSuiteCatalogue>();
        builder.Services.AddSingleton<ChangedRows>().AddSingleton<NetSuitePulls>();
        builder.Services.AddSingleton<CustomerCalls>().AddSingleton<Customers>();
        builder.Services.AddSingleton<SalesCalls>().AddSingleton<SalesDocuments>();
        builder.Services.AddSingleton<ReceiptCalls>().AddSingleton<Allocations>().AddSingleton<Receipts>();
    }

    public Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop) => customers.PushAsync(customer, steps, stop);

    public Task<Outcome> ChangeCustomerAsync(Customer customer, Steps steps, CancellationToken stop) =>
        customer.ErpNumber is null ? customers.PushAsync(customer, steps, stop) : customers.ChangeAsync(customer, steps, stop);

    public Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.PushAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    public Task<Outcome> CancelOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.CancelAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    // A quote is an order that promises less: the same figures, an estimate instead of a sales order.
    public Task<Outcome> PushQuoteAsync(Quote quote, Steps steps, CancellationToken stop) =>
        sales.PushAsync(SalesKind.QuoteOf(steps.Connection), new Order(quote.Info, quote.Body, quote.Customer), steps, stop);

    public Task<Outcome> PushSaleAsync(Sale sale, Steps steps, CancellationToken stop) => sale.Body.Tenders.FirstOrDefault(tender => tender.Method is SaleBody.OnAccount or SaleBody.LayBy) is { } owed
        ? Task.FromResult<Outcome>(new Outcome.Refused(
            "sale.notPaid", $"Sale {sale.Info.Number} is not paid whole ({owed.Method}), and a cash sale of NetSuite is.", "Enter it in NetSuite as an invoice by hand, then Stop it here."))
        : sales.PushAsync(SalesKind.Sale, new Order(sale.Info, sale.Body, sale.Customer), steps, stop);

    public Task<Outcome> PushReceiptAsync(Receipt receipt, Steps steps, CancellationToken stop) => receipts.PushAsync(receipt, steps, stop);

    public Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) => document.Kind switch
    {
        Kinds.Order => sales.ReadAsync(SalesKind.OrderOf(steps.Connection), document, steps, stop),
        Kinds.Quote => sales.ReadAsync(SalesKind.QuoteOf(steps.Connection), document, steps, stop),
        Kinds.Sale => sales.ReadAsync(SalesKind.Sale, document, steps, stop),
        Kinds.Receipt => receipts.ReadAsync(document, steps, stop),
        Kinds.Customer or Kinds.Lead => customers.ReadAsync(document, steps, stop),
        _ => Task.FromResult<ErpDocument?>(null),
    };

    public IAsyncEnumerable<PulledPage<ItemLevel>> PullItemsAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.ItemsAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<PriceListLevel>> PullPriceListsAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.PriceListsAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<PriceLevel>> PullPricesAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.PricesAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<StockLevel>> PullStockAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.StockAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<CustomerLevel>> PullCustomersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.CustomersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullOrdersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.OrdersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullInvoicesAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.InvoicesAsync(from, steps, stop);

    public IReadOnlyList<Capability> Capabilities(Connection connection)
    {
        var settings = connection.Settings<NetSuiteSettings>();
        var lacking = new List<Capability>();
        if (settings.QuoteRecord.Length == 0)
            lacking.Add(Capability.Not(Kinds.Quote, "Quotes are not written into this account of NetSuite.", "Stop the quote here; or enter estimate as QuoteRecord in Connections > NetSuite."));
        if (settings.ShippingSku is null)
            lacking.Add(Capability.Not(
                "order.shipping", "No item of NetSuite stands for shipping, so an order with a shipping charge is held.", "Make an item for shipping in NetSuite and enter its name as ShippingSku."));
        if (settings.CounterCustomerId is null)
            lacking.Add(Capability.Not(
                "sale.counter", "No customer of NetSuite stands for those who buy over the counter, so a sale without a customer is held.", "Make one in NetSuite and enter its id as CounterCustomerId."));
        return lacking;
    }

    public Task<string> TestAsync(Steps steps, CancellationToken stop) => catalogue.TestAsync(steps, stop);

    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) => signIn.SignInAsync(connection, stop);
}
