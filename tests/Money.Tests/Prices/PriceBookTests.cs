namespace OrderSync.Money.Tests.Prices;

public class PriceBookTests
{
    private static readonly PriceList Trade = new("l1", "Trade", Currency: "EUR");

    private static readonly ListedPrice[] Breaks =
    [
        new(9m, "l1", FromQuantity: 1, ToQuantity: 10), new(8m, "l1", FromQuantity: 11, ToQuantity: 20), new(7m, "l1", FromQuantity: 100),
        new(5m, Customer: "C1", FromQuantity: 50), new(1m, Customer: "C2"), new(2m, "l2"),
    ];

    [Theory]
    [InlineData(0.5, 10)] // below the first break
    [InlineData(1, 9)]
    [InlineData(10, 9)]
    [InlineData(10.5, 9)] // between two neighbours
    [InlineData(10.99999, 9)]
    [InlineData(11, 8)]
    [InlineData(20, 8)]
    [InlineData(20.5, 10)] // after an end without a neighbour
    [InlineData(99.99999, 10)]
    [InlineData(100, 7)]
    [InlineData(1_000_000, 7)]
    public void F013_A_break_holds_from_its_quantity_up_to_its_end(double quantity, double price) =>
        Assert.Equal((decimal)price, PriceBook.Find(new((decimal)quantity, "C9", "Trade", "EUR", 10m), Breaks, [Trade])!.UnitPrice);

    [Fact]
    public void F013_The_customers_own_price_goes_before_the_list_and_the_list_before_the_items_own()
    {
        Assert.Equal(new PriceFound(5m, PriceOrigin.Customer, FromQuantity: 50), PriceBook.Find(new(50, "C1", "Trade", "EUR", 10m), Breaks, [Trade]));
        Assert.Equal(new PriceFound(7m, PriceOrigin.List, "EUR", "l1", 100), PriceBook.Find(new(100, "C9", "Trade", "EUR", 10m), Breaks, [Trade]));
        Assert.Equal(new PriceFound(10m, PriceOrigin.Product), PriceBook.Find(new(100, "C9", null, "EUR", 10m), Breaks, [Trade]));
        Assert.Null(PriceBook.Find(new(100, "C9"), Breaks, [Trade]));
    }

    [Fact]
    public void F013_A_list_that_is_not_in_use_or_in_another_currency_gives_no_price()
    {
        Assert.Equal(PriceOrigin.Product, PriceBook.Find(new(1, null, "Trade", "EUR", 10m), Breaks, [Trade with { Active = false }])!.Origin);
        Assert.Equal(PriceOrigin.Product, PriceBook.Find(new(1, null, "Trade", "USD", 10m), Breaks, [Trade])!.Origin);
        Assert.Equal((9m, "EUR"), PriceBook.Find(new(1, null, "Trade", null, 10m), Breaks, [Trade]) is { } found ? (found.UnitPrice, found.Currency!) : default);
    }

    [Theory]
    [InlineData("10", "12.5", "11.25")]
    [InlineData("10", "-12.5", "8.75")]
    [InlineData("0.00003", "50", "0.00005")] // half of the fifth decimal goes up
    [InlineData("0", "50", "0")]
    public void F013_A_list_of_per_cents_is_taken_from_the_items_own_price(string own, string percent, string price)
    {
        var list = Trade with { Percent = decimal.Parse(percent, System.Globalization.CultureInfo.InvariantCulture) };
        var found = PriceBook.Find(new(1, null, "Trade", "EUR", decimal.Parse(own, System.Globalization.CultureInfo.InvariantCulture)), [], [list]);
        Assert.Equal(new PriceFound(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), PriceOrigin.List, "EUR", "l1"), found);
        Assert.Equal(9m, PriceBook.Find(new(1, null, "Trade", "EUR", 10m), Breaks, [list])!.UnitPrice);
    }

    [Fact]
    public void F013_Of_equal_breaks_the_currency_asked_for_goes_first_then_the_lowest_whatever_their_order()
    {
        ListedPrice[] equal = [new(3m, "l1"), new(4m, "l1", Currency: "EUR"), new(2m, "l1", Currency: "USD"), new(5m, "l1", Currency: "EUR"), new(1m, "l3")];
        PriceList[] lists = [Trade with { Currency = null }, new("l3", "Trade", Active: false)];
        for (var turn = 0; turn < equal.Length; turn++)
        {
            equal = [.. equal[1..], equal[0]];
            Assert.Equal(4m, PriceBook.Find(new(1, null, "Trade", "EUR"), equal, lists)!.UnitPrice);
            Assert.Equal((3m, 1m), (PriceBook.Find(new(1, null, "Trade"), equal, lists)!.UnitPrice, PriceBook.Find(new(1, null, "Trade"), equal, [new("l3", "Trade")])!.UnitPrice));
        }
    }

    [Fact]
    public void F013_A_price_of_a_list_for_one_customer_is_nobody_elses()
    {
        ListedPrice[] prices = [new(9m, "l1", "C1"), new(8m, "l1")];
        Assert.Equal((9m, 8m), (PriceBook.Find(new(1, "C1", "Trade"), prices, [Trade])!.UnitPrice, PriceBook.Find(new(1, "C2", "Trade"), prices, [Trade])!.UnitPrice));
    }

    [Fact]
    public void A_quantity_of_nothing_and_an_absurd_mark_up_are_named()
    {
        Assert.Equal("quantity", Assert.Throws<MoneyOutOfRange>(() => PriceBook.Find(new(0), [], [])).Field);
        Assert.Equal("unitPrice", Assert.Throws<MoneyOutOfRange>(() => PriceBook.Find(new(1, null, "Trade", null, 1e25m), [], [Trade with { Percent = 1e12m }])).Field);
    }
}
