using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Targets;

/// <summary>Zoho Inventory as the sandbox plays it.</summary>
internal sealed class ZohoTarget : IReplayTarget
{
    private readonly Http _http;
    private readonly SandboxControl _sandbox;

    public ZohoTarget(Uri sandbox, Patience patience)
    {
        _http = new Http(sandbox, TimeSpan.FromSeconds(30));
        _sandbox = new SandboxControl(_http, patience);
    }

    public string Connector => "zoho";

    public Tie Tie => Tie.HalfUp;

    public async Task<TargetOrganisation> SetUpAsync(Goods goods, CancellationToken stop)
    {
        var organisation = await _sandbox.SetUpAsync(goods.Currency, goods.Level, goods.Taxes, goods.Items, stop);
        var zoho = new Uri(_http.Address, "zoho").ToString();
        return new TargetOrganisation($"organisation {organisation.Id} of the sandbox", new Dictionary<string, object>
        {
            ["accountsUrl"] = zoho,
            ["apiUrl"] = zoho,
            ["organizationId"] = organisation.Id,
            ["clientId"] = organisation.ClientId,
            ["clientSecret"] = organisation.ClientSecret,
            ["refreshToken"] = organisation.RefreshToken,
            ["taxLevel"] = goods.Level == RoundingLevel.Line ? "line" : "document",
            ["tie"] = "halfUp",
            // The stand-in is replayed to without limits.
            ["maxConcurrent"] = 12,
            ["callsPerMinute"] = 1_000_000,
            ["callsPerDay"] = 100_000_000,
        });
    }

    public async Task<IReadOnlyList<HeldOrder>> OrdersAsync(CancellationToken stop) =>
    [
        .. (await _sandbox.OrdersAsync(stop)).Select(order => new HeldOrder(
            Guid.TryParse(order.OrderSyncId, out var id) ? id : null, order.Total, Final: order.Status != "draft", Void: order.Status == "void")),
    ];

    public void Dispose() => _http.Dispose();
}
