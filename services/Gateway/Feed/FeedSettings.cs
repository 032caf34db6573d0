namespace OrderSync.Gateway.Feed;

/// <summary>Settings of the feed, section Feed.</summary>
internal sealed class FeedSettings
{
    /// <summary>Secret texts of at least 32 characters that sign cursors: the first signs, all are believed, so one is added in front and none is ever taken away. None = one made from Tokens:Key.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Days for which changes are kept. A device that was away longer downloads everything anew.</summary>
    public int KeepDays { get; init; } = 90;

    /// <summary>Downloads at once in this process.</summary>
    public int MostPulls { get; init; } = 500;

    public string? WhyNot() =>
        Keys.Any(key => key.Length < 32) ? "Keys has one shorter than 32 characters."
        : KeepDays is < 1 or > 3650 ? "KeepDays must be from 1 to 3650."
        : MostPulls is < 1 or > 100_000 ? "MostPulls must be from 1 to 100000."
        : null;
}
