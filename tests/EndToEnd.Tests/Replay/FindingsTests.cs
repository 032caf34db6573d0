using OrderSync.Money;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Replay;
using OrderSync.Simulator.Sales;
using OrderSync.Simulator.Targets;

namespace OrderSync.EndToEnd.Tests.Replay;

/// <summary>The replay must not call a run good that is not.</summary>
public class FindingsTests
{
    private static readonly Capture Ten = Capture.Of(
        SalesFile.Read(Path.Combine(AppContext.BaseDirectory, "Samples", "sixty-orders.csv"), 10), RoundingLevel.Document, "USD");

    [Fact]
    public void All_there_once_and_to_the_cent_is_good()
    {
        var findings = Judge(Held());

        Assert.Empty(findings.Problems);
        Assert.Equal(Ten.Total, findings.ErpTotal);
    }

    [Fact]
    public void Orders_of_others_and_voided_ones_are_not_counted()
    {
        var held = Held();
        held.Add(new HeldOrder(Guid.NewGuid(), 5));
        held.Add(held[0] with { Void = true });
        held.Add(new HeldOrder(null, 7));

        Assert.Empty(Judge(held).Problems);
    }

    [Fact]
    public void An_order_that_is_in_the_ERP_twice_is_found()
    {
        var held = Held();
        held.Add(held[3]);

        Assert.Contains("The ERP holds 1 orders more than once.", Judge(held).Problems);
    }

    [Fact]
    public void A_cent_too_much_is_found()
    {
        var held = Held();
        held[2] = held[2] with { Total = held[2].Total + 0.01m };

        Assert.Contains(Judge(held).Problems, p => p.StartsWith("The ERP's sum is", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cent_that_moved_from_one_order_to_another_is_found()
    {
        var held = Held();
        held[2] = held[2] with { Total = held[2].Total + 0.01m };
        held[4] = held[4] with { Total = held[4].Total - 0.01m };

        Assert.Equal([$"2 orders have another total in the ERP than captured, such as {Ten.Orders[2].Name}."], Judge(held).Problems);
    }

    [Fact]
    public void A_missing_order_and_a_draft_are_found()
    {
        var held = Held();
        held.RemoveAt(9);
        held[0] = held[0] with { Final = false };

        var problems = Judge(held).Problems;

        Assert.Contains("The ERP itself holds 9 of 10 orders.", problems);
        Assert.Contains("The ERP holds 1 orders that are not confirmed.", problems);
    }

    [Fact]
    public void A_gateway_that_counts_otherwise_than_the_ERP_is_found()
    {
        var problems = Judge(Held(), reported: 9).Problems;

        Assert.Contains(problems, p => p.StartsWith("The gateway counts 9 orders over", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_stored_not_mailed_or_needs_attention_is_said()
    {
        var stages = new Stages(0, 10);
        stages.Reached(9, 8, 1);

        var problems = Judge(Held(), stages: stages).Problems;

        Assert.Equal(
            ["10 of 10 orders are not stored.", "1 of 10 orders are not in the ERP.", "2 of 10 orders are not mailed.", "1 need attention."],
            problems);
    }

    private static List<HeldOrder> Held() => [.. Ten.Orders.Select(order => new HeldOrder(order.Id, order.Total()))];

    private static Findings Judge(List<HeldOrder> held, int? reported = null, Stages? stages = null)
    {
        if (stages is null)
        {
            stages = new Stages(0, 10);
            for (var i = 0; i < 10; i++)
                stages.OrderStored();
            stages.Reached(10, 10, 0);
        }

        var standing = held.Where(order => !order.Void).ToList();
        var total = new Dictionary<string, decimal> { ["USD"] = standing.Sum(order => order.Total) };
        var office = new OfficeSummary(null, null, [new DestinationSum("zoho", "order", 0, 0, 0, reported ?? standing.Count, 0, 0, 0, total)]);
        return Findings.Of(Ten, "USD", "zoho", stages, office, held);
    }
}
