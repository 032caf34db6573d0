using System.Globalization;
using System.Text;

namespace OrderSync.NetSuite;

/// <summary>
/// A query of SuiteQL. NetSuite takes it as one text, so whatever is put into it becomes a literal here and nowhere else: texts in quotes with the quotes inside doubled,
/// instants by TO_TIMESTAMP. Names of tables are put in by <see cref="Name"/>, which takes letters only.
/// </summary>
internal static class SuiteQl
{
    private const string Form = "'YYYY-MM-DD HH24:MI:SS'";

    /// <summary>When a row last changed, to the second, whatever form people have chosen for dates.</summary>
    public static Name Changed { get; } = new($"TO_CHAR(lastmodifieddate, {Form}) AS changed", trusted: true);

    /// <summary>The text of a query.</summary>
    public static string Of(FormattableString query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return string.Format(CultureInfo.InvariantCulture, query.Format, [.. query.GetArguments().Select(Literal)]);
    }

    private static object Literal(object? value) => value switch
    {
        Name name => name.Text,
        string text => Quoted(text),
        int or long => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        DateTimeOffset at => $"TO_TIMESTAMP('{at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}', {Form})",
        IEnumerable<string> texts => string.Join(", ", texts.Select(Quoted)),
        _ => throw new ArgumentException($"SuiteQL has no literal for {value?.GetType().Name ?? "nothing"}.", nameof(value)),
    };

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("'");
        // Of characters that cannot be seen none is part of a number or a name.
        foreach (var one in text.Where(one => !char.IsControl(one)))
            quoted.Append(one == '\'' ? "''" : one);
        return quoted.Append('\'').ToString();
    }
}

/// <summary>A table, a column or a piece of a query that stands in the program.</summary>
internal sealed class Name
{
    public Name(string text) => Text = text.All(char.IsAsciiLetter) ? text : throw new ArgumentException($"{text} is no name.", nameof(text));

    internal Name(string text, bool trusted) => Text = trusted ? text : throw new ArgumentException("It is put in as it is.", nameof(trusted));

    /// <summary>As it stands in the query.</summary>
    public string Text { get; }
}
