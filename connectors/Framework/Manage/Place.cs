using System.Globalization;

namespace OrderSync.Framework.Manage;

/// <summary>Where a page of a list ended: the next begins behind it, however the list has grown meanwhile.</summary>
internal readonly record struct Place(DateTimeOffset At, Guid Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks / 10}_{Id:N}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, out Place place)
    {
        place = default;
        if (text?.Split('_') is not [var at, var id] || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            || microseconds > DateTimeOffset.MaxValue.Ticks / 10 || !Guid.TryParseExact(id, "N", out var guid))
            return false;
        place = new(new DateTimeOffset(microseconds * 10, TimeSpan.Zero), guid);
        return true;
    }
}
