using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities;

/// <summary>What somebody counted. It is a report: no stock changes by it, here or in an ERP.</summary>
internal sealed class StockCounts : IActivityType
{
    private static readonly FigureAttribute Quantity = Limits.Figure<CountBody>(nameof(CountBody.Quantity));

    public string Name => "stockCount";

    public void Want(PushedRecord record, ActivityBody activity, Wanted wanted) => WantItems(activity, wanted);

    public void Judge(Judged judged, ActivityBody activity, Known known)
    {
        if (activity.Count is null or { Count: 0 })
            judged.Refuse(new Fault("count.lines", "count"));
        else
            JudgeLines(judged, activity, known);
    }

    internal static void WantItems(ActivityBody activity, Wanted wanted) =>
        wanted.Skus.UnionWith((activity.Count ?? []).Select(line => line?.Sku).OfType<string>().Where(sku => sku.Length is > 0 and <= 100));

    internal static void JudgeLines(Judged judged, ActivityBody activity, Known known)
    {
        foreach (var (i, line) in (activity.Count ?? []).Index())
        {
            var (field, parameters) = ($"count[{Figures.Text(i)}]", new Dictionary<string, string> { ["line"] = Figures.Text(i + 1), ["sku"] = line.Sku ?? "?" });
            if (line.Sku is not { Length: > 0 } || !Quantity.Takes(line.Quantity))
            {
                judged.Refuse(new Fault("count.line", field, parameters));
                return;
            }

            if (judged.Fault is null && !known.Items.ContainsKey(line.Sku))
                judged.Flag(new Fault("count.itemUnknown", field, parameters));
        }
    }
}
