using static OrderSync.Money.Tests.Documents.Some;

namespace OrderSync.Money.Tests.Documents;

public class OutOfRangeTests
{
    private static readonly LineInput Plain = Line(10, rate: 10);

    public static TheoryData<string, int?, DocumentInput> Absurd => new()
    {
        { "currency", null, Document(Plain) with { Currency = "eur" } },
        { "quantity", 0, Document(Plain with { Quantity = decimal.MaxValue }) },
        { "quantity", 1, Document(Plain, Plain with { Quantity = 0.12345678901m }) },
        { "unitPrice", 0, Document(Plain with { UnitPrice = -2_000_000_000_000m }) },
        { "unitPrice", 0, Document(Plain with { Quantity = 123456789.0123456789m, UnitPrice = 123456789.0123456789m }) },
        { "amount", 0, Document(Plain with { Quantity = 1_000_000_000m, UnitPrice = 1_000_000_000m }) },
        { "subtotal", null, Document((Plain with { Quantity = 1_000_000m, UnitPrice = 90_000_000m }).Times(2)) },
        { "discount", 0, Document(Plain with { Discount = Discount.Percent(100.01m) }) },
        { "discount", 0, Document(Plain with { Discount = Discount.Percent(-1) }) },
        { "discount", 0, Document(Plain with { Discount = Discount.Amount(10.01m) }) },
        { "discount", null, Document(Plain) with { OrderDiscount = Discount.Amount(10.01m) } },
        { "discount", null, Document(Plain) with { OrderDiscount = Discount.Amount(-1) } },
        { "taxRate", 0, Document(Plain with { TaxRatePercent = -1 }) },
        { "taxRate", 0, Document(Plain with { TaxRatePercent = 1_000.1m }) },
        { "shipping", null, Document(Plain) with { Shipping = 1e20m } },
        { "shippingTaxRate", null, Document(Plain) with { Shipping = 1, ShippingTaxRatePercent = -1 } },
        { "total", null, Document(Plain with { Quantity = 1_000_000m, UnitPrice = 90_000_000m, TaxRatePercent = 20 }) },
        { "taxCode", 100, Document([.. Enumerable.Range(0, 101).Select(i => Line(1, tax: $"T{i}"))]) },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void A_figure_that_cannot_be_calculated_exactly_is_named_instead_of_a_wrong_total(string field, int? line, DocumentInput document)
    {
        var refusal = Assert.Throws<MoneyOutOfRange>(() => DocumentTotals.Compute(document, DocumentHalfUp));

        Assert.Equal((field, line), (refusal.Field, refusal.Line));
    }

    [Fact]
    public void The_sentence_counts_lines_as_people_do()
    {
        var refusal = Assert.Throws<MoneyOutOfRange>(() => DocumentTotals.Compute(Document(Plain, Plain with { TaxRatePercent = -1 }), LineHalfUp));

        Assert.Equal("Line 2: taxRate is negative.", refusal.Message);
    }

    [Fact]
    public void Zeros_behind_the_last_decimal_are_no_decimals()
    {
        var totals = DocumentTotals.Compute(Document(Line(3.3500000000000000m, 1.000000000000m, 10.0000000000m)), LineHalfUp);

        Assert.Equal(3.69m, totals.Total);
    }

    [Fact]
    public void The_largest_amounts_are_still_exact()
    {
        var totals = DocumentTotals.Compute(
            Document(Line(99_999_999_999.995m, 999, 0.000001m)) with { OrderDiscount = Discount.Amount(0.01m) }, LineHalfUp);

        Assert.Equal((99_899_999_999_995.01m, 99_899_999_999_995.00m), (totals.Subtotal, totals.Subtotal - totals.Discount));
        Assert.Equal(999_000.00m, totals.Tax);
    }
}
