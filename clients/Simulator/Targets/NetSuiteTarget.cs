using System.Text.Json;
using System.Text.Json.Serialization;
using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Targets;

/// <summary>NetSuite as the sandbox plays it: tax by item, worked out there.</summary>
internal sealed class NetSuiteTarget(Uri sandbox, Patience patience) : IReplayTarget
{
    private const string Account = "1023469";
    private readonly Http _http = new(sandbox, TimeSpan.FromSeconds(60));

    public string Connector => "netsuite";

    public Tie Tie => Tie.HalfUp;

    public async Task<TargetOrganisation> SetUpAsync(Goods goods, CancellationToken stop)
    {
        var names = goods.Taxes.ToDictionary(tax => tax.Code, tax => tax.Name);
        var made = await AskAsync<Made>("account", HttpMethod.Put, "", new Dictionary<string, object>
        {
            ["companyName"] = "Replayed sales",
            ["currency"] = goods.Currency,
            ["taxLevel"] = goods.Level == RoundingLevel.Line ? "line" : "transaction",
            ["taxes"] = goods.Taxes.Select(tax => new { name = tax.Name, rate = tax.Rate }).ToList(),
            ["items"] = goods.Items.Select(item => new { sku = item.Sku, name = item.Name, price = item.Price, unit = item.Unit, tax = names[item.TaxCode] }).ToList(),
        }, stop);
        var key = await AskAsync<Certificate>("certificate", HttpMethod.Post, "/certificates", new { algorithm = "ES256" }, stop);
        return new TargetOrganisation($"account {Account} of the sandbox", new Dictionary<string, object>
        {
            ["url"] = new Uri(_http.Address, $"netsuite/{Account}").ToString(),
            ["accountId"] = Account,
            ["clientId"] = made.ClientId,
            ["certificateId"] = key.CertificateId,
            ["privateKey"] = key.PrivateKey,
            ["baseCurrency"] = goods.Currency,
            ["taxLevel"] = goods.Level == RoundingLevel.Line ? "line" : "document",
            // The stand-in is replayed to without limits.
            ["maxConcurrent"] = 12,
            ["callsPerMinute"] = 1_000_000,
            ["callsPerDay"] = 100_000_000,
        });
    }

    public async Task<IReadOnlyList<HeldOrder>> OrdersAsync(CancellationToken stop) =>
    [
        .. (await AskAsync<IReadOnlyList<Order>>("sales orders", HttpMethod.Get, "/records/salesOrder", null, stop)).Select(order => new HeldOrder(
            Guid.TryParse(order.ExternalId, out var id) ? id : null, order.Total, Void: order.Item.Items.All(line => line.IsClosed))),
    ];

    public void Dispose() => _http.Dispose();

    private Task<T> AskAsync<T>(string what, HttpMethod method, string path, object? body, CancellationToken stop) => patience.AskAsync(
        again => _http.AskAsync<T>($"sandbox, {what}", Http.Request(method, $"_control/netsuite/accounts/{Account}{path}", body: body), again), stop);

    private sealed record Made(string ClientId);

    private sealed record Certificate(string CertificateId, string PrivateKey);

    private sealed record Order(string? ExternalId, decimal Total, Lines Item);

    private sealed record Lines(IReadOnlyList<Line> Items);

    private sealed record Line(bool IsClosed);
}
