using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSync.Connectors.Tests.Recording.Strict;
using OrderSync.Money;
using Xunit.Abstractions;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The kit against the small ERP that lives in the tests: what is red here is wrong in the framework or in the kit.</summary>
[ProvesTheFramework]
[Without(Ability.Quotes, "The small ERP takes customers and orders.")]
[Without(Ability.Receipts, "The small ERP takes customers and orders.")]
public sealed class RecordingConformance(RecordingStage stage, ITestOutputHelper output) : ConnectorConformance(stage, output), IClassFixture<RecordingStage>;

/// <summary>The small ERP's side.</summary>
public sealed class RecordingStage() : ConformanceStage(new StrictSide());

internal sealed class StrictSide : IConformanceErp
{
    private readonly StrictErp erp = new();

    public ConnectorUnderTest Connector { get; } = ConnectorUnderTest.Of<StrictConnector>();

    public Uri Address => erp.Address;

    public IReadOnlyList<RoundingPolicy> Roundings { get; } = [new(RoundingLevel.Document, Tie.HalfUp), new(RoundingLevel.Line, Tie.HalfUp)];

    public RoundingPolicy Usual => Roundings[0];

    public Task StartAsync(TimeProvider clock) => erp.StartAsync(clock);

    public CallStep StepOf(string method, string path) => (method, path[(path.IndexOf('/', 1) + 1)..]) switch
    {
        (_, "token") => CallStep.Token,
        ("GET", _) => CallStep.Look,
        ("POST", "customers") => CallStep.CreateCustomer,
        ("POST", "orders") => CallStep.CreateOrder,
        ("POST", var confirm) when confirm.EndsWith("/confirm", StringComparison.Ordinal) => CallStep.Confirm,
        _ => CallStep.Change,
    };

    public (int Status, string Body) No(string words) => (422, StrictErp.No(422, words).Body.ToJsonString());

    public Task<IErpOrganisation> OrganisationAsync(Uri line, RoundingPolicy rounding)
    {
        var id = $"{Guid.NewGuid():N}";
        return Task.FromResult<IErpOrganisation>(new Organisation(new Uri(line, id), erp.Organisation(id, rounding.Level)));
    }

    public ValueTask DisposeAsync() => erp.DisposeAsync();

    private sealed class Organisation(Uri address, StrictErp.Books books) : IErpOrganisation
    {
        public string Id => address.AbsolutePath;

        public IReadOnlyList<string> Secrets
        {
            get
            {
                lock (books)
                    return [books.RefreshToken, .. books.Access.Keys];
            }
        }

        public JsonObject Settings(string onDifference = "hold", RoundingPolicy? says = null) => new()
        {
            ["organisation"] = address.ToString(),
            ["pullMinutes"] = 0,
            ["onDifference"] = onDifference,
            ["taxLevel"] = JsonNamingPolicy.CamelCase.ConvertName((says?.Level ?? books.Rounding).ToString()),
            ["refreshToken"] = books.RefreshToken,
        };

        public Task<IReadOnlyList<ErpDocument>> OrdersAsync() => Task.FromResult(Read(books.Orders, row => new(
            (string)row["id"]!, (Guid?)row["recordId"], (string)row["number"]!, (decimal)row["total"]!, (string)row["status"]! == "confirmed", (string?)row["notes"] ?? "", (string)row["status"]! == "void")));

        public Task<IReadOnlyList<ErpDocument>> CustomersAsync() =>
            Task.FromResult(Read([.. books.Customers.Where(row => (string?)row["status"] != "void")], row => new((string)row["id"]!, (Guid?)row["recordId"], null, null, true, (string)row["name"]!)));

        public Task<IReadOnlyList<ErpDocument>> QuotesAsync() => Task.FromResult<IReadOnlyList<ErpDocument>>([]);

        public Task<IReadOnlyList<ErpDocument>> ReceiptsAsync() => Task.FromResult<IReadOnlyList<ErpDocument>>([]);

        public Task EndAccessTokensAsync()
        {
            lock (books)
                books.Access.Clear();
            return Task.CompletedTask;
        }

        public Task RevokeAsync()
        {
            lock (books)
                books.RefreshToken = $"withdrawn-{Guid.NewGuid():N}";
            return EndAccessTokensAsync();
        }

        public Task ApproveAsync()
        {
            lock (books)
                books.RefreshToken = $"refresh-{Guid.NewGuid():N}";
            return Task.CompletedTask;
        }

        public Task TakeNumberAsync(string number)
        {
            lock (books)
                books.Orders.Add(new JsonObject { ["id"] = $"S{Guid.NewGuid():N}", ["number"] = number, ["status"] = "draft", ["total"] = 1m });
            return Task.CompletedTask;
        }

        public Task TakeQuoteNumberAsync(string number) => throw NotTaken();

        public Task TakeReferenceAsync(string reference) => throw NotTaken();

        public Task DoubleReceiptAsync(Guid recordId) => throw NotTaken();

        public Task TakeNameAsync(string name)
        {
            lock (books)
                books.Customers.Add(new JsonObject { ["id"] = $"S{Guid.NewGuid():N}", ["name"] = name });
            return Task.CompletedTask;
        }

        public Task DoubleCustomerAsync(Guid recordId)
        {
            lock (books)
            {
                var twin = (JsonObject)books.Customers.First(row => (Guid?)row["recordId"] == recordId).DeepClone();
                twin["id"] = $"T{Guid.NewGuid():N}";
                books.Customers.Add(twin);
            }

            return Task.CompletedTask;
        }

        public Task AddItemAsync(string sku)
        {
            lock (books)
                books.Items.Add(sku);
            return Task.CompletedTask;
        }

        public Task RenameItemAsync(string sku, string name)
        {
            lock (books)
                books.Names[sku] = (name, ++books.LastChange);
            return Task.CompletedTask;
        }

        public Task DeleteItemAsync(string sku)
        {
            lock (books)
            {
                books.Items.Remove(sku);
                books.Names.Remove(sku);
            }

            return Task.CompletedTask;
        }

        private static NotSupportedException NotTaken() => new("The small ERP takes customers and orders.");

        private IReadOnlyList<ErpDocument> Read(IReadOnlyList<JsonObject> rows, Func<JsonObject, ErpDocument> read)
        {
            lock (books)
                return rows.Select(read).ToList();
        }
    }
}
