using System.Globalization;
using OrderSync.Framework;
using OrderSync.Framework.Mappings;

namespace OrderSync.Tryton;

/// <summary>
/// Brings receipts to Tryton as entries in the books. One that is for an invoice, which somebody has posted, pays it; any other stands on account of who paid: the money comes to the
/// account of the payment method and is owed no more by the customer, and whoever keeps the books ties it to invoices. Money that was received is written once and never changed from here.
/// </summary>
internal sealed class Receipts(MoveCalls tryton, InvoicePayments payments, PartyCalls parties, TrytonCatalogue catalogue)
{
    private const string Word = "receipt";

    public async Task<Outcome> PushAsync(Receipt receipt, Steps steps, CancellationToken stop)
    {
        var (reference, what) = (Reference(receipt), $"receipt {Reference(receipt)}");
        if (receipt.Customer is not { } customer)
            return new Outcome.Refused("receipt.noCustomer", $"The {what} names no customer.", "Choose who paid, then Retry.");
        if (await steps.ExternalIdAsync(customer.Id) is not { } customerId)
            return new Outcome.Later($"{customer.Body.Name} is not in Tryton yet.");

        // A reference is not unique in Tryton: whoever else used it, a second entry under it would be a double to people's eyes.
        var (company, mark) = (await catalogue.CompanyAsync(steps, stop), OurMark.Mark(Word, receipt.Info.RecordId));
        var same = await tryton.FindAsync(steps, company, mark, reference, what, stop);
        var theirs = same.FirstOrDefault(move => move.Description == mark);
        if (theirs is null && same.Count > 0)
            return new Outcome.Refused("erp.numberTaken", $"Tryton already has another entry with the reference {reference}.", "Change the description on that entry's line in Tryton, then Retry.");
        if (theirs is not null)
        {
            await steps.FoundAsync("create", theirs.Id);
        }
        else
        {
            var (money, no) = await MoneyAsync(receipt, customerId, company, steps, stop);
            if (money is null)
                return no!;
            theirs = await tryton.ReadAsync(steps, await steps.OnceAsync("create", () => WriteAsync(money, receipt, what, steps, stop)), what, stop);
        }

        steps.Saw(Shown.Of(theirs));
        if (theirs.Received is not { } received || received.Credit != receipt.Body.Amount || Id(received.Party!.Value) != customerId)
            return new Outcome.Refused(
                "erp.contentDiffers", $"Tryton holds {what} with {TrytonMoney.Plain(theirs.Received?.Credit ?? 0)}; received were {TrytonMoney.Plain(receipt.Body.Amount)} {receipt.Body.Currency} of {customer.Body.Name}.",
                "Correct the entry in Tryton by hand, then Retry.");
        if (theirs.State != Move.Posted)
        {
            await steps.OnceAsync("post", () => tryton.PostAsync(steps, theirs.Id, what, stop));
            theirs = await tryton.ReadAsync(steps, theirs.Id, what, stop);
            steps.Saw(Shown.Of(theirs));
        }

        if (theirs.State != Move.Posted)
            return new Outcome.Refused("erp.notPosted", $"Tryton took {what} but holds it as {theirs.State}.", "Post it in Tryton, then Retry.");
        return receipt.Body.Allocations is { Count: > 0 } && theirs.Origin is null
            ? new Outcome.Done(Id(theirs.Id), theirs.PostNumber ?? theirs.Number, receipt.Body.Amount, "receipt.onAccount", "It stands on account in Tryton; whoever keeps the books ties it to the invoices it is for.")
            : new Outcome.Done(Id(theirs.Id), theirs.PostNumber ?? theirs.Number, receipt.Body.Amount);
    }

    /// <summary>How Tryton shows it now.</summary>
    public async Task<ErpDocument?> ReadAsync(WrittenDocument document, Steps steps, CancellationToken stop) =>
        Shown.Of(await tryton.ReadAsync(steps, int.Parse(document.ExternalId, CultureInfo.InvariantCulture), $"receipt {document.Number ?? document.ExternalId}", stop));

