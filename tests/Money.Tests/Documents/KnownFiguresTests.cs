using static OrderSync.Money.Tests.Documents.Some;

namespace OrderSync.Money.Tests.Documents;

/// <summary>Figures worked out by hand, or reported for real ERPs.</summary>
public class KnownFiguresTests
{
    [Theory]
    [InlineData(RoundingLevel.Line, Tie.HalfUp, 1.02)]
    [InlineData(RoundingLevel.Line, Tie.HalfEven, 1.02)]
    [InlineData(RoundingLevel.Document, Tie.HalfUp, 1.01)]
    [InlineData(RoundingLevel.Document, Tie.HalfEven, 1.00)]
    public void Three_lines_of_3_35_at_10_percent_have_the_tax_their_rounding_says(RoundingLevel level, Tie tie, decimal tax)
    {
        var totals = DocumentTotals.Compute(Document(Line(3.35m, rate: 10).Times(3)), new RoundingPolicy(level, tie));

        Assert.Equal(tax, totals.Tax);
        Assert.Equal(10.05m, totals.Subtotal);
        Assert.Equal(10.05m + tax, totals.Total);
    }

    [Theory]
    [InlineData(RoundingLevel.Line, 9.71)]
    [InlineData(RoundingLevel.Document, 9.73)]
    public void Thirty_one_lines_of_1_59_differ_by_two_cents_between_the_levels(RoundingLevel level, decimal tax)
    {
        LineInput[] lines = [.. Line(1.59m, 11, 12).Times(2), .. Line(1.59m, 1, 12).Times(29)];

        var totals = DocumentTotals.Compute(Document(lines), new RoundingPolicy(level, Tie.HalfUp));

        Assert.Equal(81.09m, totals.Subtotal);
        Assert.Equal(tax, totals.Tax);
    }

    [Fact]
    public void Document_tax_is_shared_out_so_that_each_line_gets_what_the_sum_so_far_has_grown_by()
    {
        var totals = DocumentTotals.Compute(Document(Line(3.35m, rate: 10).Times(3)), DocumentHalfUp);

        Assert.Equal([0.34m, 0.33m, 0.34m], totals.Lines.Select(l => l.Tax));
    }

    [Theory]
    [InlineData(RoundingLevel.Line, 0.51, 0.83, 0.83, 0.83)]
    [InlineData(RoundingLevel.Document, 0.50, 0.83, 0.84, 0.83)]
    public void Three_lines_of_1_00_with_20_percent_inside(RoundingLevel level, decimal tax, decimal first, decimal second, decimal third)
    {
        var document = Document(Line(1.00m, rate: 20).Times(3)) with { PricesIncludeTax = true };

        var totals = DocumentTotals.Compute(document, new RoundingPolicy(level, Tie.HalfUp));

        Assert.Equal(tax, totals.Tax);
        Assert.Equal(3.00m, totals.Total);
        Assert.Equal([first, second, third], totals.Lines.Select(l => l.TaxBase));
    }

    [Fact]
    public void Tax_inside_prices_is_rounded_once_by_document()
    {
        var document = Document(Line(20, rate: 4), Line(10, rate: 4), Line(5, rate: 4)) with { PricesIncludeTax = true };

        Assert.Equal(1.35m, DocumentTotals.Compute(document, DocumentHalfUp).Tax);
    }

    [Fact]
    public void Tax_is_taken_from_the_rounded_line_not_from_the_raw_price()
    {
        var totals = DocumentTotals.Compute(Document(Line(54.54545m, rate: 10)), DocumentHalfUp);

        Assert.Equal((54.55m, 5.46m, 60.01m), (totals.Subtotal, totals.Tax, totals.Total));
    }

    [Fact]
    public void A_line_discount_is_taken_off_the_exact_amount_and_rounded_once()
    {
        var document = Document(Line(1213.68m, 20, discount: Discount.Percent(40)), Line(0.333m, 3, discount: Discount.Amount(0.5m)));

        var totals = DocumentTotals.Compute(document, LineHalfUp);

        Assert.Equal([14_564.16m, 0.50m], totals.Lines.Select(l => l.Amount));
    }

    [Theory]
    [InlineData(Tie.HalfUp, 0.13, 0.14)]
    [InlineData(Tie.HalfEven, 0.12, 0.14)]
    public void An_exact_half_cent_goes_as_the_tie_says_on_amounts_too(Tie tie, decimal first, decimal second)
    {
        var totals = DocumentTotals.Compute(Document(Line(0.125m), Line(0.135m)), new RoundingPolicy(RoundingLevel.Line, tie));

        Assert.Equal([first, second], totals.Lines.Select(l => l.Amount));
    }

