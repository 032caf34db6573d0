namespace OrderSync.Gateway.Feed.Nudges;

/// <summary>Settings of nudges, section Nudge.</summary>
internal sealed class NudgeSettings
{
    /// <summary>Devices that listen in this process at most.</summary>
    public int Listeners { get; init; } = 20_000;

    /// <summary>Pulls a second that devices of a company are asked to come with at most, when many of them have something to fetch.</summary>
    public int PullsPerSecond { get; init; } = 50;

    /// <summary>How often it is looked for commits of other replicas while Redis is away, or there is none.</summary>
    public double PollSeconds { get; init; } = 2;

    /// <summary>The same while Redis tells of them.</summary>
    public double PollSecondsWithRedis { get; init; } = 15;

    /// <summary>How often it is asked how the devices that listen stand.</summary>
    public double StandingSeconds { get; init; } = 60;

    public string? WhyNot() =>
        Listeners is < 1 or > 1_000_000 ? "Listeners must be from 1 to 1000000."
        : PullsPerSecond is < 1 or > 100_000 ? "PullsPerSecond must be from 1 to 100000."
        : PollSeconds is < 0.05 or > 3_600 ? "PollSeconds must be from 0.05 to 3600."
        : PollSecondsWithRedis is < 0.05 or > 3_600 ? "PollSecondsWithRedis must be from 0.05 to 3600."
        : StandingSeconds is < 0.05 or > 3_600 ? "StandingSeconds must be from 0.05 to 3600."
        : null;
}