    /// <summary>All entries that carry the receipt's record id, oldest first: nothing in Tryton keeps two from being there.</summary>
    public async Task<IReadOnlyList<Found>?> FindAllAsync(Receipt receipt, Steps steps, CancellationToken stop) =>
    [
        .. (await tryton.FindAsync(steps, await catalogue.CompanyAsync(steps, stop), OurMark.Mark(Word, receipt.Info.RecordId), null, $"receipt {Reference(receipt)}", stop))
            .Select(move => new Found(Id(move.Id), move.PostNumber ?? move.Number)),
    ];

    private async Task<int> WriteAsync(Money money, Receipt receipt, string what, Steps steps, CancellationToken stop)
    {
        if (money.Invoice is not { } invoice)
            return await tryton.CreateAsync(steps, money.Move, what, stop);
        await payments.PayAsync(invoice, money.Method, money.Move, receipt.Body.Amount, what, steps, stop);
        return (await tryton.FindAsync(steps, money.Move.Company, money.Move.Description, null, what, stop)) is [var made, ..]
            ? made.Id
            : throw new OutcomeException(new Outcome.Ambiguous($"Tryton paid invoice {invoice.Number} by {what} and does not show the entry yet."));
    }

    private async Task<(Money? Money, Outcome? No)> MoneyAsync(Receipt receipt, string customerId, int company, Steps steps, CancellationToken stop)
    {
        var (body, what, day) = (receipt.Body, $"receipt {Reference(receipt)}", receipt.Body.ReceivedOn ?? receipt.Info.Date);
        if (await tryton.CurrencyAsync(steps, company, stop) is { } currency && currency != body.Currency)
            return (null, new Outcome.Refused("receipt.currency", $"The company keeps its books in {currency}; the {what} is in {body.Currency}.", "Enter it in Tryton by hand, then Stop it here."));
        var methods = await tryton.MethodsAsync(steps, company, stop);
        var method = TrytonMappings.IdOf(steps.Connection, TrytonMappings.PaymentMode, body.Method) is { } mapped ? methods.Find(one => one.Id == mapped) : methods is [var only] ? only : null;
        if (method is null)
            return (null, new Outcome.Refused(
                "paymentMode.unmapped", $"The {what} was paid by {body.Method}, and nobody said which of Tryton's payment methods that is.", "Map it in Connections > Mappings, and it goes on by itself.",
                new Unmapped(TrytonMappings.PaymentMode, body.Method)));
        if (await tryton.PeriodAsync(steps, company, day, stop) is not { } period)
            return (null, new Outcome.Refused("receipt.period", $"The {what} is of {day:yyyy-MM-dd}, and Tryton has no open period for that day.", "Open the period in Tryton, or make the fiscal year; then Retry."));
        // A party that has no account of its own uses the company's.
        if (await parties.FindAsync(steps, customerId, stop) is not { } party || (party.AccountReceivable ?? await tryton.ReceivableAsync(steps, stop)) is not { } receivable)
            return (null, new Outcome.Refused(
                "receipt.noAccount", $"Who paid {what} has no account receivable in Tryton.", "Give the party one, or the company a default (Accounting > Configuration); then Retry."));
        var move = new NewMove(company, method.Journal, period, day, OurMark.Mark(Word, receipt.Info.RecordId), TrytonWire.Create<NewMoveLine>(
        [
            new(method.DebitAccount, body.Amount, 0, Reference(receipt)),
            new(receivable, 0, body.Amount, Reference(receipt)) { Party = party.Id },
        ]));
        var pays = steps.Connection.Settings<TrytonSettings>().PayInvoices;
        return (new Money(move, method, pays ? await payments.FindAsync(receipt, party.Id, company, steps, stop) : null), null);
    }

    // Our own number, by which people and searches find it; the record id where there is none.
    private static string Reference(Receipt receipt) => receipt.Info.Number is { Length: > 0 } number ? number : receipt.Info.RecordId.ToString("D");

    private static string Id(int id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is to be written: on account, or by the wizard where there is an invoice.</summary>
    private sealed record Money(NewMove Move, PaymentMethod Method, Invoice? Invoice);
}
