using System.Text.Json;

namespace OrderSync.Money.Tests.Corpus;

public class CorpusTests
{
    public static TheoryData<string> Policies => [.. MoneyCorpus.Policies.Keys];

    [Theory]
    [MemberData(nameof(Policies))]
    public void F038_Five_thousand_orders_come_to_what_exact_fractions_say(string name)
    {
        var policy = MoneyCorpus.Policies[name];
        var tie = name.Split('/')[1];

        var wrong = new List<string>();
        foreach (var order in MoneyCorpus.Orders)
        {
            var totals = DocumentTotals.Compute(Read(order.Order), policy);
            var reached = new CorpusTotals(totals.Subtotal, totals.Discount, totals.Tax, totals.Total);
            if (reached != order.Totals[name])
                wrong.Add($"{order}: {reached}, not {order.Totals[name]}");
            if (!totals.Lines.Select(line => line.Amount).SequenceEqual(order.Amounts[tie]))
                wrong.Add($"{order}: its lines' amounts");
        }

        Assert.Equal(5_000, MoneyCorpus.Orders.Count);
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ. {string.Join(Environment.NewLine, wrong.Take(20))}");
    }

    [Fact]
    public void The_policies_can_be_told_apart_by_the_corpus()
    {
        foreach (var one in MoneyCorpus.Policies.Keys)
            foreach (var other in MoneyCorpus.Policies.Keys.Where(other => other != one))
                Assert.True(MoneyCorpus.Orders.Count(order => order.Totals[one] != order.Totals[other]) > 300, $"{one} and {other}");
    }

    [Fact]
    public void F064_Quantities_at_the_edge_of_what_is_sold_are_judged_as_trying_all_legal_ones_says()
    {
        Assert.NotEmpty(MoneyCorpus.Quantities);
        Assert.All(MoneyCorpus.Quantities, edge => Assert.Equal(
            new QuantityCheck(edge.Ok, edge.Below, edge.Above), Quantities.Check(edge.Quantity, edge.Minimum, edge.Step)));
    }

    private static DocumentInput Read(JsonElement order) => new(
        order.GetProperty("currency").GetString()!,
        [.. order.GetProperty("lines").EnumerateArray().Select(line => new LineInput(
            line.GetProperty("quantity").GetDecimal(), line.GetProperty("unitPrice").GetDecimal(), ReadDiscount(line.GetProperty("discount")),
            line.GetProperty("taxCode").GetString(), line.GetProperty("taxRate").GetDecimal()))],
        ReadDiscount(order.GetProperty("discount")),
        order.GetProperty("shipping").GetDecimal(),
        order.GetProperty("shippingTaxRate").GetDecimal(),
        order.GetProperty("pricesIncludeTax").GetBoolean());

    private static Discount ReadDiscount(JsonElement discount) => discount.ValueKind == JsonValueKind.Null
        ? Discount.None
        : discount.TryGetProperty("percent", out var percent) ? Discount.Percent(percent.GetDecimal()) : Discount.Amount(discount.GetProperty("amount").GetDecimal());
}
