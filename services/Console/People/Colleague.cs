namespace OrderSync.Console.People;

/// <summary>A person of the company as its owners see them.</summary>
internal sealed record Colleague(
    Guid Id, string Name, string? Email, string Role, bool Disabled, bool Totp, DateTimeOffset? JoinedAt, DateTimeOffset? InvitedUntil, DateTimeOffset? LastSeenAt)
{
    /// <summary>The state's badge and its word.</summary>
    public (string State, string Word) Standing(DateTimeOffset now) =>
        Disabled ? ("revoked", "Switched off")
        : InvitedUntil is { } until ? until > now ? ("waiting", "Invited") : ("attention", "Invitation ran out")
        : ("active", "Signs in");
}

internal sealed record ColleagueList(IReadOnlyList<Colleague> People);

/// <summary>An invitation as it is given this once.</summary>
internal sealed record Invitation(Guid Id, string Code, DateTimeOffset ExpiresAt);
