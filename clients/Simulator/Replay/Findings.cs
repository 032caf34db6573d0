using OrderSync.Simulator.Office;
using OrderSync.Simulator.Sales;
using OrderSync.Simulator.Targets;

namespace OrderSync.Simulator.Replay;

/// <summary>Compares what was captured with what the gateway says and with what the ERP itself holds.</summary>
internal sealed class Findings
{
    private Findings(decimal erpTotal, List<string> problems) => (ErpTotal, Problems) = (erpTotal, problems);

    /// <summary>The sum of this file's orders in the ERP, asked from the ERP.</summary>
    public decimal ErpTotal { get; }

    /// <summary>What is not as it must be, each in a sentence; empty = all is there, once, to the cent.</summary>
    public IReadOnlyList<string> Problems { get; }

    public static Findings Of(
        Capture capture, string currency, string connection, Stages stages, OfficeSummary? office, IReadOnlyList<HeldOrder> held)
    {
        var problems = new List<string>();
        void Check(bool holds, FormattableString problem)
        {
            if (!holds)
                problems.Add(FormattableString.Invariant(problem));
        }

        var count = capture.Orders.Count;
        Check(stages.OrdersStored == count, $"{count - stages.OrdersStored} of {count} orders are not stored.");
        Check(stages.InErp == count, $"{count - stages.InErp} of {count} orders are not in the ERP.");
        Check(stages.Mailed == count, $"{count - stages.Mailed} of {count} orders are not mailed.");
        Check(stages.Attention == 0, $"{stages.Attention} need attention.");

        var (once, twice, open, total, otherwise) = Held(capture, held);
        Check(once + twice == count, $"The ERP itself holds {once + twice} of {count} orders.");
        Check(twice == 0, $"The ERP holds {twice} orders more than once.");
        Check(open == 0, $"The ERP holds {open} orders that are not confirmed.");
        Check(total == capture.Total, $"The ERP's sum is {total:F2} and the captured one {capture.Total:F2}.");
        Check(otherwise.Count == 0, $"{otherwise.Count} orders have another total in the ERP than captured, such as {otherwise.FirstOrDefault()}.");

        if (office is null)
            problems.Add("The gateway did not say how far it is.");
        else
        {
            var reported = office.At(connection);
            var (standing, sum) = (held.Where(order => !order.Void).ToList(), reported.Total?.GetValueOrDefault(currency) ?? 0);
            Check(
                reported.Done == standing.Count && sum == standing.Sum(order => order.Total),
                $"The gateway counts {reported.Done} orders over {sum:F2} in the ERP, which itself holds {standing.Count} over {standing.Sum(order => order.Total):F2}.");
        }

        return new Findings(total, problems);
    }

    private static (int Once, int Twice, int Open, decimal Total, List<string> Otherwise) Held(Capture capture, IReadOnlyList<HeldOrder> held)
    {
        var ours = capture.Orders.ToDictionary(order => order.Id);
        var documents = held.Where(order => !order.Void && order.RecordId is { } id && ours.ContainsKey(id)).ToLookup(order => order.RecordId!.Value);
        return (
            documents.Count(one => one.Count() == 1), documents.Count(one => one.Count() > 1), documents.Sum(one => one.Count(order => !order.Final)),
            documents.Sum(one => one.Sum(order => order.Total)),
            [.. documents.Where(one => one.Any(order => order.Total != ours[one.Key].Total())).Select(one => ours[one.Key].Name)]);
    }
}
