using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>
/// Brings orders and quotes to Tryton: as draft, compared, then quoted, confirmed and processed, with a look at the state after each. Later revisions change them while they
/// are quotations, a cancellation cancels them.
/// </summary>
internal sealed class SalesDocuments(SalesCalls tryton, PartyCalls parties, TrytonCatalogue catalogue)
{
    public async Task<Outcome> PushAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var (connection, settings) = (steps.Connection, steps.Connection.Settings<TrytonSettings>());
        var known = await catalogue.ReadAsync(steps, TrytonMapping.Skus(order.Body, settings), TrytonMapping.Rates(order.Body), order.Body.Currency, stop);
        if (TrytonMapping.WhyNot(kind, order, known, settings) is { } unmapped)
            return unmapped;
        if (await steps.ExternalIdAsync(order.Customer!.Id) is not { } customerId)
            return new Outcome.Later($"{order.Customer.Body.Name} is not in Tryton yet.");
        if (await parties.FindAsync(steps, customerId, stop) is not { } party)
            return new Outcome.Refused("customer.unknown", $"Tryton has no party {customerId} any more, which is {order.Customer.Body.Name}.", "Make it again there and enter its code as the customer's ERP number, then Retry.");
        var plan = TrytonMapping.ToSale(kind, order, party, known, connection);
        var (number, what) = (order.Info.Number!, $"{kind.Word} {order.Info.Number}");

        // Neither number nor reference is unique in Tryton, so that only we keep a second sale of a record from being there: we look before each create, and one writer holds the document.
        var (theirs, taken) = await LookAsync(kind, order, known.Company, settings.OwnNumbers ? number : null, steps, stop);
        if (theirs is null && taken)
            return new Outcome.Refused("erp.numberTaken", $"Tryton already has another sale {number}.", "Renumber that sale in Tryton, or give the number series another start; then Retry.");
        if (theirs is not null)
            steps.Saw(Shown.Of(theirs));
        if (theirs?.State == Sale.Cancelled)
            return new Outcome.Refused("erp.void", $"The {what} is cancelled in Tryton.", "It was cancelled there. Stop it here too, or capture it again under a new number.");

        // A draft gets what we would send today. What counts already is changed by a later revision only: whatever else differs was changed by somebody in Tryton.
        var changes = theirs is not null && (theirs.State == Sale.Draft || order.Info.Revision > 1) && !TrytonMoney.IsAsPlanned(plan, theirs);
        if (changes && theirs!.State is not (Sale.Draft or Sale.Quotation))
            return Processed(what, theirs, "changed");
        if ((theirs is null || theirs.State == Sale.Draft || changes) && TrytonMoney.WhyHold(order.Body, plan, settings) is { } held)
            return held;

        if (theirs is null)
            theirs = await tryton.ReadAsync(steps, await steps.OnceAsync("create", () => tryton.CreateAsync(steps, plan.Payload, what, stop)), what, stop);
        else
            await steps.FoundAsync("create", theirs.Id);
        if (changes)
            theirs = await ChangeAsync(theirs, plan, what, steps, stop);
        steps.Saw(Shown.Of(theirs));
        if (theirs.State == Sale.Draft && TrytonMoney.WhyNotSettle(order.Body, plan, theirs, settings) is { } different)
            return different;

