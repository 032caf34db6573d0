using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>
/// Brings orders, quotes and finished sales to NetSuite: looked for, written under our key, read back and compared; orders that are to be approved are so only when equal. Later
/// revisions change them while nobody has gone on with them there, a cancellation closes them.
/// </summary>
internal sealed class SalesDocuments(SalesCalls netSuite, NetSuiteCatalogue catalogue)
{
    private const string Create = "create";

    public async Task<Outcome> PushAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var (connection, settings, what, name) = (steps.Connection, steps.Connection.Settings<NetSuiteSettings>(), What(kind, order), Name(kind, order));
        var known = await catalogue.ReadAsync(steps, NetSuiteMapping.Skus(order.Body, settings), stop);
        if (NetSuiteMapping.WhyNot(kind, order, known, connection) is { } unmapped)
            return unmapped;
        if ((order.Customer is { } customer ? await steps.ExternalIdAsync(customer.Id) : settings.CounterCustomerId) is not { } customerId)
            return new Outcome.Later($"{order.Customer!.Body.Name} is not in NetSuite yet.");
        var plan = NetSuiteMapping.ToDocument(kind, order, customerId, known, connection);

        // Under our key there is one record however often it is sent; but a repeat, or a first try that comes late, rewrites what people have gone on with meanwhile.
        var (theirs, stranger) = await LookAsync(kind, order, steps, stop);
        if (theirs is null && stranger)
            return new Outcome.Refused(
                "erp.numberTaken", $"NetSuite already has another {kind.Word} {order.Info.Number}.", "Give that one another number in NetSuite, or give the number series another start; then Retry.");
        if (theirs is not null && kind.IsVoid(theirs))
            return new Outcome.Refused("erp.void", $"{name} is closed in NetSuite.", "It was closed there. Stop it here too, or capture it again under a new number.");

        // What is not approved yet gets what we would send today; else only a later revision changes what stands there: whatever differs was changed by somebody in NetSuite.
        var changes = theirs is not null && (kind.IsDraft(theirs) || order.Info.Revision > 1) && !NetSuiteMoney.IsAsPlanned(plan, theirs);
        if (changes && !kind.CanChange(theirs!))
            return GoneOn(kind, order, theirs!, "changed");
        if ((theirs is null || changes) && NetSuiteMoney.WhyHold(order.Body, plan, settings) is { } held)
            return held;

        if (theirs is null)
            theirs = await ReadAsync(await steps.OnceAsync(Create, () => netSuite.CreateAsync(steps, kind, OurMark.Of(order.Info), plan.Payload, what, stop)));
        else
            await steps.FoundAsync(Create, theirs.Id);
        if (changes)
            theirs = await ReadAsync(await steps.OnceAsync($"change {Fingerprint(plan.Payload)}", () => netSuite.ChangeAsync(
                steps, kind, theirs.Id, NetSuiteMapping.ToChange(plan, theirs), what, stop)));
        if (NetSuiteMoney.WhyNotDone(name, order.Body, plan, theirs, settings) is { } different)
            return different;

        if (kind.IsDraft(theirs))
            theirs = await ReadAsync(await steps.OnceAsync("approve", () => netSuite.ApproveAsync(steps, kind, theirs.Id, what, stop)));
        if (!kind.IsFinal(theirs))
            return new Outcome.Refused("erp.notConfirmed", $"NetSuite took {what} but holds it as {State(theirs)}, not approved.", "Approve it in NetSuite, then Retry.");
        return NetSuiteMoney.Remark(order.Body, theirs) is { } remark
            ? new Outcome.Done(theirs.Id, theirs.TranId, theirs.Total, "amountDiffers", remark)
            : new Outcome.Done(theirs.Id, theirs.TranId, theirs.Total);

        async Task<SalesRecord> ReadAsync(string id)
        {
            var read = await netSuite.ReadAsync(steps, kind, id, what, stop);
            steps.Saw(Shown.Of(kind, read));
            return read;
        }
    }

    /// <summary>Closes ours: NetSuite keeps it with its number.</summary>
    public async Task<Outcome> CancelAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var what = What(kind, order);
        var (theirs, _) = await LookAsync(kind, order, steps, stop);
        if (theirs is null)
        {
            await steps.NotThereAsync(Create);
            return Outcome.NeverWritten("NetSuite");
        }

        await steps.FoundAsync(Create, theirs.Id);
        if (!kind.IsVoid(theirs))
        {
            if (!kind.CanChange(theirs))
                return GoneOn(kind, order, theirs, "cancelled");
            await steps.OnceAsync("close", () => netSuite.CloseAsync(steps, kind, theirs, what, stop));
            theirs = await netSuite.ReadAsync(steps, kind, theirs.Id, what, stop);
            steps.Saw(Shown.Of(kind, theirs));
        }

        return kind.IsVoid(theirs)
            ? Outcome.Cancelled("NetSuite", theirs.Id, theirs.TranId, theirs.Total)
            : new Outcome.Refused("erp.notVoid", $"{Name(kind, order)} was to be closed in NetSuite and is {State(theirs)} there.", "Close it in NetSuite by hand, then Retry.");
    }

    /// <summary>How NetSuite shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(SalesKind kind, WrittenDocument document, Steps steps, CancellationToken stop) => Shown.Of(
        kind, await netSuite.ReadAsync(steps, kind, document.ExternalId, $"{kind.Word} {document.Number ?? document.ExternalId}", stop));

    // Ours by its external id alone, or by the id it had where somebody took that off it; a stranger is another one with our number.
    private async Task<(SalesRecord? Ours, bool Stranger)> LookAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var (info, what, settings) = (order.Info, What(kind, order), steps.Connection.Settings<NetSuiteSettings>());
        var had = await steps.ExternalIdAsync(info.RecordId);
        var found = await netSuite.LookAsync(steps, kind, OurMark.Of(info), settings.OwnNumbers ? info.Number : null, what, stop);
        var id = found.FirstOrDefault(one => OurMark.Is(one.ExternalId, info))?.Id ?? had;
        var ours = id is { Length: > 0 } ? await netSuite.FindAsync(steps, kind, id, what, stop) : null;
        if (ours is not null)
            steps.Saw(Shown.Of(kind, ours));
        return (ours, found.Any(one => one.TranId == info.Number && !OurMark.Is(one.ExternalId, info)));
    }

    private static Outcome.Refused GoneOn(SalesKind kind, Order order, SalesRecord theirs, string wish) => new(
        "erp.goneOn", $"{Name(kind, order)} was to be {wish}, and somebody has gone on with it in NetSuite already: it is {State(theirs)} there.",
        "Correct it in NetSuite by hand; then Stop it here.");

    private static string State(SalesRecord theirs) => theirs.Status?.RefName ?? theirs.OrderStatus?.RefName ?? theirs.OrderStatus?.Id ?? "as it was";

    private static string What(SalesKind kind, Order order) => $"{kind.Word} {order.Info.Number}";

    private static string Name(SalesKind kind, Order order) => $"{char.ToUpperInvariant(kind.Word[0])}{kind.Word[1..]} {order.Info.Number}";

    private static string Fingerprint(NewSalesRecord document) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(document, NetSuiteWire.Json)))[..12];
}
