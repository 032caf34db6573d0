using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using OrderSync.Contracts.Bus;
using OrderSync.Contracts.Catalogue;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;
using OrderSync.ServiceDefaults.Database;

namespace OrderSync.Framework;

/// <summary>
/// One kind of destination, such as an ERP. A connector says what is to be done, in named steps; waiting, repeating, limits, tokens, the
/// ledger and reports are the framework's.
/// </summary>
public interface IConnector
{
    /// <summary>Name, capabilities and windows.</summary>
    static abstract ConnectorInfo Info { get; }

    /// <summary>What the connector needs beside the framework: typed HTTP clients, its own storage.</summary>
    static virtual void AddServices(IHostApplicationBuilder builder)
    {
    }

    /// <summary>Migrates tables of the connector's own, after the ledger's; most have none.</summary>
    static virtual Task MigrateAsync(SchemaRun schema, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Pages of the connector's own for the office, below a connection's address: {companyId} and {connectionId} are in the route.</summary>
    static virtual void MapManage(IEndpointRouteBuilder connection)
    {
    }

    /// <summary>
    /// The ledger documents that a record becomes at this destination. The default is the record itself and, before it, its customer.
    /// Called in intake: no I/O.
    /// </summary>
    IReadOnlyList<PlannedDocument> Plan(DeliverRecord record, Connection connection) => PlannedDocument.RecordAndCustomer(record);

    /// <summary>Brings a customer to the destination: finds ours, else creates it. A lead comes as a customer too; the document's kind tells them apart.</summary>
    Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop) => Task.FromResult(Outcome.Unsupported(Title(), "customer"));

    /// <summary>
    /// Brings a captured change of a customer to the destination: <paramref name="customer"/> is the customer as it is to be. One without a number of the
    /// office is ours and written like any later revision; one that the destination itself brought is changed by hand, unless the connector can.
    /// </summary>
    Task<Outcome> ChangeCustomerAsync(Customer customer, Steps steps, CancellationToken stop) => customer.ErpNumber is null
        ? PushCustomerAsync(customer, steps, stop)
        : Task.FromResult<Outcome>(new Outcome.Refused(
            "customer.changeByHand", $"{Title()} has customer {customer.ErpNumber}, and changes of it are not written from here.", $"Enter the change in {Title()}; then stop this record."));

