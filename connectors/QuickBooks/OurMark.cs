using System.Text.RegularExpressions;
using OrderSync.Framework;

namespace OrderSync.QuickBooks;

/// <summary>
/// The last line of a private note, or of a customer's notes, that carries our record id: by it alone a row is known to be ours. QuickBooks has no
/// field for it that every company has; notes cannot be searched, so what a look finds by number or name is compared here.
/// </summary>
internal static partial class OurMark
{
    private const string Word = "OrderSync ";

    /// <summary>A note with the mark below it, cut to a length.</summary>
    public static string On(string? note, Guid recordId, int most)
    {
        var mark = $"{Word}{recordId:D}";
        return string.IsNullOrWhiteSpace(note) ? mark : $"{Texts.Cut(note, most - mark.Length - 1)}\n{mark}";
    }

    /// <summary>Whether the note carries this record's id.</summary>
    public static bool Carries(string? note, Guid recordId) => Of(note) == recordId;

    /// <summary>The record id that the note carries.</summary>
    public static Guid? Of(string? note) => note is not null && Mark().Matches(note) is [.., var last] ? Guid.Parse(last.Groups[1].Value) : null;

    /// <summary>The note without the mark.</summary>
    public static string? Without(string? note) => note is null ? null : Mark().Replace(note, "").TrimEnd() is { Length: > 0 } rest ? rest : null;

    [GeneratedRegex(@"\bOrderSync ([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\s*$")]
    private static partial Regex Mark();
}
