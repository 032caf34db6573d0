using OrderSync.Console.Gateway;

namespace OrderSync.Console.Orders;

/// <summary>What a destination has of a record; Away = its connector does not answer just now.</summary>
public sealed record ErpSide(Delivery Delivery, ShownDocument? Document, bool Away)
{
    /// <summary>The destination's own page.</summary>
    public Uri? Link => Document?.Shown?.Link;
}

/// <summary>All that the page of one record shows, from the gateway in three rounds at most; nobody is asked who is outside.</summary>
public sealed record RecordView(RecordDetail Record, CapturedDocument? Captured, IReadOnlyList<ErpSide> Erps, CallList Calls, Delivery? Mail, bool HasPdf)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What people call it; of a refused record the gateway has noted nothing, so its own words count.</summary>
    public string Name => Record.Number ?? Record.Reference ?? Captured?.Facts.FirstOrDefault(fact => fact.Name == "Device reference")?.Value ?? Record.Name;

    /// <summary>What it comes to.</summary>
    public decimal? Total => Record.Total ?? Captured?.Total;

    /// <summary>In which currency.</summary>
    public string? Currency => Record.Currency ?? Captured?.Currency;

    /// <summary>The deliveries that count: those of a revision that was replaced are history.</summary>
    public IEnumerable<Delivery> Deliveries => Record.Deliveries.Where(delivery => delivery.State != "superseded");

    /// <summary>What else there is of a record: a change in it is worth drawing the page again.</summary>
    public IEnumerable<string> Stamp => Record.Deliveries.Select(one => $"{one.Connection}{one.Rev}{one.State}{one.Code}{one.Attempts}").Prepend($"{Record.State}{Record.Rev}{Record.Number}{Calls.Calls.Count}")
        .Concat(Erps.Select(one => $"{one.Document?.ReadAt}{one.Away}"));

    /// <summary>Whether it may still change while somebody looks: what stands for a reason goes on once that is mended, wherever somebody mends it.</summary>
    public bool Moves => Record.State is "waiting" or "held" || Deliveries.Any(delivery => delivery.State is not ("done" or "stopped"));

    internal static async Task<RecordView> ReadAsync(GatewayClient gateway, Guid id, CancellationToken stop)
    {
        var calls = OrNoneAsync(wait => gateway.GetAsync<CallList>($"/v1/office/records/{id}/calls", wait), stop);
        var record = await gateway.GetAsync<RecordDetail>($"/v1/office/records/{id}", stop);
        var erps = await Task.WhenAll(record.Deliveries.Where(delivery => !delivery.IsMail && delivery.State != "superseded").Select(delivery => ErpAsync(gateway, id, delivery, stop)));
        var mail = record.Deliveries.Where(delivery => delivery.IsMail).MaxBy(delivery => delivery.Rev);
        var kept = mail is { Attempts: > 0 } or { State: "done" };
        return new(record, CapturedDocument.Read(record.Captured, record.Lines), erps, (await calls).Answer ?? new([], ["the connectors"]), mail, kept);
    }

    private static async Task<ErpSide> ErpAsync(GatewayClient gateway, Guid id, Delivery delivery, CancellationToken stop)
    {
        var (found, away) = await OrNoneAsync(wait => gateway.GetAsync<DocumentList>($"/v1/office/connections/{Uri.EscapeDataString(delivery.Connection)}/manage/documents/{id}", wait), stop);
        return new(delivery, found?.Documents.OrderByDescending(document => document.Shown is not null).FirstOrDefault(), away);
    }

    // A connector that hangs does not hang the page; one that is not there is named.
    private static async Task<(T? Answer, bool Away)> OrNoneAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken stop) where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            return (await ask(patience.Token), false);
        }
        catch (Exception trouble) when (trouble is GatewayAway or GatewayProblem || (trouble is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return (null, true);
        }
    }
}
