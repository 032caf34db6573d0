using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>Brings orders and quotes to Zoho: as draft, compared, then made to count; later revisions change them, a cancellation voids them.</summary>
internal sealed class SalesDocuments(SalesCalls zoho, ZohoCatalogue catalogue)
{
    private const string Draft = "draft";
    private const string Void = "void";

    public async Task<Outcome> PushAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var (connection, settings) = (steps.Connection, steps.Connection.Settings<ZohoSettings>());
        var known = await catalogue.ReadAsync(steps, ZohoMapping.Skus(order.Body, settings), ZohoMapping.Rates(order.Body), stop);
        if (ZohoMapping.WhyNot(kind, order, known, settings) is { } unmapped)
            return unmapped;
        if (await steps.ExternalIdAsync(order.Customer!.Id) is not { } customerId)
            return new Outcome.Later($"{order.Customer.Body.Name} is not in Zoho yet.");
        var plan = ZohoMapping.ToDocument(kind, order, customerId, known, connection);
        var number = order.Info.Number!;

        // Zoho has no idempotency header. Its numbers are unique, but not ours alone: the custom field says whose the document is.
        var theirs = await zoho.FindAsync(kind, steps, number, stop);
        if (theirs is not null && !OurMark.Carries(theirs.CustomFields, order.Info.RecordId, settings))
            return new Outcome.Refused(
                "erp.numberTaken", $"Zoho already has another {kind.Word} {number}.",
                $"Rename that {kind.Word} in Zoho, or give the number series another start; then Retry.");
        if (theirs is not null)
            steps.Saw(Shown.Of(kind, theirs, settings));
        if (theirs?.Status == Void)
            return new Outcome.Refused(
                "erp.void", $"{Name(kind, number)} is void in Zoho.", "It was voided there. Stop it here too, or capture it again under a new number.");
        // A draft from before the office changed a setting gets what we would send today; voiding it instead would use up its number. What counts
        // already is changed by a later revision only: whatever else differs was changed by somebody in Zoho.
        var changes = theirs is not null && (theirs.Status == Draft || order.Info.Revision > 1) && !ZohoMoney.IsAsPlanned(order.Body, plan, theirs);
        if ((theirs is null || theirs.Status == Draft || changes) && ZohoMoney.WhyHold(order.Body, plan, settings) is { } held)
            return held;

        if (theirs is null)
            theirs = await steps.OnceAsync("create", () => zoho.CreateAsync(kind, steps, number, plan.Payload, stop));
        else
            await steps.FoundAsync("create", theirs);
        if (changes)
            theirs = await steps.OnceAsync(
                $"change {Fingerprint(plan.Payload)}", () => zoho.ChangeAsync(kind, steps, theirs.Id, number, plan.Payload, stop));

        steps.Saw(Shown.Of(kind, theirs, settings));
        if (theirs.Status == Draft && ZohoMoney.WhyNotSettle(kind, order.Body, plan, theirs, settings) is { } different)
            return different;
        if (changes && ZohoMoney.Difference(order.Body, plan, theirs) is { } unchanged)
            return new Outcome.Refused("erp.contentDiffers", $"{unchanged} {Name(kind, number)} does not stand in Zoho as it was changed.", "Change it in Zoho by hand, then Retry.");
        if (theirs.Status == Draft)
        {
            await steps.OnceAsync("confirm", () => zoho.SettleAsync(kind, steps, theirs.Id, number, stop));
            theirs = await zoho.ReadAsync(kind, steps, theirs.Id, number, stop);
            steps.Saw(Shown.Of(kind, theirs, settings));
        }

        return theirs.Status switch
        {
            var status when !kind.Settled.Contains(status) => new Outcome.Refused(
                "erp.notConfirmed", $"Zoho took {kind.Word} {number} but holds it as {status}, not {kind.Settle}.", "Approve it in Zoho, then Retry."),
            _ when ZohoMoney.Remark(order.Body, plan, theirs) is { } remark => new Outcome.Done(theirs.Id, theirs.Number, theirs.Total, "amountDiffers", remark),
            _ => new Outcome.Done(theirs.Id, theirs.Number, theirs.Total),
        };
    }

    /// <summary>Voids ours. A void document keeps its number in Zoho for ever, so nothing can come in its place.</summary>
    public async Task<Outcome> CancelAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        if (order.Info.Number is not { Length: > 0 } number)
            return Outcome.NeverWritten("Zoho");
        var theirs = await zoho.FindAsync(kind, steps, number, stop);
        if (theirs is null || !OurMark.Carries(theirs.CustomFields, order.Info.RecordId, steps.Connection.Settings<ZohoSettings>()))
        {
            await steps.NotThereAsync("create");
            return Outcome.NeverWritten("Zoho");
        }

        await steps.FoundAsync("create", theirs);
        if (theirs.Status != Void)
        {
            await steps.OnceAsync("void", () => zoho.VoidAsync(kind, steps, theirs.Id, number, stop));
            theirs = await zoho.ReadAsync(kind, steps, theirs.Id, number, stop);
        }

        steps.Saw(Shown.Of(kind, theirs, steps.Connection.Settings<ZohoSettings>()));
        return theirs.Status == Void
            ? Outcome.Cancelled("Zoho", theirs.Id, theirs.Number, theirs.Total)
            : new Outcome.Refused("erp.notVoid", $"{Name(kind, number)} was to be void in Zoho and is {theirs.Status} there.", "Void it in Zoho by hand, then Retry.");
    }

    /// <summary>How Zoho shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(SalesKind kind, WrittenDocument document, Steps steps, CancellationToken stop) => Shown.Of(
        kind, await zoho.ReadAsync(kind, steps, document.ExternalId, document.Number ?? document.ExternalId, stop), steps.Connection.Settings<ZohoSettings>());

    private static string Name(SalesKind kind, string number) => $"{char.ToUpperInvariant(kind.Word[0])}{kind.Word[1..]} {number}";

    private static string Fingerprint(NewSalesDocument document) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(document, ZohoWire.Json)))[..12];
}
