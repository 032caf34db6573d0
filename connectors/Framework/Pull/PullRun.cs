namespace OrderSync.Framework.Pull;

/// <summary>A collection of a connection.</summary>
internal readonly record struct CollectionKey(Guid CompanyId, Guid ConnectionId, string Collection);

/// <summary>A look at a destination that this replica has claimed.</summary>
/// <param name="Key">Which collection.</param>
/// <param name="Holder">Key of the replica's session lock.</param>
/// <param name="Tries">Tries since it last got on.</param>
internal sealed record PullClaim(CollectionKey Key, long Holder, int Tries);

/// <summary>A run under way: it is begun once, and goes on at its page, whoever claims it.</summary>
/// <param name="Claim">The claim it is done under.</param>
/// <param name="Import">Its number.</param>
/// <param name="Sweeping">It reads everything, so that it also sees what is gone.</param>
/// <param name="From">Where it goes on; null = at the beginning.</param>
internal sealed record PullRun(PullClaim Claim, long Import, bool Sweeping, string? From);

/// <summary>The claim of a run is not ours any more: whoever has it goes on.</summary>
internal sealed class PullLostException() : Exception("The claim was taken over.");
