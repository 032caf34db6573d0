using OrderSync.Money;
using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Targets;

/// <summary>QuickBooks Online as the sandbox plays it; orders are accepted estimates there.</summary>
internal sealed class QuickBooksTarget(Uri sandbox, Patience patience) : IReplayTarget
{
    private const string Realm = "9130347596842384";
    private const string Mark = "OrderSync ";

    private readonly Http _http = new(sandbox, TimeSpan.FromSeconds(30));

    public string Connector => "quickbooks";

    public Tie Tie => Tie.HalfUp;

    public async Task<TargetOrganisation> SetUpAsync(Goods goods, CancellationToken stop)
    {
        var made = await AskAsync<Company>("company", HttpMethod.Put, "", new
        {
            companyName = "Replayed sales",
            homeCurrency = goods.Currency,
            taxLevel = goods.Level == RoundingLevel.Line ? "line" : "group",
            taxes = goods.Taxes.Select(tax => new { tax.Name, tax.Rate }),
            items = goods.Items.Select(item => new { item.Sku, item.Name, item.Price }),
        }, stop);
        return new TargetOrganisation($"company {Realm} of the sandbox's QuickBooks", new Dictionary<string, object>
        {
            ["url"] = new Uri(_http.Address, "quickbooks").ToString(),
            ["realmId"] = Realm,
            ["clientId"] = made.ClientId,
            ["clientSecret"] = made.ClientSecret,
            ["refreshToken"] = made.RefreshToken,
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
        .. (await AskAsync<IReadOnlyList<Estimate>>("estimates", HttpMethod.Get, "/estimate", null, stop)).Select(estimate => new HeldOrder(
            RecordId(estimate.PrivateNote), estimate.TotalAmt, Final: estimate.TxnStatus is "Accepted" or "Closed", Void: estimate.TxnStatus == "Rejected")),
    ];

    public void Dispose() => _http.Dispose();

    private Task<T> AskAsync<T>(string what, HttpMethod method, string path, object? body, CancellationToken stop) => patience.AskAsync(
        again => _http.AskAsync<T>($"sandbox, {what}", Http.Request(method, $"_control/quickbooks/companies/{Realm}{path}", body: body), again), stop);

    // The last line of the private note.
    private static Guid? RecordId(string? note) => note?.Split('\n')[^1] is { } last && last.StartsWith(Mark, StringComparison.Ordinal) && Guid.TryParse(last[Mark.Length..], out var id) ? id : null;

    private sealed record Company(string ClientId, string ClientSecret, string RefreshToken);

    private sealed record Estimate(string? PrivateNote, decimal TotalAmt, string? TxnStatus);
}
