using OrderSync.Email.Documents;

namespace OrderSync.Email.Rendering;

/// <summary>The named facts and total rows of a document, in the order in which HTML, text and PDF show them.</summary>
internal static class Facts
{
    /// <summary>What is known about it; what was not captured is left out.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Document document, Words words, Figures figures)
    {
        (string Name, string? Value)[] all =
        [
            (words.Of(document.Kind).Date, figures.Date(document.Date)),
            (words.Reference, document.Reference),
            (words.Revision, document.Revision > 1 ? figures.Quantity(document.Revision) : null),
            (words.CustomerReference, document.CustomerReference),
            (words.CustomerCode, document.CustomerCode),
            (words.CustomerTaxNumber, document.CustomerTaxNumber),
            (words.ValidUntil, document.ValidUntil is { } last ? figures.Date(last) : null),
            (words.Method, document.Payment is { } payment ? words.Methods.GetValueOrDefault(payment.Method, payment.Method) : null),
            (words.Method, string.Join("; ", document.PaidWith.Select(part => Paid(part, document, words, figures)))),
            (words.RequestedDate, document.RequestedDate is { } day ? figures.Date(day) : null),
            (words.PaymentTerms, document.PaymentTerms),
            (words.Rep, document.Rep),
        ];
        foreach (var (name, value) in all)
            if (!string.IsNullOrWhiteSpace(value))
                yield return (name, value);
    }

    private static string Paid(PaidWith part, Document document, Words words, Figures figures) =>
        $"{words.Methods.GetValueOrDefault(part.Method, part.Method)} {document.Currency}\u00a0{figures.Amount(part.Amount)}{(part.Until is { } last ? $" ({words.Until} {figures.Date(last)})" : "")}";

    /// <summary>The rows above the total.</summary>
    public static IEnumerable<(string Name, string Amount)> Totals(Document document, Words words, Figures figures)
    {
        foreach (var part in document.Payment?.Pays ?? [])
            yield return (part.Name, figures.Amount(part.Amount));
        if (document.Payment is { OnAccount: not 0 } payment)
            yield return (words.OnAccount, figures.Amount(payment.OnAccount));
        if (document.Totals is not { } totals)
            yield break;
        yield return (words.Subtotal, figures.Amount(totals.Subtotal));
        if (totals.Discount != 0)
            yield return (totals.DiscountPercent is { } percent ? $"{words.OrderDiscount} {figures.Percent(percent)}" : words.OrderDiscount, figures.Amount(-totals.Discount));
        if (totals.Shipping != 0)
            yield return (words.Shipping, figures.Amount(totals.Shipping));
        yield return (document.PricesIncludeTax ? words.TaxIncluded : words.Tax, figures.Amount(totals.Tax));
    }

    /// <summary>The last row: what is owed, or was paid.</summary>
    public static (string Name, string Amount) Total(Document document, Words words, Figures figures) =>
        (document.Payment is null ? words.Total : words.AmountReceived, $"{document.Currency}\u00a0{figures.Amount(Amount(document))}");

    /// <summary>What the document comes to.</summary>
    public static decimal Amount(Document document) => document.Totals?.Total ?? document.Payment?.Amount ?? 0;
}
