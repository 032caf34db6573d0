using Npgsql;

namespace OrderSync.Gateway.Office.People;

/// <summary>A person as others see them.</summary>
internal sealed record PersonAnswer(Guid Id, string Name, string? Email, string Role);

/// <summary>A person who signs in, as the framework's UserManager works on it. Who asks for an e-mail that nobody has gets a nobody, checked like a person.</summary>
internal sealed class Person
{
    public Guid CompanyId { get; init; }

    public Guid Id { get; init; }

    public string Name { get; set; } = "";

    /// <summary>Folded.</summary>
    public string? Email { get; set; }

    public string Role { get; init; } = "";

    public bool Disabled { get; init; }

    public DateTimeOffset? JoinedAt { get; set; }

    public string? PasswordHash { get; set; }

    public string Stamp { get; set; } = "";

    public bool TotpOn { get; set; }

    public string? TotpKey { get; set; }

    /// <summary>Codes that were used and might still be right: none opens twice.</summary>
    public IReadOnlyList<string> TotpUsed { get; set; } = [];

    public IReadOnlyList<byte[]> RecoveryCodes { get; set; } = [];

    public byte[]? Invitation { get; set; }

    public DateTimeOffset? InvitationUntil { get; set; }

    public int Version { get; set; }

    public int Failed { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>What is stored together with the next update, or not at all: its audit, its sessions.</summary>
    public Action<NpgsqlBatch>? Alongside { get; set; }

    /// <summary>What the row holds; wrong tries are counted elsewhere, so that guessing changes nobody.</summary>
    public object Kept => (Name, Email, JoinedAt, PasswordHash, Stamp, (TotpOn, TotpKey, TotpUsed, RecoveryCodes), Invitation, InvitationUntil);

    /// <summary><see cref="Kept"/> as it was read.</summary>
    public object? Before { get; set; }

    public bool IsNobody => Id == Guid.Empty;

    public PersonAnswer AsAnswer() => new(Id, Name, Email, Role);
}
