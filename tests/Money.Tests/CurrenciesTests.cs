namespace OrderSync.Money.Tests;

public class CurrenciesTests
{
    [Theory]
    [InlineData("EUR", 2)]
    [InlineData("USD", 2)]
    [InlineData("JPY", 0)]
    [InlineData("CLP", 0)]
    [InlineData("KWD", 3)]
    [InlineData("TND", 3)]
    [InlineData("CLF", 4)]
    [InlineData("XCG", 2)]
    public void A_currency_has_the_decimals_of_ISO_4217(string code, int decimals) => Assert.Equal(decimals, Currencies.Decimals(code));

    [Theory]
    [InlineData("")]
    [InlineData("eur")]
    [InlineData("EURO")]
    [InlineData("ABC")]
    [InlineData("XAU")]
    [InlineData("XXX")]
    public void A_code_no_amount_can_be_stated_in_has_none(string code) => Assert.Null(Currencies.Decimals(code));
}
