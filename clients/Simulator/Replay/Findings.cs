using OrderSync.Simulator.Fleet;
using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;

namespace OrderSync.Simulator.Replay;

/// <summary>Compares what was captured with what the gateway says and with what the ERP sandbox itself holds.</summary>
internal sealed class Findings
{
    private Findings(decimal erpTotal, List<string> problems) => (ErpTotal, Problems) = (erpTotal, problems);

    /// <summary>The sum of this file's orders in the ERP, asked from the ERP.</summary>
    public decimal ErpTotal { get; }

    /// <summary>What is not as it must be, each in a sentence; empty = all is there, once, to the cent.</summary>
    public IReadOnlyList<string> Problems { get; }

    public static Findings Of(
        Capture capture, string currency, string connection, Stages stages, OfficeSummary? office, SandboxSummary sandbox, IReadOnlyList<SandboxDocument> held)
    {
        var problems = new List<string>();
        void Check(bool holds, FormattableString otherwise)
        {
            if (!holds)
                problems.Add(FormattableString.Invariant(otherwise));
        }

        var count = capture.Orders.Count;
        Check(stages.OrdersStored == count, $"{count - stages.OrdersStored} of {count} orders are not stored.");
        Check(stages.InErp == count, $"{count - stages.InErp} of {count} orders are not in the ERP.");
        Check(stages.Mailed == count, $"{count - stages.Mailed} of {count} orders are not mailed.");
        Check(stages.Attention == 0, $"{stages.Attention} need attention.");

        var (once, twice, open, total) = Held(capture, held);
        Check(once + twice == count, $"The ERP itself holds {once + twice} of {count} orders.");
        Check(twice == 0, $"The ERP holds {twice} orders more than once.");
        Check(open == 0, $"The ERP holds {open} orders that are not confirmed.");
        Check(total == capture.Total, $"The ERP's sum is {total:F2} and the captured one {capture.Total:F2}.");

        if (office is null)
            problems.Add("The gateway did not say how far it is.");
        else
        {
            var reported = office.At(connection);
            var (standing, sum) = (sandbox.Orders - sandbox.Void, reported.Total?.GetValueOrDefault(currency) ?? 0);
            Check(
                reported.Done == standing && sum == sandbox.Total,
                $"The gateway counts {reported.Done} orders over {sum:F2} in the ERP, which itself holds {standing} over {sandbox.Total:F2}.");
        }

        return new Findings(total, problems);
    }

    private static (int Once, int Twice, int Open, decimal Total) Held(Capture capture, IReadOnlyList<SandboxDocument> held)
    {
        var ours = capture.Orders.ToDictionary(order => order.Id, _ => 0);
        var (open, total) = (0, 0m);
        foreach (var order in held)
        {
            if (order.Status == "void" || !Guid.TryParse(order.OrderSyncId, out var id) || !ours.ContainsKey(id))
                continue;
            ours[id]++;
            total += order.Total;
            open += order.Status == "draft" ? 1 : 0;
        }

        return (ours.Count(o => o.Value == 1), ours.Count(o => o.Value > 1), open, total);
    }
}
