using System.Diagnostics;

namespace OrderSync.Framework.Calls;

/// <summary>One outbound call as the log keeps it: secrets are taken out before it gets here.</summary>
internal sealed record Call(
    Guid CompanyId, Guid ConnectionId, string Account, Guid? RecordId, Guid Id, DateTimeOffset At, string? TraceId, string Method, string Target,
    int? Status, int Milliseconds, string Outcome, string? Request, string? Response)
{
    /// <summary>It answered well.</summary>
    public const string Answered = "answered";

    /// <summary>It said no.</summary>
    public const string Refused = "refused";

    /// <summary>It asked for fewer calls.</summary>
    public const string Limited = "limited";

    /// <summary>It said that it is in trouble.</summary>
    public const string Trouble = "trouble";

    /// <summary>Nothing came back; what was sent may have taken effect.</summary>
    public const string NoAnswer = "noAnswer";

    /// <summary>Nothing reached it.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>A call that begins now on <paramref name="errand"/>.</summary>
    public static Call Begin(Errand errand, string method, string target, string? request) => new(
        errand.Connection.CompanyId, errand.Connection.Id, errand.Connection.Account, errand.RecordId, Guid.CreateVersion7(), errand.Desk.Now,
        Activity.Current?.TraceId.ToString(), method, target, null, 0, NoAnswer, request, null);

    /// <summary>How it ended.</summary>
    public Call End(Stopwatch clock, string outcome, int? status = null, string? response = null) =>
        this with { Milliseconds = (int)Math.Min(clock.ElapsedMilliseconds, int.MaxValue), Outcome = outcome, Status = status, Response = response };
}
