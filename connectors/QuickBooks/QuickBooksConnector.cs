using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;

namespace OrderSync.QuickBooks;

/// <summary>
/// Writes customers, orders, quotes, sales and receipts into QuickBooks Online. Each kind of record has its story in a file of its own:
/// <see cref="Customers"/>, <see cref="SalesDocuments"/>, <see cref="FinishedSales"/> and <see cref="Receipts"/>.
/// </summary>
internal sealed class QuickBooksConnector(
    QuickBooksSignIn signIn, Customers customers, SalesDocuments sales, FinishedSales finished, Receipts receipts, QuickBooksCatalogue catalogue, QuickBooksPulls pulls) : IConnector
{
    public static ConnectorInfo Info { get; } = new(
        // QuickBooks answers a repeated requestid with its first answer, so nothing is waited out.
        "quickbooks", "QuickBooks", [Kinds.Customer, Kinds.Lead, Kinds.Order, Kinds.Quote, Kinds.Sale, Kinds.Receipt], typeof(QuickBooksSettings), AmbiguityWindow: TimeSpan.Zero, MaxConcurrent: 4,
        // It allows 500 a minute for a company, whoever calls, and ten a second for an app.
        new Budget(PerMinute: 400), Mappings: QuickBooksMappings.All, Pulls: QuickBooksPulls.All, Approved: true);

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(QuickBooksClient.Name);
        builder.Services.AddSingleton<QuickBooksClient>().AddSingleton<QuickBooksSignIn>();
        builder.Services.AddSingleton<CatalogueCalls>().AddSingleton<QuickBooksCatalogue>();
        builder.Services.AddSingleton<ChangedRows>().AddSingleton<QuickBooksPulls>();
        builder.Services.AddSingleton<CustomerCalls>().AddSingleton<Customers>();
        builder.Services.AddSingleton<SalesCalls>().AddSingleton<SalesDocuments>().AddSingleton<FinishedSales>();
        builder.Services.AddSingleton<PaymentCalls>().AddSingleton<Payments>().AddSingleton<Allocations>().AddSingleton<Receipts>();
    }

    public Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop) => customers.PushAsync(customer, steps, stop);

    public Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.PushAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    public Task<Outcome> CancelOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.CancelAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    // A quote is an order that promises less: the same figures, an estimate that nobody has accepted.
    public Task<Outcome> PushQuoteAsync(Quote quote, Steps steps, CancellationToken stop) =>
        sales.PushAsync(SalesKind.Quote, new Order(quote.Info, quote.Body, quote.Customer), steps, stop);

    public Task<Outcome> PushSaleAsync(Sale sale, Steps steps, CancellationToken stop) => finished.PushAsync(sale, steps, stop);

    public Task<Outcome> PushReceiptAsync(Receipt receipt, Steps steps, CancellationToken stop) => receipts.PushAsync(receipt, steps, stop);

    public Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) => document.Kind switch
    {
        Kinds.Order => sales.ReadAsync(SalesKind.OrderOf(steps.Connection), document, steps, stop),
        Kinds.Quote => sales.ReadAsync(SalesKind.Quote, document, steps, stop),
        Kinds.Sale => finished.ReadAsync(document, steps, stop),
        Kinds.Receipt => receipts.ReadAsync(document, steps, stop),
        Kinds.Customer or Kinds.Lead => customers.ReadAsync(document, steps, stop),
        _ => Task.FromResult<ErpDocument?>(null),
    };

    public IReadOnlyList<string>? Hints(Connection connection, IncomingCall call) => Webhooks.Hints(connection, call);

    public IAsyncEnumerable<PulledPage<ItemLevel>> PullItemsAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.ItemsAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<StockLevel>> PullStockAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.StockAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<CustomerLevel>> PullCustomersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.CustomersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullOrdersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.OrdersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullInvoicesAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.InvoicesAsync(from, steps, stop);

    public IReadOnlyList<Capability> Capabilities(Connection connection)
    {
        var settings = connection.Settings<QuickBooksSettings>();
        var lacking = new List<Capability>();
        if (settings.ShippingSku is null)
            lacking.Add(Capability.Not(
                "order.shipping", "No item of QuickBooks stands for shipping, so an order with a shipping charge is held.", "Make an item for shipping in QuickBooks and enter its SKU as ShippingSku."));
        if (settings.CounterCustomer is null)
            lacking.Add(Capability.Not(
                "sale.counter", "No customer of QuickBooks stands for sales over the counter, so a sale that names no customer is held.", "Enter the id of such a customer as CounterCustomer."));
        if (settings.Taxes == TaxSystem.Us)
            lacking.Add(Capability.Not(
                "order.pricesIncludeTax", "In the US QuickBooks has no prices that include tax, and one tax for a document.", "Capture orders with prices without tax, one for each tax."));
        return lacking;
    }

    public Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => catalogue.CandidatesAsync(mapping, steps, stop);

    public Task<string> TestAsync(Steps steps, CancellationToken stop) => catalogue.TestAsync(steps, stop);

    public Uri? ApprovalPage(Connection connection, Uri redirect, string state) => QuickBooksSignIn.ApprovalPage(connection, redirect, state);

    public Task<Tokens> ExchangeAsync(Connection connection, Approval approval, CancellationToken stop) => signIn.ExchangeAsync(connection, approval, stop);

    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) => signIn.RefreshAsync(connection, refreshToken, stop);
}
