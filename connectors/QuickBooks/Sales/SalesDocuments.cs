using System.Security.Cryptography;
using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>
/// Brings orders, quotes and sales to QuickBooks: looked for, written under a key of ours, compared; later revisions change them, a cancellation makes them void.
/// QuickBooks has no drafts: what is wrong is found before it is sent, or stands there and is shown.
/// </summary>
internal sealed class SalesDocuments(SalesCalls quickBooks, QuickBooksCatalogue catalogue)
{
    private const string Create = "create";
    private const string Void = "void";

    public async Task<Outcome> PushAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var (connection, settings) = (steps.Connection, steps.Connection.Settings<QuickBooksSettings>());
        var known = await catalogue.ReadAsync(steps, QuickBooksMapping.Skus(order.Body, settings), QuickBooksMapping.Rates(order.Body), stop);
        if (QuickBooksMapping.WhyNot(kind, order, known, settings) is { } unmapped)
            return unmapped;
        if (await CustomerIdAsync(order, steps) is not { } customerId)
            return new Outcome.Later($"{order.Customer!.Body.Name} is not in QuickBooks yet.");
        var plan = QuickBooksMapping.ToDocument(kind, order, customerId, known, connection);
        var name = Name(kind, order);

        var (theirs, stranger) = await LookAsync(kind, order, customerId, known.Preferences, steps, stop);
        if (stranger)
            return NumberTaken(order);
        if (theirs is not null)
            steps.Saw(Shown.Of(kind, theirs, settings));
        if (theirs is not null && kind.IsVoid(theirs))
            return new Outcome.Refused("erp.void", $"{name} is void in QuickBooks.", "It was made void there. Stop it here too, or capture it again under a new number.");

        if (theirs is null && QuickBooksMoney.WhyHold(order.Body, plan, settings) is { } held)
            return held;
        if (theirs is null)
            theirs = await steps.OnceAsync(Create, () => CreateAsync(kind, order, customerId, plan, known.Preferences, steps, stop));
        else
            await steps.FoundAsync(Create, theirs);

        // Only a later revision changes what stands there: whatever else differs was changed by somebody in QuickBooks.
        if (order.Info.Revision > 1 && !QuickBooksMoney.IsAsPlanned(order.Body, plan, theirs))
        {
            if (theirs.TxnStatus is "Closed" or "Converted")
                return new Outcome.Refused("erp.invoiced", $"{name} was changed, and there is an invoice of it in QuickBooks already.", "Change the invoice in QuickBooks by hand, then Stop the change here.");
            if (QuickBooksMoney.WhyHold(order.Body, plan, settings) is { } heldBack)
                return heldBack;
            var change = plan.Payload with { Id = theirs.Id, SyncToken = theirs.SyncToken, Sparse = true, TxnStatus = null };
            var step = $"change {Fingerprint(plan.Payload)}";
            theirs = await steps.OnceAsync(step, () => quickBooks.ChangeAsync(kind, steps, steps.KeyOf(step), change, What(kind, order), stop));
        }

