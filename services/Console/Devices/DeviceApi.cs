namespace OrderSync.Console.Devices;

// What the gateway tells of devices and those who carry them, as far as the pages read it.

internal sealed record DeviceList(IReadOnlyList<DeviceRow> Devices, Guid? Next);

internal sealed record DeviceRow(
    Guid Id, string? Name, string HardwareId, Guid RepId, string Rep, string Branch, DateTimeOffset EnrolledAt, DateTimeOffset? LastPushAt, DateTimeOffset? LastSeenAt, string? App, int? Waiting,
    double? SkewSeconds, IReadOnlyList<DeviceSwitch> Switches, DateTimeOffset? RevokedAt, string? RevokedReason, IReadOnlyList<string> Flags)
{
    public string Title => Name is { Length: > 0 } name ? name : HardwareId;

    /// <summary>State for a badge, and its word.</summary>
    public (string State, string Word) Standing => this switch
    {
        { RevokedAt: not null } => ("revoked", "Revoked"),
        _ when Flags.Contains("clockWrong") => ("attention", "Clock is wrong"),
        _ when Flags.Contains("userDisabled") => ("paused", "Rep switched off"),
        _ when Flags.Contains("neverPushed") => ("waiting", "Nothing sent yet"),
        _ => ("active", "Active"),
    };
}

internal sealed record DeviceSwitch(string Name, bool? On, DateTimeOffset? ChangedAt, string? ChangedBy);

internal sealed record AlertList(IReadOnlyList<Alert> Alerts);

internal sealed record Alert(Guid Id, string Kind, string Message, int Times, DateTimeOffset LastAt, DateTimeOffset? SeenAt);

internal sealed record AuditList(IReadOnlyList<AuditRow> Changes);

internal sealed record AuditRow(DateTimeOffset At, string? Actor, string Action, System.Text.Json.Nodes.JsonObject? After);

internal sealed record CodeList(IReadOnlyList<CodeRow> Codes);

internal sealed record CodeRow(Guid Id, string Rep, string Branch, DateTimeOffset ExpiresAt, string State, Guid? DeviceId, string? Device);

internal sealed record NewCode(string Code, DateTimeOffset ExpiresAt, Guid Id, string Gateway, string Link);

internal sealed record RepList(IReadOnlyList<Rep> Reps, Guid? Next);

internal sealed record Rep(Guid Id, string Name, string? Email, bool Disabled, long Devices, long Waiting);

internal sealed record BranchList(IReadOnlyList<Branch> Branches, string? Next);

internal sealed record Branch(string Code, string Name, long Devices);
