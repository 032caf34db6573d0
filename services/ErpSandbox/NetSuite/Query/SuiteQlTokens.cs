using System.Text.RegularExpressions;

namespace OrderSync.ErpSandbox.NetSuite;

/// <summary>A query cut into words, figures, texts and signs, and where its reader is.</summary>
internal sealed partial class SuiteQlTokens
{
    private readonly List<string> tokens = [];
    private int at;

    public SuiteQlTokens(string query)
    {
        var position = 0;
        while (position < query.Length)
        {
            var match = Token().Match(query, position);
            if (!match.Success || match.Index != position)
                throw SuiteQl.Wrong($"what begins at '{query[position..Math.Min(position + 20, query.Length)]}' is not understood");
            if (match.Value.Trim().Length > 0)
                tokens.Add(match.Value);
            position += match.Length;
        }
    }

    /// <summary>The token that comes next; empty at the end.</summary>
    public string Next => at < tokens.Count ? tokens[at] : "";

    /// <summary>Where the reader is.</summary>
    public int At => at;

    /// <summary>The token before; empty at the beginning.</summary>
    public string Before => at > 0 ? tokens[at - 1] : "";

    /// <summary>Goes back by one.</summary>
    public void Back() => at--;

    /// <summary>Goes to where it was.</summary>
    public void Go(int position) => at = position;

    /// <summary>Passes over what comes before a word; says where that begins and ends.</summary>
    public (int From, int To) Aside(string word)
    {
        var from = at;
        while (at < tokens.Count && !tokens[at].Equals(word, StringComparison.OrdinalIgnoreCase))
            at++;
        return (from, at);
    }

    /// <summary>Takes the next token.</summary>
    public string Take() => at < tokens.Count ? tokens[at++] : throw SuiteQl.Wrong("it ends too early");

    /// <summary>Takes the next token if it is this.</summary>
    public bool Take(string word)
    {
        if (!Next.Equals(word, StringComparison.OrdinalIgnoreCase))
            return false;
        at++;
        return true;
    }

    /// <summary>Takes the next token, which must be this.</summary>
    public void Need(string word)
    {
        if (!Take(word))
            throw SuiteQl.Wrong($"'{word}' was expected at '{Next}'");
    }

    /// <summary>Takes a name.</summary>
    public string Name() => Word().IsMatch(Next) ? Take().ToLowerInvariant() : throw SuiteQl.Wrong($"a name was expected at '{Next}'");

    /// <summary>Whether the next token is a word.</summary>
    public bool AtName => Word().IsMatch(Next);

    [GeneratedRegex(@"\s+|'(?:[^']|'')*'|\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_]*|<>|!=|<=|>=|[=<>(),.*-]")]
    private static partial Regex Token();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Word();
}
