namespace OrderSync.Money;

/// <summary>
/// Computes the totals of a document under a stated rounding. Two walks over the lines and little memory besides the result: the gateway
/// runs this for every order that is pushed.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A line's amount is rounded once, after its discount. Tax is computed from the rounded amount.</item>
/// <item>The order discount is spread over the lines in proportion to their amounts: the share of the first n lines together is
/// rounded, and each line gets what that has grown by. The shares therefore always add up.</item>
/// <item>Lines of returned goods are negative and simply add up with the others; the totals of a document with all signs turned round
/// are the totals with their signs turned round.</item>
/// </list>
/// </remarks>
public static class DocumentTotals
{
    private const decimal LargestFactor = 1_000_000_000_000m;
    private const int FactorDecimals = 10;
    private const int PercentDecimals = 6;

    /// <summary>Computes the totals of <paramref name="document"/> as <paramref name="policy"/> rounds.</summary>
    /// <param name="document">What was captured.</param>
    /// <param name="policy">How to round.</param>
    /// <exception cref="MoneyOutOfRange">
    /// The currency is unknown, or a figure is too large, too fine or negative where it cannot be, or a discount exceeds its amount.
    /// </exception>
    public static Totals Compute(DocumentInput document, RoundingPolicy policy)
    {
        var decimals = Currencies.Decimals(document.Currency) ?? throw new MoneyOutOfRange("currency", "is not one of ISO 4217");
        var money = new MinorUnits(decimals, policy.Tie);
        var lines = new LineTotals[document.Lines.Count];

        Int128 subtotal = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var amount = money.From(LineAmount(document.Lines[i], i), "amount", i);
            subtotal = money.Within(subtotal + amount, "subtotal");
            lines[i] = new LineTotals(money.ToDecimal(amount), 0, 0, 0);
        }

        var discount = OrderDiscount(document.OrderDiscount, money, subtotal);
        var taxes = new TaxTable(money, policy.Level, document.PricesIncludeTax);
        Int128 tax = 0, reached = 0, spread = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var amount = money.From(lines[i].Amount, "amount", i);
            reached = money.Within(reached + amount, "subtotal");
            var share = discount == 0 ? 0 : money.Share(discount, reached, subtotal) - spread;
            spread += share;

            var taxable = document.DiscountBeforeTax ? amount - share : amount;
            var lineTax = taxes.Add(document.Lines[i].TaxCode, document.Lines[i].TaxRatePercent, taxable, i);
            var taxBase = document.PricesIncludeTax ? taxable - lineTax : taxable;
            tax = money.Within(tax + lineTax, "tax");
            lines[i] = new LineTotals(lines[i].Amount, money.ToDecimal(share), money.ToDecimal(taxBase), money.ToDecimal(lineTax));
        }

        var shipping = money.From(document.Shipping, "shipping");
        if (shipping != 0)
            tax = money.Within(tax + taxes.AddShipping(document.ShippingTaxRatePercent, shipping), "tax");

        var total = money.Within(subtotal - discount + shipping + (document.PricesIncludeTax ? 0 : tax), "total");
        return new Totals(
            money.ToDecimal(subtotal), money.ToDecimal(discount), money.ToDecimal(shipping),
            money.ToDecimal(tax), money.ToDecimal(total), lines, taxes.ToRows());
    }

    private static decimal LineAmount(LineInput line, int position)
    {
        var quantity = Exact.Within(line.Quantity, -LargestFactor, LargestFactor, FactorDecimals, "quantity", position);
        var price = Exact.Within(line.UnitPrice, -LargestFactor, LargestFactor, FactorDecimals, "unitPrice", position);
        var gross = Exact.Product(quantity, price, "unitPrice", position);
        if (line.Discount == Discount.None)
            return gross;
        if (line.Discount.IsPercent)
        {
            var percent = Exact.Within(line.Discount.Value, 0, 100, PercentDecimals, "discount", position);
            return Exact.Product(gross, (100 - percent) * 0.01m, "discount", position);
        }

        var amount = Exact.Within(line.Discount.Value, 0, LargestFactor, FactorDecimals, "discount", position);
        if (amount > Math.Abs(gross))
            throw new MoneyOutOfRange("discount", "is more than the line's amount", position);
        return gross < 0 ? gross + amount : gross - amount;
    }

    private static Int128 OrderDiscount(Discount discount, MinorUnits money, Int128 subtotal)
    {
        if (discount.IsPercent)
        {
            const int micro = 1_000_000;
            var percent = Exact.Within(discount.Value, 0, 100, PercentDecimals, "discount");
            return money.Share(subtotal, (Int128)(percent * micro), 100 * micro);
        }

        var amount = money.From(Exact.Within(discount.Value, 0, LargestFactor, FactorDecimals, "discount"), "discount");
        if (amount > Int128.Abs(subtotal))
            throw new MoneyOutOfRange("discount", "is more than the subtotal");
        return subtotal < 0 ? -amount : amount;
    }
}