    /// <summary>Brings a sales order to the destination: complete and in its final state.</summary>
    Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop) => Task.FromResult(Outcome.Unsupported(Title(), "order"));

    /// <summary>Brings a quote to the destination.</summary>
    Task<Outcome> PushQuoteAsync(Quote quote, Steps steps, CancellationToken stop) => Task.FromResult(Outcome.Unsupported(Title(), "quote"));

    /// <summary>Brings a finished sale to the destination, with how it was paid.</summary>
    Task<Outcome> PushSaleAsync(Sale sale, Steps steps, CancellationToken stop) => Task.FromResult(Outcome.Unsupported(Title(), "sale"));

    /// <summary>Brings a receipt to the destination.</summary>
    Task<Outcome> PushReceiptAsync(Receipt receipt, Steps steps, CancellationToken stop) => Task.FromResult(Outcome.Unsupported(Title(), "receipt"));

    /// <summary>
    /// Makes an order void at the destination: ours is looked for and voided (<see cref="Outcome.Cancelled"/>); where a look finds nothing,
    /// <see cref="Steps.NotThereAsync"/> and then <see cref="Outcome.NeverWritten"/>.
    /// </summary>
    Task<Outcome> CancelOrderAsync(Order order, Steps steps, CancellationToken stop) => Task.FromResult(Outcome.Uncancellable(Title(), "order"));

    /// <summary>
    /// What this connection does not take of what the connector takes in general: an edition may lack it. A record of a kind named here is
    /// refused in its words. No I/O.
    /// </summary>
    IReadOnlyList<Capability> Capabilities(Connection connection) => [];

    /// <summary>Things of the destination that a kind of <see cref="ConnectorInfo.Mappings"/> can be mapped to.</summary>
    Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) => Task.FromResult<IReadOnlyList<Candidate>>([]);

    /// <summary>The page where a person approves the connection; null where there is no such way. No I/O.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="redirect">Where the page is to lead back to.</param>
    /// <param name="state">To be handed back unchanged.</param>
    Uri? ApprovalPage(Connection connection, Uri redirect, string state) => null;

    /// <summary>Turns what came back from <see cref="ApprovalPage"/> into tokens.</summary>
    /// <exception cref="OutcomeException">It cannot be done; the words are shown to the person.</exception>
    Task<Tokens> ExchangeAsync(Connection connection, Approval approval, CancellationToken stop) =>
        throw new OutcomeException(new Outcome.Reconnect($"{Title()} takes no approvals."));

    /// <summary>
    /// All documents that carry the customer's record id, oldest first. Asked once more one ambiguity window after a document that had to be
    /// created a second time was done: two of them are a double. Null where the destination cannot be asked, or cannot hold two.
    /// </summary>
    Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop) => Task.FromResult<IReadOnlyList<Found>?>(null);

    /// <summary>The same for an order.</summary>
    Task<IReadOnlyList<Found>?> FindAllAsync(Order order, Steps steps, CancellationToken stop) => Task.FromResult<IReadOnlyList<Found>?>(null);

    /// <summary>The same for a receipt.</summary>
    Task<IReadOnlyList<Found>?> FindAllAsync(Receipt receipt, Steps steps, CancellationToken stop) => Task.FromResult<IReadOnlyList<Found>?>(null);

    /// <summary>Makes a double ineffective at the destination; false where it cannot be done, and a person must.</summary>
    Task<bool> VoidAsync(DocumentInfo document, Found twin, Steps steps, CancellationToken stop) => Task.FromResult(false);

    /// <summary>
    /// A document as it stands at the destination now, for a person who asks; null where that cannot be shown. Reading only. What a push has read
    /// is told to <see cref="Steps.Saw"/>, so that people see it without asking.
    /// </summary>
    Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) => Task.FromResult<ErpDocument?>(null);

    /// <summary>
    /// Whether the connection works: a token where there are any, and one cheap read. Answers what was found, in plain words; an
    /// <see cref="OutcomeException"/> says what is wrong.
    /// </summary>
    Task<string> TestAsync(Steps steps, CancellationToken stop) => Task.FromResult($"The settings are complete. {Title()} cannot be tried without sending something.");

    /// <summary>
    /// Asks the destination for a new access token. Called by one worker at a time for a connection. A definite "no" of the token endpoint is
    /// an <see cref="OutcomeException"/> with <see cref="Outcome.Reconnect"/>.
    /// </summary>
    Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) =>
        throw new OutcomeException(new Outcome.Reconnect($"{Title()} takes no tokens."));

    /// <summary>
    /// Which collections a call of the destination's own says have changed, so that they are looked at soon; null where it does not prove that it comes from there. It is a
    /// hint: what is not said, the next look finds. No I/O.
    /// </summary>
    IReadOnlyList<string>? Hints(Connection connection, IncomingCall call) => null;

    /// <summary>
    /// The items, page by page, of which <see cref="ConnectorInfo.Pulls"/> says that they are brought back. From <paramref name="from"/> on, which is the cursor of an earlier
    /// page; null = all of them, from the beginning. Reading only: <paramref name="steps"/> gives settings and tokens and writes nothing.
    /// </summary>
    IAsyncEnumerable<PulledPage<ItemLevel>> PullItemsAsync(string? from, PullSteps steps, CancellationToken stop) => throw NotPulled(CollectionNames.Items);

    /// <summary>The price lists, in the same way.</summary>
    IAsyncEnumerable<PulledPage<PriceListLevel>> PullPriceListsAsync(string? from, PullSteps steps, CancellationToken stop) => throw NotPulled(CollectionNames.PriceLists);

    /// <summary>The prices of lists and customers, in the same way.</summary>
    IAsyncEnumerable<PulledPage<PriceLevel>> PullPricesAsync(string? from, PullSteps steps, CancellationToken stop) => throw NotPulled(CollectionNames.Prices);

    /// <summary>What is in stock, in the same way.</summary>
    IAsyncEnumerable<PulledPage<StockLevel>> PullStockAsync(string? from, PullSteps steps, CancellationToken stop) => throw NotPulled(CollectionNames.Stock);

    /// <summary>The customers, in the same way. A row's key is the id that <see cref="PushCustomerAsync"/> answers as the document's.</summary>
    IAsyncEnumerable<PulledPage<CustomerLevel>> PullCustomersAsync(string? from, PullSteps steps, CancellationToken stop) => throw NotPulled(CollectionNames.Customers);

    /// <summary>The sales orders and how far they are, in the same way. A row's key is the id that <see cref="PushOrderAsync"/> answers as the document's.</summary>
    IAsyncEnumerable<PulledPage<DocumentLevel>> PullOrdersAsync(string? from, PullSteps steps, CancellationToken stop) => throw NotPulled(CollectionNames.Orders);

    /// <summary>The invoices, in the same way.</summary>
    IAsyncEnumerable<PulledPage<DocumentLevel>> PullInvoicesAsync(string? from, PullSteps steps, CancellationToken stop) => throw NotPulled(CollectionNames.Invoices);

    private static NotSupportedException NotPulled(string collection) => new($"The connector declares {collection} in its Info and does not read them.");

    private string Title() => GetType().Name.Replace("Connector", "", StringComparison.Ordinal);
}

/// <summary>What the framework must know about a connector before it runs.</summary>
/// <param name="Name">Name of queue, schema, role and service: lower case, such as "zoho".</param>
/// <param name="Title">As people call it, such as "Zoho Inventory".</param>
/// <param name="Kinds">Record kinds it takes.</param>
/// <param name="Settings">Type of a connection's settings: a record whose properties have defaults; see <see cref="ConnectionSettings"/>.</param>
/// <param name="AmbiguityWindow">
/// Longest time a request already sent may still take effect, plus the lag of the destination's search. Zero where the destination knows our
/// own key and the same request can be sent again.
/// </param>
/// <param name="MaxConcurrent">Calls at once for one account, at most.</param>
/// <param name="Budget">Calls by the minute and the day; null where no limit is known.</param>
/// <param name="Pulls">What is brought back; null = nothing.</param>
/// <param name="Mappings">What the office can map to things of the destination.</param>
/// <param name="Approved">Whether a person approves a connection on the destination's own page: see <see cref="IConnector.ApprovalPage"/>.</param>
/// <param name="SignsIn">
/// Whether the connector signs in with what the settings hold, such as a password or a key: then there is no refresh token, and <see cref="IConnector.RefreshAsync"/>
/// gets an empty one.
/// </param>
public sealed record ConnectorInfo(
    string Name, string Title, IReadOnlyList<string> Kinds, Type Settings, TimeSpan AmbiguityWindow, int MaxConcurrent, Budget? Budget = null,
    IReadOnlyList<PullPlan>? Pulls = null, IReadOnlyList<MappingKind>? Mappings = null, bool Approved = false, bool SignsIn = false);

/// <summary>A document as the destination shows it when all that carry one record's id are looked for.</summary>
/// <param name="ExternalId">Its id there.</param>
/// <param name="Number">Its number or name there.</param>
public sealed record Found(string ExternalId, string? Number);
