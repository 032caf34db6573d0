using System.Globalization;
using OrderSync.Gateway.Policies;
using OrderSync.Gateway.Sync;
using OrderSync.Money;

namespace OrderSync.Gateway.Credit;

/// <summary>
/// How much a customer may owe: the ERP's or the office's word on the balance, what was accepted since, and what the chunk itself has added. Only what is in the currency of the limit counts.
/// </summary>
internal static class CreditRule
{
    /// <summary>Judges a document that raises what its customer owes.</summary>
    /// <param name="judged">With its customer, currency and total.</param>
    /// <param name="known">What was looked up.</param>
    /// <param name="raises">By how much.</param>
    /// <param name="happened">Whether it can no longer be refused.</param>
    public static void Apply(Judged judged, Known known, decimal raises, bool happened = false)
    {
        if (Of(judged, known) is not { Limit: { } limit, Currency: { } currency } credit || raises <= 0 || credit.Open + raises <= limit)
            return;
        judged.Apply(known.Policy.ChoiceOf(Policy.CreditLimit), FaultOf(limit, credit.Open, raises, currency), happened);
    }

    /// <summary>What is said of a document that goes above the limit.</summary>
    public static Fault FaultOf(decimal limit, decimal open, decimal raises, string currency)
    {
        return new("order.creditLimit", "totals.total", new Dictionary<string, string>
        {
            ["limit"] = Sum(limit), ["balance"] = Sum(open), ["total"] = Sum(raises), ["open"] = Sum(open + raises), ["currency"] = currency,
        });

        string Sum(decimal amount) => amount.ToString($"F{Currencies.Decimals(currency) ?? 2}", CultureInfo.InvariantCulture);
    }

    /// <summary>What was accepted raises what is open for the rest of the chunk.</summary>
    public static void Note(Judged judged, Known known, decimal raises)
    {
        if (judged.State == "accepted" && Of(judged, known) is { } credit)
            known.Credit[judged.CustomerId!.Value] = credit with { Open = credit.Open + raises };
    }

    /// <summary>Tells the office of terms that are not the customer's: what was agreed on stays.</summary>
    public static void CompareTerms(Judged judged, Known known, string? terms)
    {
        if (judged.State == "accepted" && !string.IsNullOrWhiteSpace(terms) && judged.CustomerId is { } customer && known.Credit.GetValueOrDefault(customer)?.Terms is { } theirs && !string.IsNullOrWhiteSpace(theirs)
            && !string.Equals(terms.Trim(), theirs.Trim(), StringComparison.OrdinalIgnoreCase))
            judged.Apply(Choice.Warn, new Fault("order.paymentTerms", "paymentTerms", new Dictionary<string, string> { ["captured"] = terms.Trim(), ["terms"] = theirs.Trim() }));
    }

    // What was accepted before is in the sums already.
    private static KnownCredit? Of(Judged judged, Known known) =>
        judged.State != "refused" && judged.CustomerId is { } customer && known.Credit.TryGetValue(customer, out var credit) && credit.Limit is not null && credit.Currency == judged.Currency
            && !known.Counted.Contains(judged.Record.Id!.Value) ? credit : null;
}