        steps.Saw(Shown.Of(kind, theirs, settings));
        return QuickBooksMoney.WhyNotDone(name, order.Body, plan, theirs, settings) is { } different ? different
            : QuickBooksMoney.Remark(order.Body, theirs) is { } remark ? new Outcome.Done(theirs.Id, theirs.DocNumber, theirs.TotalAmt, "amountDiffers", remark)
            : new Outcome.Done(theirs.Id, theirs.DocNumber, theirs.TotalAmt);
    }

    /// <summary>Makes ours void: an invoice is voided, an estimate rejected. Its number stays taken.</summary>
    public async Task<Outcome> CancelAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var preferences = await catalogue.PreferencesAsync(steps, stop);
        var customerId = await CustomerIdAsync(order, steps);
        var (theirs, _) = await LookAsync(kind, order, customerId, preferences, steps, stop);
        if (theirs is null && steps.MayHaveWritten(Create))
        {
            // A create without an answer can still take effect. Sent again under its key it is there once, whichever of the two comes first, and can be made void.
            if (await PushAsync(kind, order, steps, stop) is var written and not Outcome.Done)
                return written;
            (theirs, _) = await LookAsync(kind, order, customerId, preferences, steps, stop);
        }

        if (theirs is null)
        {
            await steps.NotThereAsync(Create);
            return Outcome.NeverWritten("QuickBooks");
        }

        await steps.FoundAsync(Create, theirs);
        if (!kind.IsVoid(theirs))
        {
            if (theirs.TxnStatus is "Closed" or "Converted")
                return new Outcome.Refused("erp.invoiced", $"{Name(kind, order)} was cancelled, and there is an invoice of it in QuickBooks already.", "Void the invoice in QuickBooks by hand, then Stop the order here.");
            await steps.OnceAsync(Void, () => quickBooks.VoidAsync(kind, steps, steps.KeyOf(Void), theirs, What(kind, order), stop));
            theirs = await quickBooks.FindAsync(kind, steps, theirs.Id, What(kind, order), stop) ?? theirs;
        }

        steps.Saw(Shown.Of(kind, theirs, steps.Connection.Settings<QuickBooksSettings>()));
        return kind.IsVoid(theirs)
            ? Outcome.Cancelled("QuickBooks", theirs.Id, theirs.DocNumber, theirs.TotalAmt)
            : new Outcome.Refused("erp.notVoid", $"{Name(kind, order)} was to be void in QuickBooks and is not.", "Make it void in QuickBooks by hand, then Retry.");
    }

    /// <summary>How QuickBooks shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(SalesKind kind, WrittenDocument document, Steps steps, CancellationToken stop) =>
        await quickBooks.FindAsync(kind, steps, document.ExternalId, $"{kind.Word} {document.Number ?? document.ExternalId}", stop) is { } theirs
            ? Shown.Of(kind, theirs, steps.Connection.Settings<QuickBooksSettings>())
            : throw new OutcomeException(new Outcome.Refused("erp.gone", $"QuickBooks has no document {document.Number ?? document.ExternalId} any more.", "It was deleted there."));

    /// <summary>QuickBooks' id of its customer, or of the one that stands for sales over the counter.</summary>
    public static async Task<string?> CustomerIdAsync(Order order, Steps steps) =>
        order.Customer is { } customer ? await steps.ExternalIdAsync(customer.Id) : steps.Connection.Settings<QuickBooksSettings>().CounterCustomer;

    /// <summary>Ours of a kind, as it stands there and counts; null where there is none.</summary>
    public async Task<SalesDocument?> StandsAsync(SalesKind kind, Order order, Steps steps, CancellationToken stop)
    {
        var found = (await LookAsync(kind, order, await CustomerIdAsync(order, steps), await catalogue.PreferencesAsync(steps, stop), steps, stop)).Ours;
        return found is not null && OurMark.Carries(found.PrivateNote, order.Info.RecordId) && !kind.IsVoid(found) ? found : null;
    }

    private async Task<SalesDocument> CreateAsync(SalesKind kind, Order order, string customerId, SalesPlan plan, Preferences preferences, Steps steps, CancellationToken stop)
    {
        if (await quickBooks.CreateAsync(kind, steps, steps.KeyOf(Create), plan.Payload, What(kind, order), stop) is { } created)
            return created;
        // It knows the key or the number and does not say from where: what was written before us is looked for.
        var (ours, stranger) = await LookAsync(kind, order, customerId, preferences, steps, stop);
        return ours ?? throw new OutcomeException(stranger ? NumberTaken(order) : new Outcome.Refused(
            "erp.keyTaken", $"QuickBooks says that it was sent {What(kind, order)} before, and does not show it.", "Look for it in QuickBooks; if it is not there, Retry."));
    }

    private static Outcome.Refused NumberTaken(Order order) => new(
        "erp.numberTaken", $"QuickBooks already has another document {order.Info.Number}.", "Give that document another number in QuickBooks, or give the number series another start; then Retry.");

    // By number where the company takes ours, else by customer and day; and by the id it had, since people change numbers. It is ours by our record id alone.
    private async Task<(SalesDocument? Ours, bool Stranger)> LookAsync(SalesKind kind, Order order, string? customerId, Preferences preferences, Steps steps, CancellationToken stop)
    {
        var (info, what) = (order.Info, What(kind, order));
        var found = preferences.OwnNumbers && info.Number is { Length: > 0 } number ? await quickBooks.FindByNumberAsync(kind, steps, number, stop)
            : customerId is not null ? await quickBooks.FindByDayAsync(kind, steps, customerId, info.Date, what, stop)
            : [];
        // A void document may have lost its note with our mark.
        var ours = found.FirstOrDefault(one => OurMark.Carries(one.PrivateNote, info.RecordId))
            ?? found.FirstOrDefault(one => kind.IsVoid(one) && OurMark.Of(one.PrivateNote) is null && preferences.OwnNumbers && steps.MayHaveWritten(Void));
        if (ours is null && await steps.ExternalIdAsync(info.RecordId) is { Length: > 0 } id && found.All(one => one.Id != id))
            ours = await quickBooks.FindAsync(kind, steps, id, what, stop);
        return (ours, ours is null && found.Count > 0 && preferences.OwnNumbers);
    }

    private static string What(SalesKind kind, Order order) => $"{kind.Word} {order.Info.Number}";

    private static string Name(SalesKind kind, Order order) => $"{char.ToUpperInvariant(kind.Word[0])}{kind.Word[1..]} {order.Info.Number}";

    private static string Fingerprint(NewSalesDocument document) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(document, QuickBooksWire.Json)))[..12];
}
