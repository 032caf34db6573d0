namespace OrderSync.Framework.Budgets;

/// <summary>A day as a destination counts it.</summary>
/// <param name="Day">Its date.</param>
/// <param name="Ends">When the next begins.</param>
internal readonly record struct BudgetDay(DateOnly Day, DateTimeOffset Ends)
{
    /// <summary>The day that <paramref name="now"/> belongs to in a zone.</summary>
    public static BudgetDay Of(string zoneName, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        // Where clocks are put forward at midnight the day begins an hour later.
        while (zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(30);
        return new(day, new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(midnight, zone)));
    }

    /// <summary>Whether this machine knows a zone.</summary>
    public static bool Knows(string zoneName) => TimeZoneInfo.TryFindSystemTimeZoneById(zoneName, out _);
}
