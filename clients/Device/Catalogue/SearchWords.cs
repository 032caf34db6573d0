using System.Text;

namespace OrderSync.Device;

/// <summary>What a person typed, as a question to the word index.</summary>
internal static class SearchWords
{
    private const int MostWords = 10, MostLetters = 200;

    /// <summary>Each word or its beginning, all of them; null: there is nothing to look for.</summary>
    public static string? Of(string column, string text)
    {
        var words = new StringBuilder();
        var typed = text.Length > MostLetters ? text[..MostLetters] : text;
        // Quoted, nothing in them is an operator; the index folds capitals and accents itself.
        foreach (var word in typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.Any(char.IsLetterOrDigit)).Take(MostWords))
            words.Append(words.Length == 0 ? "" : " AND ").Append('"').Append(word.Replace("\"", "\"\"", StringComparison.Ordinal).Replace('\0', ' ')).Append("\" *");
        return words.Length == 0 ? null : $"{column} : ({words})";
    }
}
