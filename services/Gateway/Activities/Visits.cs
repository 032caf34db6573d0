using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities;

/// <summary>
/// Visits: checked in once, then notes and photos, completed once. A step that comes before its visit's check-in is refused, unless it names a record
/// that has not come yet: then it waits for that one.
/// </summary>
internal sealed class Visits : IActivityType
{
    public const string Type = "visit";

    private const string CheckIn = "checkIn";
    private const string Complete = "complete";

    public string Name => Type;

    public string? StepOf(ActivityBody activity) => activity.Visit?.Step;

    public void Want(PushedRecord record, ActivityBody activity, Wanted wanted)
    {
        if (activity.Visit is { } visit)
            wanted.Visits.Add(visit.Id);
    }

    public void Judge(Judged judged, ActivityBody activity, Known known)
    {
        if (activity.Visit is not { Step: { } step } visit)
        {
            judged.Refuse(new Fault("visit.missing", "visit"));
            return;
        }

        var (record, at) = (judged.Record, judged.Record.Envelope!.CapturedAt);
        var steps = known.VisitSteps.Where(other => other.Visit == visit.Id && other.Record != record.Id).ToList();
        if (WhyNot(step, at, steps, stillToCome: record.Awaits.Any(awaited => !awaited.IsCustomer && known.Records.GetValueOrDefault(awaited.Id)?.State != "accepted")) is { } code)
            judged.Refuse(new Fault(code, "visit.step", new Dictionary<string, string> { ["step"] = step }));
        else
            // What is judged after it in the same chunk has it before it.
            known.VisitSteps.Add(new KnownVisitStep(visit.Id, record.Id!.Value, step, at));
    }

    private static string? WhyNot(string step, DateTimeOffset at, List<KnownVisitStep> steps, bool stillToCome)
    {
        if (!Limits.Allows<VisitBody>(nameof(VisitBody.Step), step))
            return "visit.step";
        var isIn = steps.Exists(other => other.Step == CheckIn);
        if (step == CheckIn)
            return isIn ? "visit.checkedInAlready" : null;
        if (!isIn && !stillToCome)
            return "visit.notCheckedIn";
        if (steps.Find(other => other.Step == Complete) is not { } over)
            return null;
        // A photo may come later than it was taken.
        return step == Complete ? "visit.completedAlready" : at > over.At ? "visit.over" : null;
    }
}