        theirs = await SettleAsync(kind, theirs, what, steps, stop);
        if (WhyNotFinal(kind, theirs, what) is { } stuck)
            return stuck;
        var id = theirs.Id.ToString(CultureInfo.InvariantCulture);
        return TrytonMoney.Remark(order.Body, plan, theirs) is { } remark
            ? new Outcome.Done(id, theirs.Number, theirs.TotalAmount, "amountDiffers", remark)
            : new Outcome.Done(id, theirs.Number, theirs.TotalAmount);
    }

    /// <summary>Cancels ours, which Tryton allows until it is confirmed.</summary>
    public async Task<Outcome> CancelAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var what = $"{kind.Word} {order.Info.Number}";
        var (theirs, _) = await LookAsync(kind, order, await catalogue.CompanyAsync(steps, stop), null, steps, stop);
        if (theirs is null)
        {
            await steps.NotThereAsync("create");
            return Outcome.NeverWritten("Tryton");
        }

        await steps.FoundAsync("create", theirs.Id);
        steps.Saw(Shown.Of(theirs));
        if (theirs.State is not (Sale.Draft or Sale.Quotation or Sale.Cancelled))
            return Processed(what, theirs, "cancelled");
        if (theirs.State != Sale.Cancelled)
        {
            await steps.OnceAsync("cancel", () => tryton.PressAsync(steps, theirs.Id, "cancel", what, stop));
            theirs = await ReadAsync(theirs.Id, what, steps, stop);
        }

        return theirs.State == Sale.Cancelled
            ? Outcome.Cancelled("Tryton", theirs.Id.ToString(CultureInfo.InvariantCulture), theirs.Number, theirs.TotalAmount)
            : new Outcome.Refused("erp.notVoid", $"The {what} was to be cancelled in Tryton and is {theirs.State} there.", "Cancel it in Tryton by hand, then Retry.");
    }

    /// <summary>How Tryton shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        Shown.Of(await tryton.ReadAsync(steps, int.Parse(document.ExternalId, CultureInfo.InvariantCulture), $"sale {document.Number ?? document.ExternalId}", stop));

    /// <summary>All sales that carry the record's id and count, oldest first: nothing in Tryton keeps two from being there.</summary>
    public async Task<IReadOnlyList<Found>?> FindAllAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var all = await tryton.FindAsync(
            steps, await catalogue.CompanyAsync(steps, stop), OurMark.Mark(kind.Word, order.Info.RecordId), null, $"{kind.Word} {order.Info.Number}", stop);
        return [.. all.Where(sale => sale.State != Sale.Cancelled).Select(sale => new Found(sale.Id.ToString(CultureInfo.InvariantCulture), sale.Number))];
    }

    /// <summary>Cancels a double, where nobody has confirmed it yet.</summary>
    public async Task<bool> VoidAsync(Found twin, Steps steps, CancellationToken stop)
    {
        var (id, what) = (int.Parse(twin.ExternalId, CultureInfo.InvariantCulture), $"sale {twin.Number ?? twin.ExternalId}");
        if (await tryton.FindAsync(steps, id, what, stop) is not { State: Sale.Draft or Sale.Quotation })
            return false;
        await steps.OnceAsync($"cancel {id}", () => tryton.PressAsync(steps, id, "cancel", what, stop));
        return true;
    }

    private async Task<(Sale? Ours, bool Taken)> LookAsync(SalesKind kind, Order order, int company, string? number, Steps steps, CancellationToken stop)
    {
        var (settings, mark) = (steps.Connection.Settings<TrytonSettings>(), OurMark.Mark(kind.Word, order.Info.RecordId));
        var found = await tryton.FindAsync(steps, company, mark, number, $"{kind.Word} {order.Info.Number}", stop);
        var ours = found.Where(sale => OurMark.Of(sale, settings) == mark).ToList();
        // Of two the one that counts; the other is found by the second look.
        return (ours.Find(sale => sale.State != Sale.Cancelled) ?? ours.FirstOrDefault(), found.Any(sale => OurMark.Of(sale, settings) is var other && other != mark && !OurMark.IsOfAnotherKind(other, kind.Word)));
    }

    // Lines go only from a draft, so a quotation becomes one while its content changes; where Tryton says no to the new content it becomes a quotation again, with the old one.
    private async Task<Sale> ChangeAsync(Sale theirs, SalesPlan plan, string what, Steps steps, CancellationToken stop)
    {
        var content = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(plan.Payload, TrytonWire.Json)))[..12];
        var (reopened, id) = ($"{theirs.WriteDate:O}", theirs.Id);
        var wasQuotation = theirs.State == Sale.Quotation;
        if (wasQuotation)
            await steps.OnceAsync($"reopen what stood since {reopened}", () => tryton.PressAsync(steps, id, "draft", what, stop));
        try
        {
            await steps.OnceAsync($"change {content}", () => tryton.ChangeAsync(steps, theirs, plan.Payload, what, stop));
        }
        catch (OutcomeException no) when (wasQuotation && no.Outcome is Outcome.Refused)
        {
            await steps.OnceAsync($"quote again what stood since {reopened}", () => tryton.PressAsync(steps, id, "quote", what, stop));
            throw;
        }

        return await ReadAsync(id, what, steps, stop);
    }

    // Confirming answers well even where the processing that it sets off fails, so the state is what counts, and processing is asked for by name: then its trouble is told.
    private async Task<Sale> SettleAsync(SalesKind kind, Sale theirs, string what, Steps steps, CancellationToken stop)
    {
        if (theirs.State == Sale.Draft)
            theirs = await PressAsync(theirs, "quote");
        if (kind.Final == OrderState.Processing && theirs.State == Sale.Quotation)
            theirs = await PressAsync(theirs, "confirm");
        if (kind.Final == OrderState.Processing && theirs.State == Sale.Confirmed)
            theirs = await PressAsync(theirs, "process");
        return theirs;

        async Task<Sale> PressAsync(Sale sale, string button)
        {
            await steps.OnceAsync(button, () => tryton.PressAsync(steps, sale.Id, button, what, stop));
            return await ReadAsync(sale.Id, what, steps, stop);
        }
    }

    private async Task<Sale> ReadAsync(int id, string what, Steps steps, CancellationToken stop)
    {
        var theirs = await tryton.ReadAsync(steps, id, what, stop);
        steps.Saw(Shown.Of(theirs));
        return theirs;
    }

    private static Outcome.Refused? WhyNotFinal(SalesKind kind, Sale theirs, string what) => theirs.State switch
    {
        Sale.Processing or Sale.Done => null,
        Sale.Confirmed or Sale.Quotation when kind.Final == OrderState.Quotation => null,
        _ => new("erp.notConfirmed", $"Tryton took {what} but holds it as {theirs.State}.", "Bring it on in Tryton by hand, and see there what holds it up; then Retry."),
    };

    private static Outcome.Refused Processed(string what, Sale theirs, string wish) => new(
        "erp.processing", $"The {what} was to be {wish}, and Tryton has made its invoice and its shipment already: it is {theirs.State} there.",
        $"In Tryton, cancel the invoice and the shipment or correct them by hand; then Stop it here. Orders that stay quotations (OrderState) can be {wish} from here.");
}
