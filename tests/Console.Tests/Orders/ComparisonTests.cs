using System.Text.Json;
using OrderSync.Console.Orders;

namespace OrderSync.Console.Tests.Orders;

/// <summary>What is marked where a destination's document is not what was captured.</summary>
public sealed class ComparisonTests
{
    [Fact]
    public void Equal_documents_have_no_difference_whatever_zeros_stand_behind_a_figure()
    {
        var compared = Comparison.Of(Captured([Line(1, "A", 2, 3.50m, 7.00m), Line(2, "B", 1, 1, 1)]), Erp([There("a", 2.000m, 3.5m, 7m), There("B", 1, 1.00m, 1.00m)]));

        Assert.Equal(0, compared.Differences);
        Assert.All(compared.Lines, line => Assert.Equal(LineDifference.None, line.Difference));
    }

    [Theory]
    [InlineData(3, 3.50, 10.50, 8, LineDifference.Quantity | LineDifference.Amount)]
    [InlineData(2, 3.40, 6.80, 8, LineDifference.Price | LineDifference.Amount)]
    [InlineData(2, 3.50, 7.01, 8, LineDifference.Amount)]
    [InlineData(2, 3.50, 7.00, 7, LineDifference.Tax)]
    public void What_differs_of_a_line_is_named(decimal quantity, decimal price, decimal amount, decimal rate, LineDifference expected)
    {
        var compared = Comparison.Of(Captured([Line(1, "A", 2, 3.50m, 7.00m)]), Erp([There("A", quantity, price, amount, rate)]));

        Assert.Equal(expected, Assert.Single(compared.Lines).Difference);
    }

    [Fact]
    public void A_line_left_out_or_added_there_does_not_shift_the_others()
    {
        var compared = Comparison.Of(
            Captured([Line(1, "A", 1, 1, 1), Line(2, "B", 1, 1, 1), Line(3, "A", 2, 1, 2), Line(4, "C", 1, 1, 1)]), Erp([There("A", 1, 1, 1), There("A", 2, 1, 2), There("X", 1, 9, 9), There("C", 1, 1, 1)]));

        Assert.Equal([("A", "A", LineDifference.None), ("B", null, LineDifference.Missing), ("A", "A", LineDifference.None), (null, "X", LineDifference.Extra), ("C", "C", LineDifference.None)],
            compared.Lines.Select(line => (line.Captured?.Sku, line.Erp?.Sku, line.Difference)));
    }

    [Fact]
    public void Shipping_that_is_a_line_there_is_no_line_too_many()
    {
        var compared = Comparison.Of(Captured([Line(1, "A", 1, 10, 10)]) with { Shipping = 5, Subtotal = 10, Total = 15 }, Erp([There("A", 1, 10, 10), There("SHIP", 1, 5, 5)]) with { Subtotal = 15, Total = 15, Shipping = 0 });

        Assert.Equal(0, compared.Differences);
    }

    [Fact]
    public void A_discount_on_the_order_that_stands_in_the_lines_there_is_compared_by_the_total()
    {
        var compared = Comparison.Of(
            Captured([Line(1, "A", 1, 10, 10), Line(2, "B", 1, 10, 10)]) with { Discount = 2, Subtotal = 20, Total = 18 }, Erp([There("A", 1, 10, 9), There("B", 1, 10, 9)]) with { Subtotal = 18, Total = 18 });

        Assert.True(compared.Spread);
        Assert.Equal(0, compared.Differences);
        Assert.Equal(1, Comparison.Of(Captured([Line(1, "A", 1, 10, 10)]) with { Discount = 2, Total = 8 }, Erp([There("A", 1, 10, 8)]) with { Total = 8.01m }).Differences);
    }

    [Fact]
    public void A_destination_without_SKUs_is_compared_line_by_line()
    {
        var compared = Comparison.Of(Captured([Line(1, "A", 1, 10, 10), Line(2, "B", 2, 1, 2)]), Erp([There(null, 1, 10, 10), There(null, 3, 1, 3)]));

        Assert.Equal([LineDifference.None, LineDifference.Quantity | LineDifference.Amount], compared.Lines.Select(line => line.Difference));
    }

    [Theory]
    [InlineData("""{"body":{"currency":"USD","lines":[7,{"sku":"A","quantity":"many","taxRate":8}],"totals":{"total":"ten"},"notes":"as told","customFields":{"Colour":"red"}}}""", 2)]
    [InlineData("""{"body":{"lines":"none"}}""", 0)]
    public void A_body_of_any_shape_is_shown_as_far_as_it_can_be_read(string json, int lines)
    {
        var captured = CapturedDocument.Read(JsonDocument.Parse(json).RootElement, []);

        Assert.Equal(lines, captured!.Lines.Count);
        Assert.Null(captured.Total);
    }

    [Theory]
    [InlineData("""{"kind":"order"}""")]
    [InlineData("[1]")]
    [InlineData("""{"body":"text"}""")]
    public void What_is_no_document_is_none(string json) => Assert.Null(CapturedDocument.Read(JsonDocument.Parse(json).RootElement, []));

    [Theory]
    [InlineData("https://books.zoho.eu/app/1#/salesorders/2", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("http://books.zoho.eu/", false)]
    [InlineData("/sign-out", false)]
    [InlineData(null, false)]
    public void Only_an_https_address_becomes_a_link(string? page, bool links) => Assert.Equal(links, (Erp([]) with { Page = page }).Link is not null);

    private static CapturedLine Line(int no, string sku, decimal quantity, decimal price, decimal amount) => new(no, sku, null, quantity, null, price, null, 8, null, amount);

    private static ErpLine There(string? sku, decimal quantity, decimal price, decimal amount, decimal rate = 8) => new(sku, null, quantity, null, price, null, rate, amount);

    private static CapturedDocument Captured(IReadOnlyList<CapturedLine> lines) => new("USD", false, [], lines, null, null, null, null, null);

    private static ErpDocument Erp(IReadOnlyList<ErpLine> lines) => new("SO-1", "confirmed", "USD", null, null, null, null, null, lines, null, null, null, null, null, null);
}
