using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox;

/// <summary>Which faults are wanted, how often, for which calls. Every share is between 0 and 1.</summary>
internal sealed record FaultSettings
{
    /// <summary>Share of calls that are carried out and kept, and whose connection is then cut.</summary>
    public double DropAnswer { get; init; }

    /// <summary>Share of calls answered 504 at once and carried out later.</summary>
    public double CommitLate { get; init; }

    /// <summary>Share of calls that get no answer and are carried out after their caller has hung up.</summary>
    public double CommitGone { get; init; }

    /// <summary>Shortest and longest time until a late call is carried out.</summary>
    public double[] CommitLateSeconds { get; init; } = [1, 30];

    /// <summary>Share of calls answered with this HTTP status, nothing carried out.</summary>
    public Dictionary<int, double> Status { get; init; } = [];

    /// <summary>Share of calls that are slow.</summary>
    public double Slow { get; init; }

    /// <summary>How long a slow call takes.</summary>
    public int SlowMilliseconds { get; init; } = 2000;

    /// <summary>The same seed and the same order of calls draw the same faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Regular expression on the path; without it all paths.</summary>
    public string? Paths { get; init; }

    /// <summary>HTTP methods parted by |; without it those that write.</summary>
    public string? Methods { get; init; }

    /// <summary>End after this many faults.</summary>
    public int? Limit { get; init; }

    /// <summary>What is wrong with these settings, if anything.</summary>
    public string? Problem()
    {
        if (Status.Keys.FirstOrDefault(status => status is not (200 or 429 or >= 500 and <= 599)) is var wrong and not 0)
            return $"status {wrong} cannot be a fault; use 429, 5xx, or 200 for an error in a body that looks well";
        if (Status.Values.Append(DropAnswer).Append(CommitLate).Append(CommitGone).Append(Slow).Any(share => share is < 0 or > 1))
            return "every share must be between 0 and 1";
        if (DropAnswer + CommitLate + CommitGone + Status.Values.Sum() > 1)
            return "dropAnswer, commitLate, commitGone and status together must not be above 1";
        if (CommitLateSeconds is not [>= 0 and var from, <= 600 and var to] || from > to)
            return "commitLateSeconds must be [shortest, longest], at most 600";
        return SlowMilliseconds is < 0 or > 600_000 ? "slowMilliseconds must be between 0 and 600000" : null;
    }
}

/// <summary>What happens to one call.</summary>
internal readonly record struct DrawnFault(int? Status, bool DropAnswer, TimeSpan? CommitAfter, TimeSpan Pause, bool UntilGone = false);

/// <summary>Draws faults from the current settings and counts them.</summary>
internal sealed class FaultPlan
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private FaultSettings settings = new();
    private Regex? paths;
    private HashSet<string> methods = [];
    private Random random = new(1);
    private long drawn;

    /// <summary>Replaces the settings and starts counting from nothing.</summary>
    public void Set(FaultSettings wanted)
    {
        lock (gate)
        {
            settings = wanted;
            paths = wanted.Paths is null ? null : new Regex(wanted.Paths, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            methods = [.. (wanted.Methods ?? "POST|PUT|PATCH|DELETE").Split('|', StringSplitOptions.TrimEntries).Select(method => method.ToUpperInvariant())];
#pragma warning disable CA5394 // Faults are drawn so that a run can be repeated, not to be unpredictable.
            random = new Random(wanted.Seed);
#pragma warning restore CA5394
            counts.Clear();
            drawn = 0;
        }
    }

    /// <summary>The settings and how often each fault was drawn since they were set.</summary>
    public (FaultSettings Settings, IReadOnlyDictionary<string, long> Drawn) Current
    {
        get { lock (gate) return (settings, new SortedDictionary<string, long>(counts)); }
    }

    /// <summary>Decides what happens to one call.</summary>
    public DrawnFault Draw(string method, string path)
    {
        lock (gate)
        {
            if (!methods.Contains(method) || paths?.IsMatch(path) == false || settings.Limit <= drawn)
                return default;

            var pause = settings.Slow > 0 && Next() < settings.Slow && Count("slow")
                ? TimeSpan.FromMilliseconds(settings.SlowMilliseconds) : TimeSpan.Zero;
            var share = Next();
            if ((share -= settings.DropAnswer) < 0 && Count("dropAnswer"))
                return new DrawnFault(null, true, null, pause);
            if (share < 0)
                return new DrawnFault(null, false, null, pause);
            if ((share -= settings.CommitLate) < 0 && Count("commitLate"))
                return new DrawnFault(null, false, Late(), pause);
            if (share < 0)
                return new DrawnFault(null, false, null, pause);
            if ((share -= settings.CommitGone) < 0 && Count("commitGone"))
                return new DrawnFault(null, false, Late(), pause, UntilGone: true);

            foreach (var (status, part) in settings.Status)
            {
                if ((share -= part) < 0)
                    return Count($"status{status}") ? new DrawnFault(status, false, null, pause) : default;
            }

            return new DrawnFault(null, false, null, pause);
        }
    }

    private TimeSpan Late()
    {
        var (from, to) = (settings.CommitLateSeconds[0], settings.CommitLateSeconds[1]);
        return TimeSpan.FromSeconds(from + (to - from) * Next());
    }

    private bool Count(string fault)
    {
        if (settings.Limit <= drawn)
            return false;
        drawn++;
        counts[fault] = counts.GetValueOrDefault(fault) + 1;
        return true;
    }

#pragma warning disable CA5394
    private double Next() => random.NextDouble();
#pragma warning restore CA5394
}
