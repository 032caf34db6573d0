using System.Text.Json;
using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>
/// Pays a posted invoice by Tryton's own wizard, as a person does: so money and invoice are tied together at once. The entry that this makes carries our mark as one on account does, and is
/// found by it.
/// </summary>
internal sealed class InvoicePayments(TrytonClient tryton)
{
    private const string Wizard = "wizard.account.invoice.pay";

    private static readonly string[] Fields = ["number", "state", "party", "account", "amount_to_pay", "currency.code", "currency_digits"];

    /// <summary>The invoice that a receipt is for as a whole: posted, of who paid, and with at least so much to pay; null where there is none, or it is for several.</summary>
    public async Task<Invoice?> FindAsync(Receipt receipt, int party, int company, Steps steps, CancellationToken stop)
    {
        if (receipt.Body.Allocations is not [var whole] || whole.Amount != receipt.Body.Amount || await WhereAsync(whole, steps) is not { } where)
            return null;
        var found = await tryton.AskAsync<List<Invoice>>(steps, Rpc.Search(
            "account.invoice", "the invoice that was paid",
            [Is("company", company), Is("type", "out"), Is("state", "posted"), Is("party", party), where], Fields), stop);
        return found is [var invoice] && invoice.AmountToPay >= receipt.Body.Amount && invoice.Currency?.Code == receipt.Body.Currency ? invoice : null;
    }

    /// <summary>Pays so much of it.</summary>
    public async Task PayAsync(Invoice invoice, PaymentMethod method, NewMove money, decimal amount, string what, Steps steps, CancellationToken stop)
    {
        var on = new Dictionary<string, object?>(TrytonErrors.InEnglish) { ["active_model"] = "account.invoice", ["active_id"] = invoice.Id, ["active_ids"] = new[] { invoice.Id } };
        var wizard = (await tryton.AskAsync<JsonElement[]>(steps, new($"{Wizard}.create", what), stop))[0].GetInt32();
        await tryton.AskAsync<JsonElement>(steps, Shows(new Dictionary<string, object>(), "start"), stop);
        var start = new Dictionary<string, object?>
        {
            ["company"] = money.Company, ["currency"] = invoice.Currency!.Id, ["currency_digits"] = invoice.CurrencyDigits, ["invoice_account"] = invoice.Account,
            ["payment_method"] = method.Id, ["amount"] = amount, ["date"] = money.Date, ["description"] = money.Description,
        };
        var asked = await tryton.WriteAsync<Screen>(steps, Shows(new Dictionary<string, object> { ["start"] = start }, "choice"), stop);
        if (asked.View is { Defaults: var proposed })
        {
            // It asks what a part of the sum means; of the whole it asks nothing, unless somebody paid a part of it at this moment.
            if (amount == invoice.AmountToPay)
                throw new OutcomeException(new Outcome.Later($"Somebody else paid invoice {invoice.Number} at this moment; it is looked at again."));
            var part = proposed.Where(field => !field.Key.EndsWith('.')).ToDictionary(field => field.Key, field => (object?)field.Value);
            part["type"] = "partial";
            await tryton.WriteAsync<Screen>(steps, Shows(new Dictionary<string, object> { ["start"] = start, ["ask"] = part }, "pay"), stop);
        }

        await tryton.AskAsync<object?>(steps, new($"{Wizard}.delete", what, wizard), stop);

        Rpc Shows(Dictionary<string, object> entered, string state) => new($"{Wizard}.execute", what, wizard, entered, state) { Context = on };
    }

    // By the order's own sale, or by a number as people write it: of the invoice, or of its order.
    private static async Task<object[]?> WhereAsync(Contracts.Records.ReceiptAllocation paid, Steps steps)
    {
        if (paid.Order is { } order)
            return await steps.ExternalIdAsync(order) is { } sale && int.TryParse(sale, out var id) ? Is("sales", id) : null;
        return paid.Document is { Length: > 0 } number ? ["OR", Is("number", number), Is("sales.number", number)] : null;
    }

    private static object[] Is(string field, object value) => [field, "=", value];

    /// <summary>What the wizard shows next; nothing where it is at its end.</summary>
    private sealed record Screen(View? View);

    private sealed record View(Dictionary<string, JsonElement> Defaults);
}
