using OrderSync.Contracts.Records;
using OrderSync.Framework;

namespace OrderSync.NetSuite;

/// <summary>
/// Brings receipts to NetSuite: as a deposit of the order they are for, as a payment of the invoices they name, else on account. Money that was received is written once and
/// never changed from here.
/// </summary>
internal sealed class Receipts(ReceiptCalls netSuite, Allocations allocations)
{
    public async Task<Outcome> PushAsync(Receipt receipt, Steps steps, CancellationToken stop)
    {
        var (connection, body, reference) = (steps.Connection, receipt.Body, Reference(receipt));
        var (settings, what) = (connection.Settings<NetSuiteSettings>(), $"receipt {reference}");
        if (receipt.Customer is not { } customer)
            return new Outcome.Refused("receipt.noCustomer", $"Receipt {reference} names no customer.", "Choose who paid, then Retry.");
        if (body.Currency != settings.BaseCurrency && connection.Mapped(NetSuiteMappings.Currency, body.Currency) is null)
            return new Outcome.Refused("receipt.currency", $"Receipt {reference} is in {body.Currency}, and nobody said which of NetSuite's currencies that is.",
                "Map it in Connections > Mappings, and it goes on by itself.", new(NetSuiteMappings.Currency, body.Currency));
        if (await steps.ExternalIdAsync(customer.Id) is not { } customerId)
            return new Outcome.Later($"{customer.Body.Name} is not in NetSuite yet.");

        // A reference may stand on several: whoever else used it, another one under it would be a double to people's eyes.
        var found = await netSuite.LookAsync(steps, OurMark.Of(receipt.Info), settings.OwnNumbers ? reference : null, what, stop);
        ReceiptKind kind;
        ReceiptRecord theirs;
        if (found.FirstOrDefault(one => OurMark.Is(one.ExternalId, receipt.Info)) is { } ours)
        {
            kind = ReceiptKind.All.First(one => one.Type == ours.Type);
            theirs = await netSuite.ReadAsync(steps, kind, ours.Id, what, stop);
            await steps.FoundAsync(kind.Step, theirs.Id);
        }
        else if (found.Any(one => one.TranId == reference))
        {
            return new Outcome.Refused("erp.numberTaken", $"NetSuite already has another deposit or payment with the number {reference}.", "Give that one another number in NetSuite, then Retry.");
        }
        else
        {
            var allocated = await allocations.FindAsync(receipt, customerId, steps, stop);
            kind = KindOf(allocated, settings, steps);
            var payload = ToReceipt(receipt, kind, allocated, customerId, connection);
            theirs = await netSuite.ReadAsync(
                steps, kind, await steps.OnceAsync(kind.Step, () => netSuite.CreateAsync(steps, kind, OurMark.Of(receipt.Info), payload, what, stop)), what, stop);
        }

        steps.Saw(Shown.Of(theirs));
        if (theirs.Payment != body.Amount || (theirs.Customer?.Id is { } payer && payer != customerId))
            return new Outcome.Refused(
                "erp.contentDiffers",
                $"NetSuite holds receipt {reference} with {NetSuiteMoney.Plain(theirs.Payment ?? 0)} of customer {theirs.Customer?.RefName ?? theirs.Customer?.Id}; received were {NetSuiteMoney.Plain(body.Amount)} {body.Currency} of {customer.Body.Name}.",
                "Correct it in NetSuite by hand, then Retry.");
        return Lost(kind, theirs, body) is > 0 and var lost
            ? new Outcome.Done(theirs.Id, theirs.TranId, theirs.Payment, "receipt.onAccount",
                $"{NetSuiteMoney.Plain(lost)} {body.Currency} of it stand on account in NetSuite, since what they were meant for takes no such amount. Apply them there once it does.")
            : new Outcome.Done(theirs.Id, theirs.TranId, theirs.Payment);
    }

    /// <summary>How NetSuite shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop)
    {
        var what = $"receipt {document.Number ?? document.ExternalId}";
        return await netSuite.LookAsync(steps, document.RecordId.ToString("D"), null, what, stop) is [var found, ..]
            ? Shown.Of(await netSuite.ReadAsync(steps, ReceiptKind.All.First(kind => kind.Type == found.Type), found.Id, what, stop))
            : throw new OutcomeException(new Outcome.Refused("erp.gone", $"NetSuite does not have {what} any more.", "It was deleted there."));
    }

    // What may have been sent as one kind is sent again as that one: under another it would be a second document.
    private static ReceiptKind KindOf(Allocated allocated, NetSuiteSettings settings, Steps steps) =>
        ReceiptKind.All.FirstOrDefault(kind => steps.MayHaveWritten(kind.Step)) ?? allocated switch
        {
            { Invoices.Count: > 0 } => ReceiptKind.Payment,
            { Orders.Count: 1 } => ReceiptKind.Deposit,
            _ => settings.OnAccount == OnAccount.Deposit ? ReceiptKind.Deposit : ReceiptKind.Payment,
        };

    // What of the money that was meant for something is not tied to it.
    private static decimal Lost(ReceiptKind kind, ReceiptRecord theirs, ReceiptBody body)
    {
        var meant = (body.Allocations ?? []).Sum(part => part.Amount);
        return kind == ReceiptKind.Deposit
            ? theirs.SalesOrder is null ? meant : 0
            : meant - (theirs.Apply?.Items ?? []).Where(row => row.Apply == true).Sum(row => row.Amount ?? 0);
    }

    // Our own number, by which people and searches find it; the record id where there is none.
    private static string Reference(Receipt receipt) => receipt.Info.Number is { Length: > 0 } number ? number : OurMark.Of(receipt.Info);

    private static NewReceipt ToReceipt(Receipt receipt, ReceiptKind kind, Allocated allocated, string customerId, Connection connection)
    {
        var (body, settings, deposit) = (receipt.Body, connection.Settings<NetSuiteSettings>(), kind == ReceiptKind.Deposit);
        var method = NetSuiteMappings.Mapped(connection, NetSuiteMappings.PaymentMethod, body.Method);
        var memo = Texts.Paragraphs(
        [
            $"Receipt {Reference(receipt)}",
            body.Reference,
            method is null ? $"Paid by: {body.Method}" : null,
            body.Notes,
            .. (body.CustomFields ?? new Dictionary<string, string>()).OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {field.Value}"),
        ]);
        return new NewReceipt
        {
            Customer = new(customerId),
            SalesOrder = deposit && allocated.Orders is [var order] ? new(order) : null,
            Payment = body.Amount,
            TranId = settings.OwnNumbers ? Reference(receipt) : null,
            TranDate = NetSuiteMapping.Day(body.ReceivedOn ?? receipt.Info.Date),
            Currency = NetSuiteMappings.Mapped(connection, NetSuiteMappings.Currency, body.Currency),
            PaymentOption = method,
            UndepFunds = settings.UndepositedFunds switch { UndepositedFunds.YesNo => true, UndepositedFunds.Reference => new Reference("T"), _ => null },
            Memo = Texts.Cut(memo, settings.MemoLength),
            AutoApply = deposit ? null : false,
            Apply = deposit || allocated.Invoices.Count == 0 ? null : new([.. allocated.Invoices.Select(one => new AppliedInvoice(new(one.Key), true, one.Value))]),
        };
    }
}
