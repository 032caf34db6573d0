using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Zoho;
using OrderSync.Contracts.Records;
using OrderSync.Money;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>What a call is for, as the cases speak of it.</summary>
internal enum CallStep
{
    /// <summary>Asks the token endpoint.</summary>
    Token,

    /// <summary>Reads.</summary>
    Look,

    /// <summary>Creates a customer.</summary>
    CreateCustomer,

    /// <summary>Creates an order.</summary>
    CreateOrder,

    /// <summary>Brings an order or a quote into its final state.</summary>
    Confirm,

    /// <summary>Creates a quote.</summary>
    CreateQuote,

    /// <summary>Writes down money that was received.</summary>
    CreateReceipt,

    /// <summary>Any other write.</summary>
    Change,

    /// <summary>Brings a document from one state to the next, on the way to its final one.</summary>
    OnTheWay,
}

/// <summary>A document as the ERP holds it.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="RecordId">Our record id on it; null on a stranger's.</param>
/// <param name="Number">Its number; null for a customer.</param>
/// <param name="Total">Total the ERP reached, of a receipt its amount; null for a customer.</param>
/// <param name="Final">Whether it stands in its final state.</param>
/// <param name="Text">An order's notes, a customer's name.</param>
/// <param name="Void">Whether it was made void.</param>
internal sealed record ErpDocument(string Id, Guid? RecordId, string? Number, decimal? Total, bool Final, string Text, bool Void = false);

/// <summary>The ERP's side of conformance: a server that behaves like the ERP, on the clock of the cases.</summary>
internal interface IConformanceErp : IAsyncDisposable
{
    /// <summary>The connector that writes into it.</summary>
    ConnectorUnderTest Connector { get; }

    /// <summary>Where it listens.</summary>
    Uri Address { get; }

    Task StartAsync(TimeProvider clock);

    /// <summary>What a call is for.</summary>
    CallStep StepOf(string method, string path);

    /// <summary>The same where the address alone does not tell, such as where a change goes where a create goes.</summary>
    CallStep StepOf(string method, string path, string body) => StepOf(method, path);

    /// <summary>A definite no with these words, as this ERP spells it.</summary>
    (int Status, string Body) No(string words);

    /// <summary>Every rounding that the settings of a connection can state.</summary>
    IReadOnlyList<RoundingPolicy> Roundings { get; }

    /// <summary>Of these the one by which tax is rounded once; three roundings on lines make another total of <see cref="Capture.ThatRoundApart"/>.</summary>
    RoundingPolicy OnDocument => Capture.Document;

    /// <summary>Of these the one by which it is rounded on each line.</summary>
    RoundingPolicy OnLines => Capture.OnLines;

    /// <summary>The totals of a device that reckons as this ERP does.</summary>
    OrderTotals Totals(OrderBody body, RoundingPolicy rounding) => Some.Totals(body, rounding);

    /// <summary>How an organisation rounds of which a case says nothing.</summary>
    RoundingPolicy Usual { get; }

    /// <summary>What the office maps once a connection is there, where the ERP cannot list it: kind, ours, theirs.</summary>
    IReadOnlyList<(string Kind, string Ours, string Theirs)> Mapped => [];

    /// <summary>
    /// A new organisation in EUR with items A, B and C, taxes of 8, 10 and 20 %, sums rounded by <paramref name="rounding"/>.
    /// Its connections reach it through <paramref name="line"/>.
    /// </summary>
    Task<IErpOrganisation> OrganisationAsync(Uri line, RoundingPolicy rounding);
}

/// <summary>One organisation (company file, tenant) of the ERP.</summary>
internal interface IErpOrganisation
{
    /// <summary>Stands in the address of each call to it but those for tokens.</summary>
    string Id { get; }

    /// <summary>Settings of a connection to it, as a person enters them.</summary>
    /// <param name="onDifference">hold, adjust or accept.</param>
    /// <param name="says">How the settings say that it rounds; null = as it does.</param>
    JsonObject Settings(string onDifference = "hold", RoundingPolicy? says = null);

    /// <summary>The texts among the settings that must never be seen.</summary>
    IReadOnlyList<string> Secrets { get; }

    /// <summary>All orders, twins and strangers' too.</summary>
    Task<IReadOnlyList<ErpDocument>> OrdersAsync();

    /// <summary>All customers that are not void, twins and strangers' too.</summary>
    Task<IReadOnlyList<ErpDocument>> CustomersAsync();

    /// <summary>All quotes, strangers' too; none where it takes none.</summary>
    Task<IReadOnlyList<ErpDocument>> QuotesAsync();

    /// <summary>All receipts, twins and strangers' too; their number is the reference they carry. None where it takes none.</summary>
    Task<IReadOnlyList<ErpDocument>> ReceiptsAsync();

    /// <summary>All access tokens end; refresh tokens stay.</summary>
    Task EndAccessTokensAsync();

    /// <summary>The approval is withdrawn: no token of it is good any more.</summary>
    Task RevokeAsync();

    /// <summary>A person approves again: <see cref="Settings"/> carry new credentials from now on.</summary>
    Task ApproveAsync();

    /// <summary>Somebody else enters an order of this number.</summary>
    Task TakeNumberAsync(string number);

    /// <summary>Somebody else enters a quote of this number.</summary>
    Task TakeQuoteNumberAsync(string number);

    /// <summary>Somebody else enters a receipt with this reference.</summary>
    Task TakeReferenceAsync(string reference);

    /// <summary>Somebody else enters a customer of this name.</summary>
    Task TakeNameAsync(string name);

    /// <summary>The first request for a customer took effect after all, later than anybody thought possible: it is there twice.</summary>
    Task DoubleCustomerAsync(Guid recordId);

    /// <summary>The same for a receipt.</summary>
    Task DoubleReceiptAsync(Guid recordId);

    /// <summary>The office enters the item that was missing.</summary>
    Task AddItemAsync(string sku);

    /// <summary>The office gives an item another name.</summary>
    Task RenameItemAsync(string sku, string name);

    /// <summary>The office deletes an item.</summary>
    Task DeleteItemAsync(string sku);
}
