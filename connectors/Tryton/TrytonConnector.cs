using OrderSync.Contracts.Catalogue;
using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Tryton;

/// <summary>
/// Writes customers, orders, quotes and receipts into Tryton. Each kind of record has its story in a file of its own: <see cref="Customers"/>,
/// <see cref="SalesDocuments"/> and <see cref="Receipts"/>.
/// </summary>
internal sealed class TrytonConnector(TrytonSignIn signIn, Customers customers, SalesDocuments sales, Receipts receipts, TrytonCatalogue catalogue, TrytonPulls pulls) : IConnector
{
    public static ConnectorInfo Info { get; } = new(
        "tryton", "Tryton", [Kinds.Customer, Kinds.Order, Kinds.Quote, Kinds.Receipt], typeof(TrytonSettings),
        // Tryton works on when nobody waits any more, and gives a statement no time limit: as long as proxies before it usually wait.
        AmbiguityWindow: TimeSpan.FromMinutes(2), MaxConcurrent: 4, Pulls: TrytonPulls.All, Mappings: TrytonMappings.All, SignsIn: true);

    public static void AddServices(IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient(TrytonClient.Name);
        builder.Services.AddSingleton<TrytonClient>().AddSingleton<TrytonSignIn>();
        builder.Services.AddSingleton<CatalogueCalls>().AddSingleton<TrytonCatalogue>();
        builder.Services.AddSingleton<PartyCalls>().AddSingleton<Customers>();
        builder.Services.AddSingleton<SalesCalls>().AddSingleton<SalesDocuments>();
        builder.Services.AddSingleton<MoveCalls>().AddSingleton<InvoicePayments>().AddSingleton<Receipts>();
        builder.Services.AddSingleton<ChangedRows>().AddSingleton<TrytonPulls>();
    }

    public Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop) => customers.PushAsync(customer, steps, stop);

    public Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.PushAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    public Task<Outcome> CancelOrderAsync(Order order, Steps steps, CancellationToken stop) => sales.CancelAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    // A quote is an order that stays a quotation.
    public Task<Outcome> PushQuoteAsync(Quote quote, Steps steps, CancellationToken stop) =>
        sales.PushAsync(SalesKind.Quote, new Order(quote.Info, quote.Body, quote.Customer), steps, stop);

    public Task<Outcome> PushReceiptAsync(Receipt receipt, Steps steps, CancellationToken stop) => receipts.PushAsync(receipt, steps, stop);

    public Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) => document.Kind switch
    {
        Kinds.Order or Kinds.Quote => sales.ReadAsync(document, steps, stop),
        Kinds.Receipt => receipts.ReadAsync(document, steps, stop),
        Kinds.Customer => customers.ReadAsync(document, steps, stop),
        _ => Task.FromResult<ErpDocument?>(null),
    };

    public Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop) => customers.FindAllAsync(customer, steps, stop);

    public Task<IReadOnlyList<Found>?> FindAllAsync(Order order, Steps steps, CancellationToken stop) => sales.FindAllAsync(SalesKind.OrderOf(steps.Connection), order, steps, stop);

    public Task<IReadOnlyList<Found>?> FindAllAsync(Receipt receipt, Steps steps, CancellationToken stop) => receipts.FindAllAsync(receipt, steps, stop);

    public Task<bool> VoidAsync(DocumentInfo document, Found twin, Steps steps, CancellationToken stop) =>
        document.Kind == Kinds.Order ? sales.VoidAsync(twin, steps, stop) : Task.FromResult(false);

    public IAsyncEnumerable<PulledPage<ItemLevel>> PullItemsAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.ItemsAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<StockLevel>> PullStockAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.StockAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<CustomerLevel>> PullCustomersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.CustomersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullOrdersAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.OrdersAsync(from, steps, stop);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullInvoicesAsync(string? from, PullSteps steps, CancellationToken stop) => pulls.InvoicesAsync(from, steps, stop);

    public IReadOnlyList<Capability> Capabilities(Connection connection)
    {
        var lacking = new List<Capability>
        {
            Capability.Not("order.address", "Addresses given on an order stand in the notes of the sale; it goes to the customer's own.", "Nothing is to be done."),
            Capability.Not("customer.notes", "A party in Tryton has no field for notes, so a customer's notes stay here.", "Nothing is to be done."),
        };
        if (connection.Settings<TrytonSettings>().OrderState == OrderState.Processing)
            lacking.Add(Capability.Not(
                "order.change", "Tryton makes invoice and shipment of an order at once; from then on it is changed and cancelled there only.",
                "Set OrderState to quotation where somebody confirms orders in Tryton: until then they can be changed and cancelled from here."));
        return lacking;
    }

    public Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => catalogue.CandidatesAsync(mapping, steps, stop);

    public Task<string> TestAsync(Steps steps, CancellationToken stop) => catalogue.TestAsync(steps, stop);

    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) => signIn.SignInAsync(connection, stop);
}
