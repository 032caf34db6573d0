namespace OrderSync.Framework;

/// <summary>A collection that a connector brings back, and how often.</summary>
/// <param name="Name">See <see cref="Contracts.Catalogue.CollectionNames"/>.</param>
/// <param name="Every">How long after a look the next one for changes begins.</param>
/// <param name="SweepEvery">How long after all of it was read it is read whole again: only so is a deletion seen.</param>
/// <param name="Changes">Whether the destination can be asked for what changed; if not, each look reads everything.</param>
public sealed record PullPlan(string Name, TimeSpan Every, TimeSpan SweepEvery, bool Changes = true);

/// <summary>A row of a collection as the destination holds it now.</summary>
/// <param name="Key">Its id there, which never changes; at most 200 characters.</param>
/// <param name="Body">Its content; null where <see cref="PullSteps.ChangedAsync"/> says that it is kept as it stands: the row is there, and that is all.</param>
/// <param name="Stamp">What tells, without its details, that it has not changed, such as the time of its last change; null while it could change without another
/// stamp, as within the same second: its details are then read again by the next look.</param>
public sealed record Pulled<T>(string Key, T? Body, string? Stamp = null) where T : class;

/// <summary>What a look at a collection stands on: settings and tokens, and what is kept already. Nothing can be written with it.</summary>
public abstract class PullSteps : Steps
{
    /// <summary>Of rows with their stamps the keys of those that are new, or were kept under another stamp: only their details need to be read.</summary>
    public abstract Task<IReadOnlySet<string>> ChangedAsync(IReadOnlyDictionary<string, string> stamps);

    /// <summary>Rows of another collection of this connection as they are kept, by key; such as the items that a price list names by their ids.</summary>
    public abstract Task<IReadOnlyDictionary<string, T>> KeptAsync<T>(string collection, IReadOnlyCollection<string> keys) where T : class;
}

/// <summary>
/// A page of a collection. Rows and cursor are stored together, so a page that was given out is never asked for again, and one whose rows
/// were not stored is.
/// </summary>
/// <param name="Rows">In any order.</param>
/// <param name="Cursor">Where the page after this one begins, and, after the last, where the next look for changes does.</param>
/// <param name="Total">How many rows there are in all, where the destination says so.</param>
public sealed record PulledPage<T>(IReadOnlyList<Pulled<T>> Rows, string? Cursor, long? Total = null) where T : class;
