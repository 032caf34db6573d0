using OrderSync.Contracts.Catalogue;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;
using OrderSync.Framework.OAuth;

namespace OrderSync.Connectors.Tests.Recording;

/// <summary>Settings of a connection to the recording ERP.</summary>
internal sealed record RecordingSettings : ConnectionSettings
{
    /// <summary>The organisation there.</summary>
    public string Organisation { get; init; } = "";

    /// <summary>Whether documents are confirmed.</summary>
    public bool Confirm { get; init; } = true;

    /// <summary>What is brought back, divided by commas; null = all there is.</summary>
    public string? Collections { get; init; }

    /// <summary>Whether the shelves can be listed.</summary>
    public bool ListsShelves { get; init; } = true;

    [Secret]
    public string? RefreshToken { get; init; }

    public override bool Lists(MappingKind kind) => base.Lists(kind) && ListsShelves;

    public override IReadOnlyList<PullPlan> PullsOf(IReadOnlyList<PullPlan> declared) =>
        [.. base.PullsOf(declared).Where(plan => Collections is null || Collections.Split(',').Contains(plan.Name))];

    public override string Account => $"recording:{Organisation}";

    public override string? WhyNot() => Organisation.Length == 0 ? "organisation is missing. Enter the organisation's id." : null;
}

/// <summary>The smallest whole connector: look, create, confirm.</summary>
internal sealed class RecordingConnector(RecordingErp erp, TokenEndpoint endpoint) : IConnector
{
    public static ConnectorInfo Info { get; } =
        new("recording", "Recording", ["order", "customer"], typeof(RecordingSettings), AmbiguityWindow: TimeSpan.FromMinutes(2), MaxConcurrent: 4,
            Pulls: [.. CollectionNames.All.Select(name => new PullPlan(name, Every: TimeSpan.FromMinutes(10), SweepEvery: TimeSpan.FromHours(24)))],
            Mappings: [new("shelf", "Shelf", "A place of ours and a shelf."), new("note", "Note", "A field of ours and any text.", Listed: false)]);

    public Task<Outcome> PushCustomerAsync(Customer customer, Steps steps, CancellationToken stop) =>
        PushAsync(customer.Info, customer.Body.Name, null, steps);

    public async Task<Outcome> PushOrderAsync(Order order, Steps steps, CancellationToken stop)
    {
        if (order.Customer is { } customer && await steps.ExternalIdAsync(customer.Id) is null)
            throw new InvalidOperationException("An order came before its customer.");
        return await PushAsync(order.Info, order.Info.Number ?? "", order.Body.Totals.Total, steps);
    }

    public Task<IReadOnlyList<Found>?> FindAllAsync(Customer customer, Steps steps, CancellationToken stop) => erp.FindAllAsync(customer.Info.Account, customer.Info.RecordId);

    public Task<IReadOnlyList<Found>?> FindAllAsync(Order order, Steps steps, CancellationToken stop) => erp.FindAllAsync(order.Info.Account, order.Info.RecordId);

    public Task<bool> VoidAsync(DocumentInfo document, Found twin, Steps steps, CancellationToken stop) => erp.VoidAsync(document.Account, twin.ExternalId);

    public IAsyncEnumerable<PulledPage<ItemLevel>> PullItemsAsync(string? from, PullSteps steps, CancellationToken stop) => Pull<ItemLevel>(CollectionNames.Items, from, steps);

    public IAsyncEnumerable<PulledPage<PriceListLevel>> PullPriceListsAsync(string? from, PullSteps steps, CancellationToken stop) => Pull<PriceListLevel>(CollectionNames.PriceLists, from, steps);

    public IAsyncEnumerable<PulledPage<PriceLevel>> PullPricesAsync(string? from, PullSteps steps, CancellationToken stop) => Pull<PriceLevel>(CollectionNames.Prices, from, steps);

    public IAsyncEnumerable<PulledPage<StockLevel>> PullStockAsync(string? from, PullSteps steps, CancellationToken stop) => Pull<StockLevel>(CollectionNames.Stock, from, steps);

