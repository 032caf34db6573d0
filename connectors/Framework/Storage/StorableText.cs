using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrderSync.Framework.Storage;

/// <summary>Words of a destination, made fit for a text column: no U+0000, no half of a surrogate pair, no page of HTML.</summary>
internal static class StorableText
{
    /// <summary>The text, at most <paramref name="longest"/> characters of it; a cut is marked.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text, int longest)
    {
        if (text is null)
            return null;
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace("\0", "", StringComparison.Ordinal)));
        return whole.Length <= longest ? whole : string.Concat(whole.AsSpan(0, char.IsHighSurrogate(whole[longest - 2]) ? longest - 2 : longest - 1), "…");
    }
}
