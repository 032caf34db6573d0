using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.Zoho;

/// <summary>
/// Brings receipts to Zoho as customer payments: for the invoices of the orders they pay, and what no invoice takes on account. Money that was
/// received is written once and never changed from here.
/// </summary>
internal sealed class Receipts(PaymentCalls zoho, Allocations allocations, ContactCalls contacts)
{
    private const int DescriptionLength = 2000;

    public async Task<Outcome> PushAsync(Receipt receipt, Steps steps, CancellationToken stop)
    {
        var (connection, body) = (steps.Connection, receipt.Body);
        if (receipt.Customer is not { } customer)
            return new Outcome.Refused("receipt.noCustomer", $"Receipt {Reference(receipt)} names no customer.", "Choose who paid, then Retry.");
        if (await steps.ExternalIdAsync(customer.Id) is not { } customerId)
            return new Outcome.Later($"{customer.Body.Name} is not in Zoho yet.");

        // A reference is not unique in Zoho: whoever else used it, a second payment under it would be a double to people's eyes.
        var reference = Reference(receipt);
        var same = await zoho.FindAsync(steps, reference, stop);
        var theirs = same.FirstOrDefault(payment => OurMark.Carries(payment.CustomFields, receipt.Info.RecordId, connection.Settings<ZohoSettings>()));
        if (theirs is null && same.Count > 0)
            return new Outcome.Refused(
                "erp.numberTaken", $"Zoho already has another payment with the reference {reference}.", "Change the reference of that payment in Zoho, then Retry.");

        if (theirs is not null)
        {
            await steps.FoundAsync("create", theirs);
        }
        else
        {
            if ((await contacts.FindAsync(steps, customerId, stop))?.CurrencyCode is { Length: > 0 } currency && currency != body.Currency)
                return new Outcome.Refused(
                    "receipt.currency", $"Zoho keeps {customer.Body.Name} in {currency}; the receipt is in {body.Currency}.", "Enter the payment in Zoho by hand, then Stop it here.");
            var (parts, waits) = await allocations.FindAsync(receipt, customerId, steps, stop);
            if (waits is not null)
                return waits;
            theirs = await steps.OnceAsync("create", () => zoho.CreateAsync(steps, ToPayment(receipt, customerId, parts, connection), stop));
        }

        steps.Saw(Shown.Of(theirs, connection.Settings<ZohoSettings>()));
        if (theirs.Amount != body.Amount || (theirs.CustomerId is { } payer && payer != customerId))
            return new Outcome.Refused(
                "erp.contentDiffers",
                $"Zoho holds receipt {reference} with {ZohoMoney.Plain(theirs.Amount)} of customer {theirs.CustomerId}; received were {ZohoMoney.Plain(body.Amount)} {body.Currency} of customer {customerId}.",
                "Correct the payment in Zoho by hand, then Retry.");
        var open = (body.Allocations ?? []).Sum(part => part.Amount) - theirs.Applied;
        return open > 0
            ? new Outcome.Done(theirs.PaymentId, theirs.PaymentNumber, theirs.Amount, "receipt.onAccount",
                $"{ZohoMoney.Plain(open)} {body.Currency} of it stand on account in Zoho, since what they were meant for has no open invoice of that amount. Apply them there once it has.")
            : new Outcome.Done(theirs.PaymentId, theirs.PaymentNumber, theirs.Amount);
    }

    /// <summary>All payments that carry the receipt's record id, oldest first: nothing in Zoho keeps two from being there.</summary>
    public async Task<IReadOnlyList<Found>?> FindAllAsync(Receipt receipt, Steps steps, CancellationToken stop) =>
    [
        .. (await zoho.FindAsync(steps, Reference(receipt), stop))
            .Where(payment => OurMark.Carries(payment.CustomFields, receipt.Info.RecordId, steps.Connection.Settings<ZohoSettings>()))
            .OrderBy(payment => payment.PaymentId.Length).ThenBy(payment => payment.PaymentId, StringComparer.Ordinal)
            .Select(payment => new Found(payment.PaymentId, payment.PaymentNumber)),
    ];

    /// <summary>How Zoho shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        Shown.Of(await zoho.ReadAsync(steps, document.ExternalId, document.Number ?? document.ExternalId, stop), steps.Connection.Settings<ZohoSettings>());

    // Our own number, by which people and searches find it; the record id where there is none.
    private static string Reference(Receipt receipt) => receipt.Info.Number is { Length: > 0 } number ? number : receipt.Info.RecordId.ToString("D");

    private static NewPayment ToPayment(Receipt receipt, string customerId, IReadOnlyList<AppliedPart> parts, Connection connection) => new(
        customerId, ZohoMappings.ModeOf(connection, receipt.Body.Method), receipt.Body.Amount, receipt.Body.ReceivedOn ?? receipt.Info.Date, Reference(receipt),
        Texts.Cut(Texts.Paragraphs([receipt.Body.Reference, receipt.Body.Notes, .. (receipt.Body.CustomFields ?? new Dictionary<string, string>())
            .OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {field.Value}")]), DescriptionLength),
        connection.Mapped(ZohoMappings.Location, receipt.Info.Branch), parts, [OurMark.For(receipt.Info, connection.Settings<ZohoSettings>())]);
}
