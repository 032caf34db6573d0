using OrderSync.Simulator.Sales;

namespace OrderSync.EndToEnd.Tests.Sales;

public class TaxRateTests
{
    public static TheoryData<decimal, decimal, int, decimal, bool> Seen => new()
    {
        { 9.99m, 0.7992m, 4, 8m, true },
        { 699.0982m, 55.9279m, 4, 8m, true },
        { 0.8475m * 2.5m, 0.4238m, 4, 20m, true },
        { 18.40m, 1.0120m, 4, 5.5m, true },
        { 100m, 8.375m, 3, 8.375m, true },
        { 9.99m, 0.80m, 2, 8m, true },
        { 100m, 8.3333m, 4, 8.333m, false },
        { 0m, 0m, 4, 0m, true },
        { 0m, 1m, 4, 0m, false },
        { 10m, 0m, 4, 0m, true },
        { -9.99m, -0.7992m, 4, 8m, true },
    };

    [Theory]
    [MemberData(nameof(Seen))]
    public void The_rate_is_the_roundest_that_explains_the_tax_to_its_last_decimal(
        decimal amount, decimal tax, int decimals, decimal percent, bool explains) =>
        Assert.Equal((percent, explains), TaxRate.Of(amount, tax, decimals));
}
