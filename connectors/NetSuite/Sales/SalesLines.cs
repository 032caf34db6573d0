using OrderSync.Contracts.Records;
using OrderSync.Framework;
using OrderSync.Money;

namespace OrderSync.NetSuite;

/// <summary>
/// An order's lines as NetSuite's: prices without tax, and no discount on a line but a lower rate with the price level "custom". A discounted line, one of an order whose prices
/// include tax, and one that bears its share of a discount on the whole carry the rate that leads to their amount. Pure.
/// </summary>
internal static class SalesLines
{
    // The price level that takes any rate.
    private const string CustomLevel = "-1";

    /// <summary>All lines, shipping after those that were captured.</summary>
    /// <exception cref="OutcomeException">No rate leads to a line's amount.</exception>
    public static IReadOnlyList<PlannedLine> Of(Order order, Totals captured, bool discountItem, Catalogue catalogue, Connection connection)
    {
        var (body, settings) = (order.Body, connection.Settings<NetSuiteSettings>());
        var lines = body.Lines.Select((line, i) =>
        {
            var totals = captured.Lines[i];
            var amount = body.PricesIncludeTax ? totals.TaxBase : totals.Amount - (discountItem ? 0 : totals.OrderDiscount);
            var plain = !body.PricesIncludeTax && line.Discount is null && amount == totals.Amount;
            return Line(line.Sku, line.Quantity, plain ? line.UnitPrice : null, amount, line.TaxCode, line.TaxRate, Description(line, settings), $"Line {i + 1}");
        }).ToList();
        if (body.Shipping != 0)
        {
            var net = body.PricesIncludeTax ? body.Shipping - (captured.Tax - captured.Lines.Sum(line => line.Tax)) : captured.Shipping;
            lines.Add(Line(settings.ShippingSku!, 1, null, net, ShippingCode(body), body.ShippingTaxRate, null, "Shipping"));
        }

        return lines;

        PlannedLine Line(string sku, decimal quantity, decimal? price, decimal amount, string? taxCode, decimal taxRate, string? description, string where)
        {
            var decimals = Currencies.Decimals(body.Currency) ?? 2;
            var rate = price ?? decimal.Round(amount / quantity, settings.RateDecimals, MidpointRounding.AwayFromZero);
            if (decimal.Round(quantity * rate, decimals, settings.Nearest) != amount)
                throw new OutcomeException(new Outcome.Refused(
                    "line.amount", $"{where}: no rate of {settings.RateDecimals} decimals makes {NetSuiteMoney.Plain(quantity)} of {sku} come to {NetSuiteMoney.Plain(amount)}.",
                    "Enter it in NetSuite by hand, then Stop it here; if the account keeps more decimals, raise RateDecimals in Connections > NetSuite."));
            var tax = catalogue.Tax(taxCode, taxRate);
            return new(
                new SalesLine(new(catalogue.Item(sku)!.Id), quantity)
                {
                    Price = new(CustomLevel), Rate = rate, Description = description, TaxCode = settings.Taxes == TaxSource.LineCodes && tax is not null ? new(tax) : null,
                },
                sku, amount, tax, taxRate);
        }
    }

    /// <summary>The code of the lines that are taxed as shipping is.</summary>
    public static string? ShippingCode(OrderBody order) => order.Lines.FirstOrDefault(line => line.TaxRate == order.ShippingTaxRate)?.TaxCode;

    private static string? Description(OrderLine line, NetSuiteSettings settings) =>
        Texts.Cut(Texts.Paragraphs(line.Description, line.Unit is { Length: > 0 } unit ? $"Unit: {unit}" : null, line.Notes), settings.MemoLength);
}
