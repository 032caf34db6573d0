using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.QuickBooks;

/// <summary>
/// An order's lines as QuickBooks'. It has no discount on a line and demands that an amount be quantity times price, so a discounted line has the price
/// that leads to its amount. Pure.
/// </summary>
internal static class SalesLines
{
    /// <summary>All lines, shipping and discount after those that were captured.</summary>
    /// <exception cref="OutcomeException">No price leads to a line's amount.</exception>
    public static IReadOnlyList<SalesLine> Of(OrderBody order, Totals predicted, bool discountLine, Catalogue catalogue, QuickBooksSettings settings)
    {
        var lines = order.Lines.Select((line, i) =>
        {
            var totals = predicted.Lines[i];
            var amount = totals.Amount - (discountLine ? 0 : totals.OrderDiscount);
            var plain = line.Discount is null && amount == totals.Amount;
            return Line(catalogue.Item(line.Sku)!, QuickBooksMapping.Description(line), line.Quantity, plain ? line.UnitPrice : null, amount, totals.Tax,
                Code(order, line.TaxCode, line.TaxRate, catalogue, settings), $"Line {i + 1}", order.PricesIncludeTax, settings);
        }).ToList();
        if (order.Shipping != 0)
            lines.Add(Line(catalogue.Item(settings.ShippingSku!)!, null, 1, order.Shipping, predicted.Shipping, predicted.Tax - predicted.Lines.Sum(line => line.Tax),
                Code(order, ShippingCode(order), order.ShippingTaxRate, catalogue, settings), "Shipping", order.PricesIncludeTax, settings));
        if (discountLine)
            lines.Add(new SalesLine(SalesLine.Discount, predicted.Discount) { DiscountLineDetail = new(false) });
        return lines;
    }

    /// <summary>Whether there is no tax on it, nor a tax code of 0 % to say so.</summary>
    public static bool Untaxed(OrderBody order, Catalogue catalogue) =>
        QuickBooksMapping.Rates(order).All(rate => rate == 0) && catalogue.Tax(order.Lines[0].TaxCode, 0).Tax is null;

    /// <summary>The code of the lines that are taxed as shipping is.</summary>
    public static string? ShippingCode(OrderBody order) => order.Lines.FirstOrDefault(line => line.TaxRate == order.ShippingTaxRate)?.TaxCode;

    private static SalesLine Line(
        Item item, string? description, decimal quantity, decimal? price, decimal amount, decimal tax, Reference? code, string where, bool inclusive, QuickBooksSettings settings)
    {
        var net = inclusive && settings.InclusiveAmounts == InclusiveAmounts.Net;
        var sent = net ? amount - tax : amount;
        var each = net || price is null ? decimal.Round(sent / quantity, settings.PriceDecimals, MidpointRounding.AwayFromZero) : price.Value;
        if (Round(quantity * each, settings) != sent)
            throw new OutcomeException(new Outcome.Refused(
                "line.amount", $"{where}: no price of {settings.PriceDecimals} decimals makes {QuickBooksMoney.Plain(quantity)} of {item.Sku} come to {QuickBooksMoney.Plain(sent)}.",
                "Enter it in QuickBooks by hand, then Stop it here; if the company keeps more decimals, raise PriceDecimals in Connections > QuickBooks."));
        return new SalesLine(SalesLine.Item, sent) { Description = description, SalesItemLineDetail = new(new(item.Id), quantity, each, code, net ? amount : null) };
    }

    private static Reference? Code(OrderBody order, string? code, decimal rate, Catalogue catalogue, QuickBooksSettings settings) =>
        settings.Taxes == TaxSystem.Us ? new(rate == 0 ? "NON" : "TAX")
        : Untaxed(order, catalogue) ? null
        : new(catalogue.Tax(code, rate).Tax!.Id);

    private static decimal Round(decimal figure, QuickBooksSettings settings) =>
        decimal.Round(figure, 2, settings.Tie == Tie.HalfEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero);
}
