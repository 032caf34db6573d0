using OrderSync.Contracts.Records;
using OrderSync.Gateway.Sync;

namespace OrderSync.Gateway.Activities;

/// <summary>The beginning and end of a rep's work. It has happened, whatever came before it: what does not fit is flagged, by the times of capture.</summary>
internal sealed class Attendance : IActivityType
{
    public const string Type = "attendance";

    private const string In = "in";

    public string Name => Type;

    public string? StepOf(ActivityBody activity) => activity.Attendance?.Direction;

    public void Want(PushedRecord record, ActivityBody activity, Wanted wanted) => wanted.AttendanceBefore.Add(record.Envelope!.CapturedAt.ToUniversalTime());

    public void Judge(Judged judged, ActivityBody activity, Known known)
    {
        if (activity.Attendance is not { } attendance || !Limits.Allows<AttendanceBody>(nameof(AttendanceBody.Direction), attendance.Direction))
        {
            judged.Refuse(new Fault("attendance.direction", "attendance.direction"));
            return;
        }

        var at = judged.Record.Envelope!.CapturedAt;
        var before = known.Attendance.Where(other => other.At < at && other.Record != judged.Record.Id).MaxBy(other => other.At);
        if (attendance.Direction == In ? before?.Direction == In : before?.Direction != In)
            judged.Flag(new Fault(attendance.Direction == In ? "attendance.overlapping" : "attendance.outWithoutIn", "attendance.direction"));
        known.Attendance.Add(new KnownAttendance(judged.Record.Id!.Value, attendance.Direction, at));
    }
}
