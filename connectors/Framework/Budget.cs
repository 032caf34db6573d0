namespace OrderSync.Framework;

/// <summary>How many calls a destination takes from one account. Calls at once are <see cref="ConnectorInfo.MaxConcurrent"/>.</summary>
/// <param name="PerMinute">Calls in any sixty seconds; null where no limit is known.</param>
/// <param name="PerDay">Calls in a day; null where no limit is known.</param>
/// <param name="DayZone">Time zone whose midnight begins the day.</param>
/// <param name="DocumentShare">Part of both, 0 to 1, that is kept for documents: polls of the catalogue get along with the rest.</param>
/// <param name="CountsTokens">Whether requests for access tokens count.</param>
public sealed record Budget(int? PerMinute = null, int? PerDay = null, string DayZone = "UTC", double DocumentShare = 0.7, bool CountsTokens = false)
{
    /// <summary>A destination that states no limit.</summary>
    public static Budget None { get; } = new();
}
