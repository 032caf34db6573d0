namespace OrderSync.Gateway.Tests.Sync.Model;

/// <summary>The verdict table of the protocol and what follows from it, without a server: what the gateway is compared with.</summary>
internal sealed class VerdictModel
{
    private readonly Dictionary<Guid, Standing> standing = [];
    private readonly HashSet<Guid> customers = [];
    private readonly HashSet<Sample> kept = [];

    public bool HasItem { get; set; }

    public bool HasCode { get; set; }

    public bool UserDisabled { get; set; }

    public IReadOnlyDictionary<Guid, Standing> Records => standing;

    /// <summary>All that ever came stays.</summary>
    public IReadOnlyCollection<Sample> Kept => kept;

    /// <summary>In the order the gateway takes a push: customers, then each after those it names, else as sent.</summary>
    public static IEnumerable<Sample> InOrder(IReadOnlyList<Sample> push)
    {
        var byId = push.ToLookup(sample => sample.Id);
        var levels = new Dictionary<Guid, int>();
        return push.OrderBy(sample => LevelOf(sample.Id)).ToList();

        int LevelOf(Guid id)
        {
            if (levels.TryGetValue(id, out var known))
                return known;
            var level = byId[id].All(sample => sample.Kind == "customer") ? 0 : 1;
            levels[id] = level;
            foreach (var (first, _) in byId[id].SelectMany(sample => sample.Awaits).Where(first => first.Id != id && byId.Contains(first.Id)))
                level = Math.Max(level, LevelOf(first) + 1);
            return levels[id] = level;
        }
    }

    /// <summary>Whether it is a matter of a moment what becomes of it: what stands waits and could go on just now.</summary>
    public bool IsRace(Sample sample) => standing.TryGetValue(sample.Id, out var stands) && stands.Sample != sample && stands.State is "waiting" or "held" && CanGoOn(stands);

    /// <summary>Takes one record; returns the answers it may get, such as "accepted", "accepted/held", "duplicate/superseded".</summary>
    public IReadOnlyList<string> Push(Sample sample)
    {
        kept.Add(sample);
        if (!standing.TryGetValue(sample.Id, out var stands))
            return Store(sample, Judge(sample));
        if (sample.Rev < stands.Sample.Rev)
            return ["duplicate/superseded"];
        if (sample.Rev > stands.Sample.Rev)
            return stands.State is "accepted" or "stopped" ? ["conflict"] : Store(sample, Judge(sample));
        if (sample != stands.Sample)
            return ["conflict"];
        return stands.State switch
        {
            "refused" => Store(sample, Judge(sample)),
            "waiting" => CanGoOn(stands) ? ["waiting", "duplicate/accepted"] : ["waiting"],
            "held" => CanGoOn(stands) ? ["accepted/held", "duplicate/accepted"] : ["accepted/held"],
            var state => [$"duplicate/{state}"],
        };
    }

    /// <summary>Gives up those of the records that have not gone on.</summary>
    public int Stop(IEnumerable<Guid> ids) => Set(ids, stands => stands.State is "refused" or "waiting" or "held", stands => stands with { State = "stopped", Was = stands.State });

    /// <summary>Takes up those that were given up.</summary>
    public int Reopen(IEnumerable<Guid> ids) => Set(ids, stands => stands.State == "stopped", stands => stands with { State = stands.Was!, Was = null });

    /// <summary>Judges all that stands refused again.</summary>
    public void RetryErrored()
    {
        foreach (var sample in InOrder([.. standing.Values.Where(stands => stands.State == "refused").Select(stands => stands.Sample)]))
            Store(sample, Judge(sample));
    }

    /// <summary>Lets all go on that can; whether anything could.</summary>
    public bool Settle()
    {
        var any = false;
        while (standing.Values.FirstOrDefault(stands => stands.State is "waiting" or "held" && CanGoOn(stands)) is { } free)
        {
            Store(free.Sample, "accepted");
            any = true;
        }

        return any;
    }

    private string Judge(Sample sample)
    {
        if (sample.IsBad || (sample.IsOfLateItem && !HasItem))
            return "refused";
        if (sample.IsByCode && !HasCode)
            return "held";
        return IsThere(sample) && !UserDisabled ? "accepted" : "waiting";
    }

    private bool CanGoOn(Standing stands) => !UserDisabled && IsThere(stands.Sample) && (stands.State == "waiting" || HasCode);

    private bool IsThere(Sample sample) => sample.Awaits.All(first => customers.Contains(first.Id) || (!first.IsCustomer && standing.TryGetValue(first.Id, out var stands) && stands.State == "accepted"));

    // What a record needs may have gone on a moment ago or not yet: both answers are right, and both end alike.
    private IReadOnlyList<string> Store(Sample sample, string state)
    {
        var mayBeThere = state == "waiting" && !UserDisabled && sample.Awaits.All(first => customers.Contains(first.Id)
            || (standing.TryGetValue(first.Id, out var stands) && (stands.State == "accepted" || (stands.State is "waiting" or "held" && CanGoOnDeep(stands)))));
        standing[sample.Id] = new(sample, state, HasNumber: standing.GetValueOrDefault(sample.Id)?.HasNumber == true || (state == "accepted" && sample.IsNumbered));
        if (state == "accepted" && sample.Kind == "customer")
            customers.Add(sample.Id);
        return state == "held" ? ["accepted/held"] : mayBeThere ? ["waiting", "accepted"] : [state];
    }

    private bool CanGoOnDeep(Standing stands) => !UserDisabled && (stands.State != "held" || HasCode)
        && stands.Sample.Awaits.All(first => customers.Contains(first.Id) || (standing.TryGetValue(first.Id, out var next) && (next.State == "accepted" || (next.State is "waiting" or "held" && CanGoOnDeep(next)))));

    private int Set(IEnumerable<Guid> ids, Func<Standing, bool> which, Func<Standing, Standing> set)
    {
        var found = ids.Distinct().Where(id => standing.TryGetValue(id, out var stands) && which(stands)).ToList();
        foreach (var id in found)
            standing[id] = set(standing[id]);
        return found.Count;
    }
}

/// <summary>How a record stands.</summary>
internal sealed record Standing(Sample Sample, string State, bool HasNumber, string? Was = null);
