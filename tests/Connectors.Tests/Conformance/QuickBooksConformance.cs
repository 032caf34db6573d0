using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.ErpSandbox;
using OrderSync.Money;
using OrderSync.QuickBooks;
using OrderSync.Testing;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The promises every connector keeps, for QuickBooks Online with orders as accepted estimates. Every day all kinds of documents in bad weather, in the full tier all cases.</summary>
[Everyday(typeof(RoundingCases))]
[Without(Ability.AmbiguityWindow, NoWindow)]
[Without(Ability.Twins, NoTwins)]
[Without(Ability.Voiding, NoTwins)]
[Without(Ability.Drafts, NoDrafts)]
[Without(Ability.NumbersByKind, "An order that stands as an estimate shares its numbers with quotes: a company gives the two kinds series of their own.")]
[InCi]
public sealed class QuickBooksConformance(QuickBooksStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<QuickBooksStage>
{
    internal const string NoWindow = "QuickBooks answers a repeated requestid with its first answer, so nothing has to be waited out.";
    internal const string NoTwins = "A repeated requestid makes no second document.";
    internal const string NoDrafts = "QuickBooks has no drafts.";
}

/// <summary>The same with orders as invoices.</summary>
[Everyday(typeof(ChangeCases))]
[Without(Ability.AmbiguityWindow, QuickBooksConformance.NoWindow)]
[Without(Ability.Twins, QuickBooksConformance.NoTwins)]
[Without(Ability.Voiding, QuickBooksConformance.NoTwins)]
[Without(Ability.Drafts, QuickBooksConformance.NoDrafts)]
[InCi]
public sealed class QuickBooksInvoiceConformance(QuickBooksInvoiceStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<QuickBooksInvoiceStage>;

/// <summary>QuickBooks' side: the stand-in of services/ErpSandbox.</summary>
public sealed class QuickBooksStage() : ConformanceStage(new QuickBooksSide(OrderDocument.Estimate));

/// <summary>QuickBooks' side where orders are invoices.</summary>
public sealed class QuickBooksInvoiceStage() : ConformanceStage(new QuickBooksSide(OrderDocument.Invoice));

internal sealed class QuickBooksSide(OrderDocument orders) : IConformanceErp
{
    private static readonly HttpClient Http = new();
    private static int companies = 80_000_000;
    private WebApplication? sandbox;

    public ConnectorUnderTest Connector { get; } = ConnectorUnderTest.Of<QuickBooksConnector>();

    public Uri Address => new(sandbox!.Urls.First());

    public IReadOnlyList<RoundingPolicy> Roundings { get; } =
        [.. from level in new[] { RoundingLevel.Line, RoundingLevel.Document } from tie in new[] { Tie.HalfUp, Tie.HalfEven } select new RoundingPolicy(level, tie)];

    public RoundingPolicy Usual { get; } = new(RoundingLevel.Document, Tie.HalfUp);

    public Task StartAsync(TimeProvider clock)
    {
        sandbox = SandboxApp.Create(
            ["--urls=http://127.0.0.1:0", "--Sandbox:Profile=unlimited", "--Logging:LogLevel:Default=Warning"], builder => builder.Services.AddSingleton(clock));
        return sandbox.StartAsync();
    }

    // A change has the address of a create: what it changes stands in the key of its step alone, so the body tells.
    public CallStep StepOf(string method, string path)
    {
        var what = path.Split('?')[0];
        return (method, what[(what.LastIndexOf('/') + 1)..]) switch
        {
            ("POST", "bearer") => CallStep.Token,
            ("GET", _) => CallStep.Look,
            ("POST", "customer") => CallStep.CreateCustomer,
            ("POST", "payment") => CallStep.CreateReceipt,
            ("POST", _) when path.Contains("operation=void", StringComparison.Ordinal) => CallStep.Change,
            ("POST", "invoice") => CallStep.CreateOrder,
            ("POST", "estimate") => CallStep.CreateOrder,
            ("POST", "salesreceipt") => CallStep.CreateOrder,
            _ => CallStep.Change,
        };
    }

    public CallStep StepOf(string method, string path, string body) => StepOf(method, path) switch
    {
        var create when create is CallStep.CreateOrder or CallStep.CreateCustomer && body.Contains("\"SyncToken\"", StringComparison.Ordinal) => CallStep.Change,
        CallStep.CreateOrder when body.Contains("\"TxnStatus\":\"Pending\"", StringComparison.Ordinal) => CallStep.CreateQuote,
        var step => step,
    };

    public (int Status, string Body) No(string words) => (400, JsonSerializer.Serialize(new
    {
        Fault = new { Error = new[] { new { Message = "A business validation error has occurred while processing your request", Detail = words, code = "6000" } }, type = "ValidationFault" },
    }));

    public async Task<IErpOrganisation> OrganisationAsync(Uri line, RoundingPolicy rounding)
    {
        var realm = $"{Interlocked.Increment(ref companies)}";
        var company = new Company(line, new Uri(Address, $"_control/quickbooks/companies/{realm}"), realm, rounding, orders);
        await company.PutAsync(new
        {
            homeCurrency = "EUR",
            // Harsher than QuickBooks may be: each refresh ends the token before, and a refusal is repeated for ever to its requestid.
            refreshTokenRotates = "always",
            requestIdsAfterRefusal = "replay",
            // So that cases can tell whose a void invoice was; the other way has a test of its own.
            voidNote = "prepend",
            taxLevel = rounding.Level == RoundingLevel.Line ? "line" : "group",
            tie = Camel(rounding.Tie),
            taxes = new[] { new { name = "Zero", rate = 0m }, new { name = "Reduced", rate = 8m }, new { name = "Standard", rate = 20m }, new { name = "Ten", rate = 10m } },
            items = new[] { new { sku = "A", name = "Olive oil 5 l", price = 29.99m }, new { sku = "B", name = "Water", price = 1m }, new { sku = "C", name = "Bread", price = 3.35m } },
        });
        return company;
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null)
            await sandbox.DisposeAsync();
    }

    private static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    internal sealed class Company(Uri line, Uri control, string realm, RoundingPolicy rounding, OrderDocument orders) : IErpOrganisation
    {
        private const string Key = "Id";
        private JsonNode made = new JsonObject();

        private string OrderEntity => orders == OrderDocument.Invoice ? "invoice" : "estimate";

        public string Id => realm;

        public IReadOnlyList<string> Secrets => [(string)made["refreshToken"]!, (string)made["clientSecret"]!];

        public JsonObject Settings(string onDifference = "hold", RoundingPolicy? says = null) => new()
        {
            ["url"] = new Uri(line, "quickbooks").ToString(),
            ["realmId"] = realm,
            ["orderAs"] = Camel(orders),
            ["pullMinutes"] = 0,
            ["clientId"] = (string)made["clientId"]!,
            ["clientSecret"] = (string)made["clientSecret"]!,
            ["refreshToken"] = (string)made["refreshToken"]!,
            ["onDifference"] = onDifference,
            ["taxLevel"] = Camel((says ?? rounding).Level),
            ["tie"] = Camel((says ?? rounding).Tie),
        };

        // A quote is an estimate that nobody has accepted.
        public Task<IReadOnlyList<ErpDocument>> OrdersAsync() => RowsAsync(OrderEntity, "DocNumber", row => orders == OrderDocument.Invoice || (string?)row["TxnStatus"] != "Pending");

        public Task<IReadOnlyList<ErpDocument>> QuotesAsync() => RowsAsync("estimate", "DocNumber", row => (string?)row["TxnStatus"] == "Pending");

        public Task<IReadOnlyList<ErpDocument>> ReceiptsAsync() => RowsAsync("payment", "PaymentRefNum", _ => true);

        public async Task<IReadOnlyList<ErpDocument>> CustomersAsync() =>
            [.. (await ListAsync("customer")).Select(row => new ErpDocument((string)row[Key]!, OurMark.Of((string?)row["Notes"]), null, null, true, (string)row["DisplayName"]!))];

        public async Task EndAccessTokensAsync()
        {
            using var ended = await Http.DeleteAsync(new Uri($"{control}/tokens"));
            ended.EnsureSuccessStatusCode();
        }

        // By whichever value the refresh token has by now.
        public async Task RevokeAsync()
        {
            made = JsonNode.Parse(await Http.GetStringAsync(control))!;
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(control, "/quickbooks/v2/oauth2/tokens/revoke")) { Content = JsonContent.Create(new { token = (string)made["refreshToken"]! }) };
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{made["clientId"]}:{made["clientSecret"]}")));
            using var revoked = await Http.SendAsync(request);
            revoked.EnsureSuccessStatusCode();
        }

        public Task ApproveAsync() => PutAsync(new { });

        public async Task TakeNumberAsync(string number) => await EnterAsync(OrderEntity, Stranger(await WalkInAsync(number), number, "Accepted"));

        public async Task TakeQuoteNumberAsync(string number) => await EnterAsync("estimate", Stranger(await WalkInAsync(number), number, "Pending"));

        public async Task TakeReferenceAsync(string reference) => await EnterAsync("payment", new() { ["CustomerRef"] = Ref(await WalkInAsync(reference)), ["TotalAmt"] = 1m, ["PaymentRefNum"] = reference });

        public Task TakeNameAsync(string name) => EnterAsync("customer", new() { ["DisplayName"] = name });

        public Task DoubleCustomerAsync(Guid recordId) => throw new NotSupportedException(QuickBooksConformance.NoTwins);

        public Task DoubleReceiptAsync(Guid recordId) => throw new NotSupportedException(QuickBooksConformance.NoTwins);

        public Task AddItemAsync(string sku) => PutAsync(new { items = new[] { new { sku, name = $"Item {sku}", price = 1m } } });

        public Task RenameItemAsync(string sku, string name) => PutAsync(new { items = new[] { new { sku, name } } });

        public async Task DeleteItemAsync(string sku)
        {
            using var answer = await Http.DeleteAsync($"{control}/item/{(await ListAsync("item")).First(row => (string?)row["Sku"] == sku)[Key]}");
            answer.EnsureSuccessStatusCode();
        }

        public async Task PutAsync(object settings)
        {
            using var answer = await Http.PutAsJsonAsync(control, settings);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            made = JsonNode.Parse(text)!;
        }

        private static JsonObject Ref(string id) => new() { ["value"] = id };

        private JsonObject Stranger(string customer, string number, string state)
        {
            var item = Ref("unset");
            var row = new JsonObject
            {
                ["CustomerRef"] = Ref(customer), ["DocNumber"] = number, ["GlobalTaxCalculation"] = "NotApplicable",
                ["Line"] = new JsonArray(new JsonObject { ["DetailType"] = "SalesItemLineDetail", ["Amount"] = 1m, ["SalesItemLineDetail"] = new JsonObject { ["ItemRef"] = item } }),
            };
            if (orders == OrderDocument.Estimate || state == "Pending")
                row["TxnStatus"] = state;
            return row;
        }

        private async Task<string> WalkInAsync(string mark) => (string)(await EnterAsync("customer", new() { ["DisplayName"] = $"Walk-in {mark}" }))["Customer"]![Key]!;

        private async Task<IReadOnlyList<ErpDocument>> RowsAsync(string entity, string number, Func<JsonNode, bool> wanted) =>
        [
            .. (await ListAsync(entity)).Where(wanted).Select(row =>
            {
                var (note, total) = ((string?)row["PrivateNote"], (decimal)row["TotalAmt"]!);
                var gone = (string?)row["TxnStatus"] == "Rejected" || (note?.StartsWith("Voided", StringComparison.Ordinal) == true && total == 0);
                return new ErpDocument((string)row[Key]!, OurMark.Of(note), (string?)row[number], total, !gone, OurMark.Without(note) ?? "", gone);
            }),
        ];

        public async Task<IReadOnlyList<JsonNode>> ListAsync(string entity) =>
            [.. JsonNode.Parse(await Http.GetStringAsync($"{control}/{entity}"))!.AsArray().Select(row => row!)];

        // A person at work in QuickBooks itself, past the line.
        public async Task<JsonNode> EnterAsync(string entity, JsonObject row)
        {
            if (row["Line"]?[0]?["SalesItemLineDetail"]?["ItemRef"] is { } item)
                item["value"] = (string)(await ListAsync("item"))[0][Key]!;
            using var answer = await Http.PostAsJsonAsync($"{control}/{entity}", row);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }
    }
}