    public IAsyncEnumerable<PulledPage<CustomerLevel>> PullCustomersAsync(string? from, PullSteps steps, CancellationToken stop) => Pull<CustomerLevel>(CollectionNames.Customers, from, steps);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullOrdersAsync(string? from, PullSteps steps, CancellationToken stop) => Pull<DocumentLevel>(CollectionNames.Orders, from, steps);

    public IAsyncEnumerable<PulledPage<DocumentLevel>> PullInvoicesAsync(string? from, PullSteps steps, CancellationToken stop) => Pull<DocumentLevel>(CollectionNames.Invoices, from, steps);

    public async Task<string> TestAsync(Steps steps, CancellationToken stop)
    {
        await erp.FindAsync(steps.Connection.Account, Guid.Empty);
        return "The recording ERP answers.";
    }

    public Task<Tokens> RefreshAsync(Connection connection, string refreshToken, CancellationToken stop) => endpoint.RefreshAsync(refreshToken);

    public IReadOnlyList<Capability> Capabilities(Connection connection) => [Capability.Not("quote", "There are no quotes there.", "Stop it here.")];

    public Task<IReadOnlyList<Candidate>> CandidatesAsync(string mapping, Steps steps, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Candidate>>([new("1", "Shelf 1"), new("2", "Shelf 2")]);

    public Uri? ApprovalPage(Connection connection, Uri redirect, string state) =>
        new($"https://erp.example/approve?redirect={Uri.EscapeDataString(redirect.ToString())}&state={state}");

    public Task<Tokens> ExchangeAsync(Connection connection, Approval approval, CancellationToken stop) => approval.Code switch
    {
        "good" => Task.FromResult(new Tokens("access-approved", endpoint.Valid, TimeSpan.FromHours(1), null)),
        "weak" => Task.FromResult(new Tokens("access-weak", null, TimeSpan.FromHours(1), null)),
        _ => throw new OutcomeException(new Outcome.Reconnect("The ERP does not know the code.")),
    };

    private IAsyncEnumerable<PulledPage<T>> Pull<T>(string collection, string? from, PullSteps steps) where T : class => erp.PullAsync<T>(steps.Connection.Account, collection, from);

    private async Task<Outcome> PushAsync(DocumentInfo info, string number, decimal? total, Steps steps)
    {
        if (erp.NeedsToken)
            await steps.TokensAsync();
        var theirs = await erp.FindAsync(info.Account, info.RecordId);
        if (theirs is null)
            theirs = await steps.OnceAsync("create", () => erp.CreateAsync(info.Account, info.Kind, info.RecordId, number, total));
        else
            await steps.FoundAsync("create", theirs);
        if (theirs.Status == "draft" && steps.Connection.Settings<RecordingSettings>().Confirm)
            theirs = await steps.OnceAsync("confirm", () => erp.ConfirmAsync(info.Account, theirs.Id));
        return new Outcome.Done(theirs.Id, theirs.Number, theirs.Total);
    }
}

/// <summary>A token endpoint that rotates: each refresh token is good once.</summary>
internal sealed class TokenEndpoint
{
    private readonly Lock gate = new();
    private int issued;

    public string Valid { get; set; } = "refresh-0";

    public int Calls { get; private set; }

    /// <summary>Runs after the old token has been spent, before the answer leaves.</summary>
    public Func<Task> Answering { get; set; } = () => Task.CompletedTask;

    public async Task<Tokens> RefreshAsync(string refreshToken)
    {
        Tokens answer;
        lock (gate)
        {
            Calls++;
            if (refreshToken != Valid)
                throw new OutcomeException(new Outcome.Reconnect("The ERP refused the refresh token."));
            Valid = $"refresh-{++issued}";
            answer = new Tokens($"access-{issued}", Valid, TimeSpan.FromHours(1), null);
        }

        await Answering();
        return answer;
    }
}
