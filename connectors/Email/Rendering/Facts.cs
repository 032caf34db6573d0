namespace OrderSync.Email.Rendering;

/// <summary>The named facts and total rows of an order, in the order in which HTML, text and PDF show them.</summary>
internal static class Facts
{
    /// <summary>What is known about the order; what was not captured is left out.</summary>
    public static IEnumerable<(string Name, string Value)> Of(OrderDocument order, Words words, Figures figures)
    {
        (string Name, string? Value)[] all =
        [
            (words.OrderDate, figures.Date(order.Date)),
            (words.Reference, order.Reference),
            (words.Revision, order.Revision > 1 ? figures.Quantity(order.Revision) : null),
            (words.CustomerReference, order.CustomerReference),
            (words.CustomerCode, order.CustomerCode),
            (words.CustomerTaxNumber, order.CustomerTaxNumber),
            (words.RequestedDate, order.RequestedDate is { } day ? figures.Date(day) : null),
            (words.PaymentTerms, order.PaymentTerms),
            (words.Rep, order.Rep),
        ];
        foreach (var (name, value) in all)
            if (!string.IsNullOrWhiteSpace(value))
                yield return (name, value);
    }

    /// <summary>The rows above the total.</summary>
    public static IEnumerable<(string Name, string Amount)> Totals(OrderDocument order, Words words, Figures figures)
    {
        var totals = order.Totals;
        yield return (words.Subtotal, figures.Amount(totals.Subtotal));
        if (totals.Discount != 0)
            yield return (totals.DiscountPercent is { } percent ? $"{words.OrderDiscount} {figures.Percent(percent)}" : words.OrderDiscount, figures.Amount(-totals.Discount));
        if (totals.Shipping != 0)
            yield return (words.Shipping, figures.Amount(totals.Shipping));
        yield return (order.PricesIncludeTax ? words.TaxIncluded : words.Tax, figures.Amount(totals.Tax));
    }
}
