namespace OrderSync.Framework;

/// <summary>A collection that a connector brings back, and how often.</summary>
/// <param name="Name">See <see cref="Contracts.Catalogue.CollectionNames"/>.</param>
/// <param name="Every">How long after a look the next one for changes begins.</param>
/// <param name="SweepEvery">How long after all of it was read it is read whole again: only so is a deletion seen.</param>
/// <param name="Changes">Whether the destination can be asked for what changed; if not, each look reads everything.</param>
public sealed record PullPlan(string Name, TimeSpan Every, TimeSpan SweepEvery, bool Changes = true);

/// <summary>A row of a collection as the destination holds it now.</summary>
/// <param name="Key">Its id there, which never changes; at most 200 characters.</param>
/// <param name="Body">Its content.</param>
public sealed record Pulled<T>(string Key, T Body);

/// <summary>
/// A page of a collection. Rows and cursor are stored together, so a page that was given out is never asked for again, and one whose rows
/// were not stored is.
/// </summary>
/// <param name="Rows">In any order.</param>
/// <param name="Cursor">Where the page after this one begins, and, after the last, where the next look for changes does.</param>
/// <param name="Total">How many rows there are in all, where the destination says so.</param>
public sealed record PulledPage<T>(IReadOnlyList<Pulled<T>> Rows, string? Cursor, long? Total = null);
