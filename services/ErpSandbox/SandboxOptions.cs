namespace OrderSync.ErpSandbox;

/// <summary>Which call limits the stand-ins enforce.</summary>
public enum LimitProfile
{
    /// <summary>The limits each ERP documents.</summary>
    Documented,

    /// <summary>No limits: for demonstrations, replays and fault runs.</summary>
    Unlimited,
}

/// <summary>Settings of the whole sandbox, read from <c>Sandbox__Profile</c>, <c>Sandbox__State</c> and <c>Sandbox__RequestLog</c>.</summary>
public sealed class SandboxOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Sandbox";

    /// <summary>The limits to enforce.</summary>
    public LimitProfile Profile { get; set; } = LimitProfile.Documented;

    /// <summary>Folder of the journal; without it the sandbox forgets everything when it ends.</summary>
    public string? State { get; set; }

    /// <summary>File that each call of a stand-in is noted in, without secrets; without it none is.</summary>
    public string? RequestLog { get; set; }

    internal string? Problem() => Enum.IsDefined(Profile) ? null : $"Profile is {Profile}; it must be documented or unlimited";
}
