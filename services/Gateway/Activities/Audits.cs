using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities;

/// <summary>What stood on a shelf: counted lines, where there are any; the rest is the app's own.</summary>
internal sealed class Audits : IActivityType
{
    public string Name => "audit";

    public void Want(PushedRecord record, ActivityBody activity, Wanted wanted) => StockCounts.WantItems(activity, wanted);

    public void Judge(Judged judged, ActivityBody activity, Known known) => StockCounts.JudgeLines(judged, activity, known);
}
