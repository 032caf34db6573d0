using System.Text.Json.Nodes;
using OrderSync.AppHost.Local.Servers;
using OrderSync.Contracts.Records;
using OrderSync.Money;
using OrderSync.Testing;
using OrderSync.Testing.Run;
using OrderSync.Tryton;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The promises every connector keeps, against a real Tryton: orders are brought as far as processing.</summary>
[Everyday(typeof(OnceOnlyCases))]
[OneStage]
[Without(Ability.RotatingTokens, SameTokens)]
[Without(Ability.Voiding, NoVoid)]
[Without(Ability.Changes, "Once Tryton processes an order, its invoice and shipment are there and it is changed in Tryton only; TrytonQuotationConformance has orders that stay quotations.")]
[Without(Ability.Quotes, "A quote is the same whatever becomes of orders: TrytonQuotationConformance has them.")]
[InCi]
public sealed class TrytonConformance(TrytonStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<TrytonStage>
{
    internal const string SameTokens = "One signs in to Tryton by a password, which stays.";
    internal const string NoVoid = "A party in Tryton cannot be made void; a person merges the two.";
}

/// <summary>The same where orders stay quotations, which somebody confirms in Tryton.</summary>
[Everyday(typeof(ChangeCases), typeof(ReceiptCases))]
[OneStage]
[Without(Ability.RotatingTokens, TrytonConformance.SameTokens)]
[Without(Ability.Voiding, TrytonConformance.NoVoid)]
[InFull]
public sealed class TrytonQuotationConformance(TrytonQuotationStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<TrytonQuotationStage>;

/// <summary>A real Tryton whose orders are processed.</summary>
public sealed class TrytonStage() : ConformanceStage(new TrytonSide(OrderState.Processing));

/// <summary>A real Tryton whose orders stay quotations.</summary>
public sealed class TrytonQuotationStage() : ConformanceStage(new TrytonSide(OrderState.Quotation));

/// <summary>
/// Tryton's side: a server for each stage, since opening a database disturbs calls to a server's others. An organisation is a database, and sees what came into it after it began:
/// each case begins with the first, and a second is there for cases that want two.
/// </summary>
internal sealed class TrytonSide(OrderState state) : IConformanceErp
{
    private const int Most = 2;
    private readonly List<TrytonOffice> offices = [];
    private TrytonAddress? tryton;
    private TrytonServer? server;
    private Uri? lineOfCase;
    private int turn;

    public ConnectorUnderTest Connector { get; } = ConnectorUnderTest.Of<TrytonConnector>();

    public Uri Address => server!.Address;

    public IReadOnlyList<RoundingPolicy> Roundings { get; } = [new(RoundingLevel.Document, Tie.HalfEven), new(RoundingLevel.Line, Tie.HalfEven)];

    public RoundingPolicy Usual => Roundings[0];

    public RoundingPolicy OnDocument => Roundings[0];

    public RoundingPolicy OnLines => Roundings[1];

    public async Task StartAsync(TimeProvider clock)
    {
        tryton = await Servers.TrytonAsync();
        server = await tryton.StartAsync();
        offices.Add(await TrytonOffice.OpenAsync(tryton, server.Address));
    }

    public CallStep StepOf(string method, string path) => throw new NotSupportedException("Only the body tells.");

    public CallStep StepOf(string method, string path, string body) => (string?)JsonNode.Parse(body)!["method"] switch
    {
        "common.db.login" => CallStep.Token,
        "model.party.party.create" => CallStep.CreateCustomer,
        "model.sale.sale.create" => body.Contains("\"OrderSync quote ", StringComparison.Ordinal) ? CallStep.CreateQuote : CallStep.CreateOrder,
        "model.account.move.create" => CallStep.CreateReceipt,
        "wizard.account.invoice.pay.execute" when !body.Contains("\"start\",{", StringComparison.Ordinal) => CallStep.CreateReceipt,
        "model.sale.sale.quote" => state == OrderState.Quotation ? CallStep.Confirm : CallStep.OnTheWay,
        "model.sale.sale.confirm" => CallStep.Confirm,
        "model.sale.sale.draft" or "model.sale.sale.process" or "model.account.move.post" => CallStep.OnTheWay,
        "model.sale.sale.write" or "model.sale.sale.cancel" or "model.party.party.write" => CallStep.Change,
        _ => CallStep.Look,
    };

    public (int Status, string Body) No(string words) =>
        (200, new JsonObject { ["id"] = 1, ["error"] = new JsonArray("UserError", new JsonArray(words, "", null)) }.ToJsonString());

    // Written down from what the server does, and apart from what the connector foretells.
    public OrderTotals Totals(OrderBody body, RoundingPolicy rounding)
    {
        decimal untaxed = 0;
        var taxes = new SortedDictionary<decimal, decimal>();
        foreach (var line in body.Lines)
        {
            untaxed += Cents(line.Quantity * line.UnitPrice);
            var sum = taxes.GetValueOrDefault(line.TaxRate) + line.Quantity * line.UnitPrice * line.TaxRate / 100;
            taxes[line.TaxRate] = rounding.Level == RoundingLevel.Line ? Cents(sum) : sum;
        }

        var tax = taxes.Values.Sum(Cents);
        return new OrderTotals(untaxed, 0.00m, tax, untaxed + tax);

        static decimal Cents(decimal exact) => decimal.Round(exact, 2, MidpointRounding.ToEven) + 0.00m;
    }

    public async Task<IErpOrganisation> OrganisationAsync(Uri line, RoundingPolicy rounding)
    {
        // Each case has a line of its own.
        turn = line == lineOfCase ? (turn + 1) % Most : 0;
        lineOfCase = line;
        if (offices.Count <= turn)
            offices.Add(await TrytonOffice.OpenAsync(tryton!, server!.Address));
        var organisation = new TrytonOrganisation(offices[turn], line, rounding, state);
        await organisation.BeginAsync();
        return organisation;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var office in offices)
            await office.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }
}
