using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace OrderSync.Email.Templates;

/// <summary>
/// What the markup of a company's template may be: elements and attributes that show something, and nothing that runs, loads, sends or leaves
/// the page. A list of what is allowed, so that what nobody thought of is refused.
/// </summary>
internal static partial class Markup
{
    private static readonly FrozenSet<string> Elements =
        "a abbr address article b bdi bdo blockquote br caption code col colgroup dd del div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins li main mark ol p pre s section small span strong sub sup table tbody td tfoot th thead time tr u ul"
            .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Attributes =
        "align alt bgcolor border cellpadding cellspacing class colspan dir height href id lang role rowspan scope src start style title valign width"
            .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Stand for tags of the template language while markup is looked at.
    private const char ValueMark = '\uE000';
    private const char BlockMark = '\uE001';

    /// <exception cref="TemplateException">Something in it may not be there.</exception>
    public static void Check(TemplateText template)
    {
        var page = new Laid();
        page.Lay(template.Nodes);
        var text = page.Text.ToString();
        for (var at = text.IndexOf('<'); at >= 0; at = text.IndexOf('<', at))
        {
            if (Tag().Match(text, at) is not { Success: true } tag)
                throw page.At(at, "\"<\" begins no element that can be read. Attributes need quotes and whole values; write &lt; for the sign itself.");
            CheckTag(page, at, tag);
            at += tag.Length;
        }
    }

    /// <summary>Null when style rules only look like something; else what is wrong.</summary>
    public static string? WhyNotStyle(string css) =>
        css.Contains('<') || css.Contains('\\') ? "Style rules may not contain < or \\."
        : css.Contains("url(", StringComparison.OrdinalIgnoreCase) || css.Contains("@import", StringComparison.OrdinalIgnoreCase) || css.Contains("image-set(", StringComparison.OrdinalIgnoreCase)
            ? "Style rules may not load anything: take out url(), image-set() and @import."
        : css.Contains("expression", StringComparison.OrdinalIgnoreCase) || css.Contains("behavior", StringComparison.OrdinalIgnoreCase) ? "Style rules may not run anything: take out expression and behavior."
        : null;

    private static void CheckTag(Laid page, int at, Match tag)
    {
        var element = tag.Groups["element"].Value;
        if (!Elements.Contains(element))
            throw page.At(at, $"<{element}> may not be used. What is allowed only shows something: {string.Join(", ", Elements.Order())}.");
        for (var i = 0; i < tag.Groups["name"].Captures.Count; i++)
        {
            var (name, value) = (tag.Groups["name"].Captures[i].Value, tag.Groups["value"].Captures[i].Value);
            if (!Attributes.Contains(name))
                throw page.At(at, $"the attribute {name} may not be used.");
            if (name.Equals("src", StringComparison.OrdinalIgnoreCase))
            {
                if (value is not [ValueMark] || page.ValueAt(tag.Groups["value"].Captures[i].Index).Path is not ["logo"])
                    throw page.At(at, "a picture can only be the company's: write src=\"{{logo}}\".");
            }
            else if (name.Equals("href", StringComparison.OrdinalIgnoreCase) && !Link().IsMatch(value))
                throw page.At(at, "a link must begin with https:, mailto: or tel: and can have no value in it.");
            else if (name.Equals("style", StringComparison.OrdinalIgnoreCase) && (WhyNotStyle(value) ?? (value.Contains(ValueMark) || value.Contains('&') ? "A style attribute can have no value and no & in it." : null)) is { } wrong)
                throw page.At(at, wrong);
        }
    }

    // Strict: quotes always, values without < > and tags of blocks. What a browser reads more generously is refused here.
    [GeneratedRegex("""\G<(?:/(?<element>[A-Za-z][A-Za-z0-9]*)|(?<element>[A-Za-z][A-Za-z0-9]*)(?:\s+(?<name>[A-Za-z]+)=(?:"(?<value>[^"<>\uE001]*)"|'(?<value>[^'<>\uE001]*)'))*\s*/?)>""", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\A(?:https://|mailto:|tel:)[A-Za-z0-9\-._~:/?#\[\]@!$()*+,;=%]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    /// <summary>The markup as one text, with a mark where a tag of the template language stands.</summary>
    private sealed class Laid
    {
        private readonly List<Node.Value> values = [];
        private readonly List<(int Start, int Line)> starts = [(0, 1)];

        public StringBuilder Text { get; } = new();

        public void Lay(IReadOnlyList<Node> nodes)
        {
            foreach (var node in nodes)
            {
                starts.Add((Text.Length, node.Line));
                switch (node)
                {
                    case Node.Text text:
                        if (text.Content.AsSpan().IndexOfAny(ValueMark, BlockMark) >= 0)
                            throw new TemplateException(text.Line, "it contains a character that has no meaning (private use).");
                        Text.Append(text.Content);
                        break;
                    case Node.Value value:
                        values.Add(value);
                        Text.Append(ValueMark);
                        break;
                    case Node.Block block:
                        Text.Append(BlockMark);
                        Lay(block.Body);
                        Text.Append(BlockMark);
                        Lay(block.Otherwise);
                        Text.Append(BlockMark);
                        break;
                }
            }
        }

        public Node.Value ValueAt(int place) => values[Text.ToString(0, place).AsSpan().Count(ValueMark)];

        public TemplateException At(int place, string what)
        {
            var (start, line) = starts.Last(known => known.Start <= place);
            return new(line + Text.ToString(start, place - start).AsSpan().Count('\n'), what);
        }
    }
}
