namespace OrderSync.Money.Tests.Documents;

public class PropertyTests
{
    [Fact]
    public void The_parts_of_any_document_add_up_to_the_whole() => AnyDocument.Has((document, policy) =>
    {
        var totals = DocumentTotals.Compute(document, policy);

        Assert.Equal(totals.Subtotal, totals.Lines.Sum(l => l.Amount));
        Assert.Equal(totals.Discount, totals.Lines.Sum(l => l.OrderDiscount));
        Assert.Equal(totals.Tax, totals.Taxes.Sum(t => t.Tax));
        Assert.Equal(totals.Total, totals.Subtotal - totals.Discount + totals.Shipping + (document.PricesIncludeTax ? 0 : totals.Tax));
        var decimals = Currencies.Decimals(document.Currency);
        Assert.All([totals.Total, .. totals.Lines.Select(l => l.Tax)], amount => Assert.Equal(decimals, amount.Scale));
    });

    [Fact]
    public void Without_shipping_the_lines_taxes_are_the_documents_tax() => AnyDocument.Has((document, policy) =>
    {
        var totals = DocumentTotals.Compute(document with { Shipping = 0 }, policy);

        Assert.Equal(totals.Tax, totals.Lines.Sum(l => l.Tax));
        Assert.Equal(totals.Taxes.Sum(t => t.Base), totals.Lines.Sum(l => l.TaxBase));
    });

    [Fact]
    public void Turning_all_signs_round_turns_the_totals_round() => AnyDocument.Has((document, policy) =>
    {
        var turned = document with
        {
            Lines = [.. document.Lines.Select(l => l with { Quantity = -l.Quantity })],
            Shipping = -document.Shipping,
        };

        var (there, back) = (DocumentTotals.Compute(document, policy), DocumentTotals.Compute(turned, policy));

        Assert.Equal((-there.Subtotal, -there.Discount, -there.Tax, -there.Total), (back.Subtotal, back.Discount, back.Tax, back.Total));
    });

    [Fact]
    public void A_thousand_times_the_price_in_a_currency_of_three_decimals_fewer_is_the_same_figure() => AnyDocument.Has((document, policy) =>
    {
        var small = document with { Currency = "KWD" };
        var large = document with
        {
            Currency = "JPY",
            Lines = [.. document.Lines.Select(l => l with { UnitPrice = l.UnitPrice * 1000, Discount = Thousandfold(l.Discount) })],
            OrderDiscount = Thousandfold(document.OrderDiscount),
            Shipping = document.Shipping * 1000,
        };

        var (one, other) = (DocumentTotals.Compute(small, policy), DocumentTotals.Compute(large, policy));

        Assert.Equal((one.Total * 1000, one.Tax * 1000, one.Discount * 1000), (other.Total, other.Tax, other.Discount));
    });

    [Fact]
    public void Rational_arithmetic_by_definition_reaches_the_same_figures() => AnyDocument.Has((document, policy) =>
    {
        var decimals = Currencies.Decimals(document.Currency)!.Value;
        Fraction Rounded(Fraction f) => f.Round(decimals, policy.Tie);
        var hundred = Fraction.Of(100);
        var zero = Fraction.Of(0);
        Fraction Reduced(Fraction amount, Discount d) => d.IsPercent
            ? amount - amount * Fraction.Of(d.Value) / hundred
            : amount.Top >= 0 ? amount - Fraction.Of(d.Value) : amount + Fraction.Of(d.Value);

        var amounts = document.Lines.Select(l => Rounded(Reduced(Fraction.Of(l.Quantity) * Fraction.Of(l.UnitPrice), l.Discount))).ToList();
        var subtotal = amounts.Aggregate(zero, (a, b) => a + b);
        var discount = Rounded(subtotal - Reduced(subtotal, document.OrderDiscount));
        var taxed = new List<(string? Code, decimal Rate, Fraction Amount)>();
        var (reached, given) = (zero, zero);
        for (var i = 0; i < amounts.Count; i++)
        {
            reached += amounts[i];
            var soFar = discount.Top.IsZero ? zero : Rounded(discount * reached / subtotal);
            var line = document.Lines[i];
            taxed.Add((line.TaxCode, line.TaxRatePercent, document.DiscountBeforeTax ? amounts[i] - (soFar - given) : amounts[i]));
            given = soFar;
        }

        if (document.Shipping != 0)
        {
            var like = taxed.FirstOrDefault(t => t.Rate == document.ShippingTaxRatePercent);
            taxed.Add((like.Code, document.ShippingTaxRatePercent, Rounded(Fraction.Of(document.Shipping))));
        }

        Fraction TaxOn(Fraction amount, decimal rate) => Rounded(
            amount * Fraction.Of(rate) / (document.PricesIncludeTax ? Fraction.Of(100 + rate) : hundred));
        var tax = policy.Level == RoundingLevel.Line
            ? taxed.Select(t => TaxOn(t.Amount, t.Rate)).Aggregate(zero, (a, b) => a + b)
            : taxed.GroupBy(t => (t.Code, t.Rate))
                .Select(g => TaxOn(g.Select(t => t.Amount).Aggregate(zero, (a, b) => a + b), g.Key.Rate))
                .Aggregate(zero, (a, b) => a + b);

        var totals = DocumentTotals.Compute(document, policy);

        Assert.True(subtotal.Is(totals.Subtotal) && discount.Is(totals.Discount), $"{totals.Subtotal} {totals.Discount}");
        Assert.True(tax.Is(totals.Tax), $"tax {totals.Tax} is not {tax.Round(6, Tie.HalfEven)}");
    });

    private static Discount Thousandfold(Discount discount) => discount.IsPercent ? discount : Discount.Amount(discount.Value * 1000);
}
