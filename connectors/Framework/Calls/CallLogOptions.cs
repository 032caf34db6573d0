namespace OrderSync.Framework.Calls;

/// <summary>How long calls are kept.</summary>
internal sealed class CallLogOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "CallLog";

    /// <summary>Days a call is kept; the log is the only thing in the ledger that goes by time.</summary>
    public int KeepDays { get; set; } = 14;

    public static string? WhyNot(CallLogOptions options) => options.KeepDays is < 1 or > 400 ? "KeepDays must lie between 1 and 400." : null;
}
