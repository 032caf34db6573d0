using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;

namespace OrderSync.Zoho;

/// <summary>
/// Writes customers, orders, quotes and receipts into Zoho Inventory or Zoho Books. Each kind of record has its story in a file of its own:
/// <see cref="Customers"/>, <see cref="SalesDocuments"/> and <see cref="Receipts"/>.
/// </summary>
internal sealed class ZohoConnector(ZohoSignIn signIn, Customers customers, SalesDocuments sales, Receipts receipts, ZohoCatalogue catalogue, ZohoPulls pulls) : IConnector
{
    public static ConnectorInfo Info { get; } = new(
        "zoho", "Zoho", [Kinds.Customer, Kinds.Lead, Kinds.Order, Kinds.Quote, Kinds.Receipt], typeof(ZohoSettings), AmbiguityWindow: TimeSpan.FromMinutes(2), MaxConcurrent: 4,
        // Zoho allows 100 and blocks an organisation for an hour; others call it too. What it takes in a day goes by plan: ZohoSettings.
        new Budget(PerMinute: 90), Mappings: ZohoMappings.All, Pulls: ZohoPulls.All, Approved: true);

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(ZohoClient.Name);
        builder.Services.AddSingleton<ZohoClient>().AddSingleton<ZohoSignIn>();
        builder.Services.AddSingleton<CatalogueCalls>().AddSingleton<ZohoCatalogue>();
        builder.Services.AddSingleton<ChangedPages>().AddSingleton<ZohoPulls>();
        builder.Services.AddSingleton<ContactCalls>().AddSingleton<Customers>();
        builder.Services.AddSingleton<SalesCalls>().AddSingleton<SalesDocuments>();
        builder.Services.AddSingleton<PaymentCalls>().AddSingleton<Allocations>().AddSingleton<Receipts>();
    }

    public Task<Outcome> ChangeCustomerAsync(Customer customer, Steps steps, CancellationToken stop) =>
        customer.ErpNumber is null ? customers.PushAsync(customer, steps, stop) : customers.ChangeAsync(customer, steps, stop);

    public Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop) => customers.PushAsync(customer, steps, stop);

    public Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.PushAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    public Task<Outcome> CancelOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.CancelAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    // A quote is an order that promises less: the same figures, an estimate instead of a sales order.
    public Task<Outcome> PushQuoteAsync(Quote quote, Steps steps, CancellationToken stop) =>
        sales.PushAsync(SalesKind.Quote, new Order(quote.Info, quote.Body, quote.Customer), steps, stop);

    public Task<Outcome> PushReceiptAsync(Receipt receipt, Steps steps, CancellationToken stop) => receipts.PushAsync(receipt, steps, stop);

    public Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) => document.Kind switch
    {
        Kinds.Order => sales.ReadAsync(SalesKind.OrderOf(steps.Connection), document, steps, stop),
        Kinds.Quote => sales.ReadAsync(SalesKind.Quote, document, steps, stop),
        Kinds.Receipt => receipts.ReadAsync(document, steps, stop),
        Kinds.Customer or Kinds.Lead => customers.ReadAsync(document, steps, stop),
        _ => Task.FromResult<ErpDocument?>(null),
    };

    // An order or a quote cannot be there twice: its number is unique. A contact can, under its other name, and a payment.
    public Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop) => customers.FindAllAsync(customer, steps, stop);

    public Task<IReadOnlyList<Found>?> FindAllAsync(Receipt receipt, Steps steps, CancellationToken stop) => receipts.FindAllAsync(receipt, steps, stop);

    public IAsyncEnumerable<PulledPage<ItemLevel>> PullItemsAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.ItemsAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<PriceListLevel>> PullPriceListsAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.PriceListsAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<PriceLevel>> PullPricesAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.PricesAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<StockLevel>> PullStockAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.StockAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<CustomerLevel>> PullCustomersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.CustomersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullOrdersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.OrdersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullInvoicesAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.InvoicesAsync(from, steps, stop);

    public IReadOnlyList<Capability> Capabilities(Connection connection)
    {
        var settings = connection.Settings<ZohoSettings>();
        var lacking = new List<Capability>();
        if (!settings.Flavour.HasEstimates)
            lacking.Add(Capability.Not(
                Kinds.Quote, "Zoho Inventory has no estimates, so quotes are not written there.",
                "Stop the quote here; take quotes off this connection, or set its product to Zoho Books where the organisation has it."));
        lacking.Add(Capability.Not(
            Kinds.Sale, "Finished sales are not written into Zoho: they would be invoices with payments, which this connector does not make.",
            "Stop the sale here and enter it in Zoho by hand; take sales off this connection to have them no longer come."));
        if (settings.ShippingSku is null)
            lacking.Add(Capability.Not(
                "order.shippingTax", "Zoho's own shipping charge carries no tax, so an order with taxed shipping is held.",
                "Make an item for shipping in Zoho and enter its SKU as ShippingSku."));
        lacking.Add(Capability.Not(
            "order.address", "Zoho takes no address of its own on an order; addresses given on an order stand in its notes.", "Nothing is to be done."));
        return lacking;
    }

    public Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => catalogue.CandidatesAsync(mapping, steps, stop);

    public Task<string> TestAsync(Steps steps, CancellationToken stop) => catalogue.TestAsync(steps, stop);

    public Uri? ApprovalPage(Connection connection, Uri redirect, string state) => ZohoSignIn.ApprovalPage(connection, redirect, state);

    public Task<Tokens> ExchangeAsync(Connection connection, Approval approval, CancellationToken stop) => signIn.ExchangeAsync(connection, approval, stop);

    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) => signIn.RefreshAsync(connection, refreshToken, stop);
}
