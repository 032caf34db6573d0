namespace OrderSync.Gateway.Policies;

/// <summary>What a company wants done about something that may be in order: settings have one of these words.</summary>
internal static class Choice
{
    /// <summary>Nothing: it is in order.</summary>
    public const string Allow = "allow";

    /// <summary>It goes on, and the office is told.</summary>
    public const string Warn = "warn";

    /// <summary>The office decides.</summary>
    public const string Hold = "hold";

    /// <summary>The person on the device mends it.</summary>
    public const string Refuse = "refuse";
}
