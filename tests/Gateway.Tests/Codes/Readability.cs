using System.Text.RegularExpressions;

namespace OrderSync.Gateway.Tests.Codes;

/// <summary>How hard a text is to read, by the two usual formulas.</summary>
internal static partial class Readability
{
    /// <summary>Flesch and Kincaid's grade: years of school, for English.</summary>
    public static double GradeOf(string text)
    {
        var (words, sentences) = Count(text);
        return (0.39 * words.Count / sentences) + (11.8 * words.Sum(SyllablesOf) / words.Count) - 15.59;
    }

    /// <summary>Björnsson's LIX: 30 a children's book, 60 a newspaper, for German.</summary>
    public static double LixOf(string text)
    {
        var (words, sentences) = Count(text);
        return ((double)words.Count / sentences) + (100.0 * words.Count(word => word.Length > 6) / words.Count);
    }

    // What is put in is a name or a figure: one short word. A colon or semicolon ends a thought as a full stop does.
    private static (List<string> Words, int Sentences) Count(string text)
    {
        var plain = Parameter().Replace(text, "x");
        return ([.. Word().Matches(plain).Select(word => word.Value)], Math.Max(1, End().Count(plain)));
    }

    private static int SyllablesOf(string word)
    {
        var lower = word.ToLowerInvariant();
        var count = Vowels().Count(lower) - (lower.Length > 3 && lower.EndsWith('e') && !lower.EndsWith("le", StringComparison.Ordinal) ? 1 : 0);
        return Math.Max(1, count);
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[\p{L}\d][\p{L}\d'-]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"[.!?;:](?=\s|$)")]
    private static partial Regex End();

    [GeneratedRegex("[aeiouyäöü]+")]
    private static partial Regex Vowels();
}
