using System.Globalization;

namespace OrderSync.Framework.Pull;

/// <summary>What a completed sweep saw.</summary>
/// <param name="Live">Rows that stood before it and were not deleted, and those it found new.</param>
/// <param name="Seen">Of these, the ones it saw.</param>
/// <param name="MissedAgain">Of these, the ones neither it nor the sweep before it saw.</param>
/// <param name="Total">Rows there are, as the destination says; null where it does not say.</param>
internal sealed record Swept(long Live, long Seen, long MissedAgain, long? Total)
{
    /// <summary>The ones it did not see.</summary>
    public long Missed => Live - Seen;
}

/// <summary>What becomes of rows that a sweep did not see.</summary>
/// <param name="Delete">They are taken for deleted.</param>
/// <param name="Held">How many wait for a person's word.</param>
/// <param name="Again">The next sweep is not waited for that long, since this one proves too little.</param>
/// <param name="Code">What is to be shown.</param>
/// <param name="Reason">In words.</param>
/// <param name="Fix">What to do.</param>
internal sealed record Verdict(bool Delete, long Held = 0, TimeSpan? Again = null, string? Code = null, string? Reason = null, string? Fix = null);

/// <summary>
/// A deletion is believed only from a sweep that completed and whose count agrees; where the destination gives no count, only from two in a row. Too
/// many at once wait for a person: an ERP that lost rows, or a right to see them, must not empty every device.
/// </summary>
internal static class Deletions
{
    /// <summary>More than this at once wait for a person.</summary>
    public const int Most = 50;

    /// <summary>And more than this part of all rows, but for a handful.</summary>
    public const double MostOfAll = 0.02;

    /// <summary>So few never wait, however small the collection is.</summary>
    public const int Handful = 3;

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WhenCountsDiffer = TimeSpan.FromHours(1);

    /// <summary>What a person is told of rows that wait for their word.</summary>
    public static (string Code, string Reason, string Fix) Held(long rows, string title, string collection) => ("pull.manyDeleted",
        string.Create(CultureInfo.InvariantCulture, $"{rows} {collection} are no longer in {title}. They stay until somebody says that this is right."),
        "Look for them there. If they were really deleted, confirm it in Connections; if not, nothing is to be done once they are back.");

    public static Verdict Judge(Swept swept, string title, string collection)
    {
        if (swept.Missed == 0)
            return new(false);
        if (swept.Total is { } total && total != swept.Seen)
            return new(false, Again: WhenCountsDiffer, Code: "pull.countDiffers", Reason: string.Create(CultureInfo.InvariantCulture,
                $"{title} says that it has {total} {collection}, and {swept.Seen} were read. Nothing is taken for deleted."), Fix: "Nothing is to be done; all is read again within the hour.");
        // The destination gives no count: rows may have moved between two pages while it was read.
        if (swept.Total is null && swept.MissedAgain < swept.Missed && swept.MissedAgain == 0)
            return new(false, Again: Soon);

        var gone = swept.Total is null ? swept.MissedAgain : swept.Missed;
        if (gone > Most || (gone > Handful && gone > swept.Live * MostOfAll))
            return new(false, Held: gone);
        return new(true, Again: swept.Total is null && swept.MissedAgain < swept.Missed ? Soon : null);
    }
}
