namespace OrderSync.Money.Tests;

public class QuantitiesTests
{
    public static TheoryData<decimal, decimal?, decimal?, bool, decimal?, decimal?> Asked => new()
    {
        { 10m, null, null, true, 10m, 10m },
        { 10m, null, 12m, false, null, 12m },
        { 12m, null, 12m, true, 12m, 12m },
        { 13m, null, 12m, false, 12m, 24m },
        { 24m, null, 12m, true, 24m, 24m },
        { 4m, 5m, null, false, null, 5m },
        { 5m, 5m, null, true, 5m, 5m },
        { 5.5m, 5m, null, true, 5.5m, 5.5m },
        { 5m, 5m, 3m, false, null, 6m },
        { 6m, 5m, 3m, true, 6m, 6m },
        { 7m, 5m, 3m, false, 6m, 9m },
        { 12m, 12m, 12m, true, 12m, 12m },
        { 11.999m, 12m, 12m, false, null, 12m },
        { 1.25m, 0.5m, 0.25m, true, 1.25m, 1.25m },
        { 1.3m, 0.5m, 0.25m, false, 1.25m, 1.5m },
        { 0.4m, 0.5m, 0.25m, false, null, 0.5m },
        { 0m, null, null, false, null, null },
        { 0m, null, 6m, false, null, 6m },
        { -6m, null, 6m, false, null, 6m },
        { 3m, 0m, 0m, true, 3m, 3m },
    };

    [Theory]
    [MemberData(nameof(Asked))]
    public void F064_A_quantity_is_checked_against_minimum_and_multiple_and_the_nearest_legal_ones_are_named(
        decimal quantity, decimal? moq, decimal? ioq, bool ok, decimal? below, decimal? above)
    {
        var check = Quantities.Check(quantity, moq, ioq);

        Assert.Equal(new QuantityCheck(ok, below, above), check);
    }

    [Theory]
    [InlineData("quantity", 2e12, 1, 1)]
    [InlineData("moq", 1, -1, 1)]
    [InlineData("ioq", 1, 1, 2e12)]
    public void Absurd_figures_are_named(string field, double quantity, double moq, double ioq)
    {
        var refusal = Assert.Throws<MoneyOutOfRange>(() => Quantities.Check((decimal)quantity, (decimal)moq, (decimal)ioq));

        Assert.Equal(field, refusal.Field);
    }
}
