namespace OrderSync.Framework;

/// <summary>Texts of a record made to fit a destination: what does not fit is seen to be cut.</summary>
public static class Texts
{
    /// <summary>Text cut to a length, the cut marked; never through the middle of a character.</summary>
    public static string? Cut(string? text, int length)
    {
        if (text is null || text.Length <= length)
            return text;
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..end] + "…";
    }

    /// <summary>The texts that are there, one below the other; null when none is.</summary>
    public static string? Paragraphs(params ReadOnlySpan<string?> texts)
    {
        var all = string.Join('\n', texts.ToArray().Where(text => !string.IsNullOrWhiteSpace(text)));
        return all.Length == 0 ? null : all;
    }
}
