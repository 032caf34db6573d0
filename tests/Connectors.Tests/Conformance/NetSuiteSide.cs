using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrderSync.ErpSandbox;
using OrderSync.Money;
using OrderSync.NetSuite;

namespace OrderSync.Connectors.Tests.Conformance;

/// <summary>The stand-in for NetSuite, and what its calls are for.</summary>
internal sealed class NetSuiteSide(OrderStatus status = OrderStatus.PendingApproval) : IConformanceErp
{
    private static readonly Lazy<(string Certificate, string PrivateKey)> Key = new(MakeKey);
    private static int accounts = 5_000_000;
    private WebApplication? sandbox;
    private IReadOnlyList<(string Kind, string Ours, string Theirs)> mapped = [];

    public ConnectorUnderTest Connector { get; } = ConnectorUnderTest.Of<NetSuiteConnector>();

    public Uri Address => new(sandbox!.Urls.First());

    public IReadOnlyList<RoundingPolicy> Roundings { get; } =
        [.. from level in new[] { RoundingLevel.Line, RoundingLevel.Document } from tie in new[] { Tie.HalfUp, Tie.HalfEven } select new RoundingPolicy(level, tie)];

    public RoundingPolicy Usual { get; } = new(RoundingLevel.Document, Tie.HalfUp);

    /// <summary>The tax codes by their rates.</summary>
    public IReadOnlyList<(string Kind, string Ours, string Theirs)> Mapped => mapped;

    public Task StartAsync(TimeProvider clock)
    {
        sandbox = SandboxApp.Create(
            ["--urls=http://127.0.0.1:0", "--Sandbox:Profile=unlimited", "--Logging:LogLevel:Default=Warning"], builder => builder.Services.AddSingleton(clock));
        return sandbox.StartAsync();
    }

    public CallStep StepOf(string method, string path)
    {
        var parts = path.Split('?')[0].Split('/');
        return (method, parts[^1], parts[^2]) switch
        {
            ("POST", "token", _) => CallStep.Token,
            ("GET", _, _) or ("POST", "suiteql", _) => CallStep.Look,
            ("PUT", _, "customer") => CallStep.CreateCustomer,
            ("PUT", _, "salesOrder") => CallStep.CreateOrder,
            ("PUT", _, "estimate") => CallStep.CreateQuote,
            ("PUT", _, "customerDeposit" or "customerPayment") => CallStep.CreateReceipt,
            _ => CallStep.Change,
        };
    }

    // What brings an order into its final state says nothing else.
    public CallStep StepOf(string method, string path, string body) =>
        StepOf(method, path) is CallStep.Change && body == """{"orderStatus":{"id":"B"}}""" ? CallStep.Confirm : StepOf(method, path);

    public (int Status, string Body) No(string words) => (400, JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["type"] = "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html", ["title"] = "Bad Request", ["status"] = 400,
        ["o:errorDetails"] = new[] { new Dictionary<string, string> { ["detail"] = $"Error while accessing a resource. {words}.", ["o:errorCode"] = "USER_ERROR" } },
    }));

    public async Task<IErpOrganisation> OrganisationAsync(Uri line, RoundingPolicy rounding) => await AccountAsync(line, rounding, TaxMethod.Off);

    /// <summary>An account whose nexus rounds tax by a method of its own.</summary>
    public async Task<NetSuiteSandboxAccount> AccountAsync(Uri line, RoundingPolicy rounding, TaxMethod method)
    {
        var id = $"{Interlocked.Increment(ref accounts)}";
        var account = new NetSuiteSandboxAccount(line, new Uri(Address, $"_control/netsuite/accounts/{id}"), id, rounding, status, method, Key.Value);
        var made = await account.PutAsync(new
        {
            currency = "EUR",
            lineTaxCodes = true,
            taxLevel = rounding.Level == RoundingLevel.Line ? "line" : "transaction",
            taxRounding = Camel(method),
            tie = Camel(rounding.Tie),
            taxes = new[] { new { name = "Zero", rate = 0m }, new { name = "Reduced", rate = 8m }, new { name = "Ten", rate = 10m }, new { name = "Standard", rate = 20m } },
            items = new[] { new { sku = "A", name = "Olive oil 5 l", price = 29.99m }, new { sku = "B", name = "Water", price = 1m }, new { sku = "C", name = "Bread", price = 3.35m } },
        });
        await account.ApproveAsync();
        // Each account that is set up alike gives the same ids.
        var rates = new Dictionary<string, string> { ["Zero"] = "0", ["Reduced"] = "8", ["Ten"] = "10", ["Standard"] = "20" };
        mapped = [.. made["lists"]!["salesTaxItem"]!.AsArray().Select(tax => (NetSuiteMappings.Tax, rates[(string)tax!["name"]!], (string)tax["id"]!))];
        account.TaxTypeId = (string)made["lists"]!["taxType"]![0]!["id"]!;
        return account;
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null)
            await sandbox.DisposeAsync();
    }

    internal static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    // One for all accounts of the tests: it is NetSuite that keeps them apart.
    private static (string, string) MakeKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=OrderSync", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