    [Fact]
    public void A_percent_discount_that_ends_in_half_a_cent_goes_as_the_tie_says()
    {
        var document = Document(Line(10.05m, discount: Discount.Percent(50)));

        Assert.Equal(5.03m, DocumentTotals.Compute(document, LineHalfUp).Subtotal);
        Assert.Equal(5.02m, DocumentTotals.Compute(document, LineHalfEven).Subtotal);
    }

    [Fact]
    public void An_order_discount_of_10_over_three_equal_lines_is_3_33_and_3_34_and_3_33()
    {
        var document = Document(Line(50).Times(3)) with { OrderDiscount = Discount.Amount(10) };

        var totals = DocumentTotals.Compute(document, LineHalfUp);

        Assert.Equal([3.33m, 3.34m, 3.33m], totals.Lines.Select(l => l.OrderDiscount));
        Assert.Equal((150m, 10m, 140m), (totals.Subtotal, totals.Discount, totals.Total));
    }

    [Theory]
    [InlineData(true, 8.10, 89.10)]
    [InlineData(false, 9.00, 90.00)]
    public void An_order_discount_reduces_the_tax_only_if_it_is_before_tax(bool before, decimal tax, decimal total)
    {
        var document = Document(Line(90, rate: 10)) with { OrderDiscount = Discount.Percent(10), DiscountBeforeTax = before };

        var totals = DocumentTotals.Compute(document, LineHalfUp);

        Assert.Equal((9.00m, tax, total), (totals.Discount, totals.Tax, totals.Total));
    }

    [Fact]
    public void Shipping_is_taxed_at_its_own_rate_and_rounds_with_the_lines_of_that_rate()
    {
        var document = Document(Line(3.35m, rate: 10, tax: "VAT10"), Line(7, rate: 20, tax: "VAT20"));

        var same = DocumentTotals.Compute(document with { Shipping = 3.35m, ShippingTaxRatePercent = 10 }, DocumentHalfUp);
        var other = DocumentTotals.Compute(document with { Shipping = 3.35m, ShippingTaxRatePercent = 5 }, DocumentHalfUp);

        Assert.Equal([new TaxRow("VAT10", 10, 6.70m, 0.67m), new TaxRow("VAT20", 20, 7.00m, 1.40m)], same.Taxes);
        Assert.Equal(15.77m, same.Total);
        Assert.Equal(new TaxRow(null, 5, 3.35m, 0.17m), other.Taxes[2]);
    }

    [Fact]
    public void Two_codes_of_one_rate_are_two_taxes_and_rounded_apart()
    {
        var document = Document(Line(3.35m, rate: 10, tax: "A"), Line(3.35m, rate: 10, tax: "B"), Line(3.35m, tax: null));

        var totals = DocumentTotals.Compute(document, DocumentHalfUp);

        Assert.Equal([0.34m, 0.34m, 0m], totals.Taxes.Select(t => t.Tax));
    }

    [Fact]
    public void Returned_goods_on_an_order_count_against_the_others()
    {
        var document = Document(Line(3.35m, 2, 10), Line(3.35m, -1, 10, Discount.Amount(0.35m))) with { OrderDiscount = Discount.Amount(1) };

        var totals = DocumentTotals.Compute(document, DocumentHalfUp);

        Assert.Equal([6.70m, -3.00m], totals.Lines.Select(l => l.Amount));
        Assert.Equal((3.70m, 1.00m, 0.27m, 2.97m), (totals.Subtotal, totals.Discount, totals.Tax, totals.Total));
        Assert.Equal(1.00m, totals.Lines.Sum(l => l.OrderDiscount));
    }

    [Theory]
    [InlineData("JPY", "1006", "101", "1107")]
    [InlineData("EUR", "1005.53", "100.55", "1106.08")]
    [InlineData("KWD", "1005.525", "100.553", "1106.078")]
    public void Amounts_have_the_decimals_of_their_currency(string currency, string subtotal, string tax, string total)
    {
        var document = Document(Line(335.175m, 3, 10)) with { Currency = currency };

        var totals = DocumentTotals.Compute(document, LineHalfUp);

        var culture = System.Globalization.CultureInfo.InvariantCulture;
        Assert.Equal([subtotal, tax, total], new[] { totals.Subtotal, totals.Tax, totals.Total }.Select(d => d.ToString(culture)));
    }

    [Fact]
    public void An_order_without_lines_is_zero_with_all_decimals()
    {
        var totals = DocumentTotals.Compute(Document(), LineHalfUp);

        Assert.Equal(0, totals.Total);
        Assert.Equal(2, totals.Total.Scale);
        Assert.Empty(totals.Taxes);
    }
}
