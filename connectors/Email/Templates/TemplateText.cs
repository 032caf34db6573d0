using System.Text.RegularExpressions;

namespace OrderSync.Email.Templates;

/// <summary>
/// A template in the part of the Handlebars language that cannot do harm: values, if, unless, each, else and comments. It has no helpers, no
/// partials, no raw values and no expressions, so there is nothing that could run, read or grow on its own. See docs/decisions/0009.
/// </summary>
internal sealed partial class TemplateText
{
    /// <summary>Characters of a template.</summary>
    public const int Longest = 64 * 1024;

    private const int Deepest = 12;

    private TemplateText(IReadOnlyList<Node> nodes) => Nodes = nodes;

    /// <summary>Its parts, in order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <exception cref="TemplateException">It cannot be read.</exception>
    public static TemplateText Parse(string source)
    {
        if (source.Length > Longest)
            throw new TemplateException(1, $"the template has {source.Length:N0} characters; at most {Longest:N0} are taken.");
        var root = new List<Node>();
        var open = new Stack<(Node.Block Block, bool InElse)>();
        var (at, line) = (0, 1);
        while (at < source.Length)
        {
            var tag = source.IndexOf("{{", at, StringComparison.Ordinal);
            var text = source[at..(tag < 0 ? source.Length : tag)];
            if (text.Length > 0)
                Current().Add(new Node.Text(line, text));
            line += Lines(text);
            if (tag < 0)
                break;

            var comment = source.AsSpan(tag).StartsWith("{{!--", StringComparison.Ordinal);
            var close = source.IndexOf(comment ? "--}}" : "}}", tag + 2, StringComparison.Ordinal);
            if (close < 0)
                throw new TemplateException(line, "\"{{\" is never closed. Write }} after it.");
            var inside = source[(tag + 2)..close];
            at = close + (comment ? 4 : 2);
            if (!inside.StartsWith('!'))
                Take(inside.Trim(), line);
            line += Lines(inside);
        }

        return open.TryPeek(out var left) ? throw new TemplateException(left.Block.Line, $"{{{{#{left.Block.Word}}}}} is never closed. Write {{{{/{left.Block.Word}}}}} after it.") : new(root);

        List<Node> Current() => !open.TryPeek(out var top) ? root : top.InElse ? top.Block.Otherwise : top.Block.Body;

        void Take(string tag, int line)
        {
            if (tag == "else")
            {
                if (!open.TryPop(out var top) || top.InElse)
                    throw new TemplateException(line, "{{else}} stands outside of {{#if}}, {{#unless}} and {{#each}}, or for the second time.");
                open.Push((top.Block, true));
            }
            else if (tag.StartsWith('/'))
            {
                if (!open.TryPop(out var top) || top.Block.Word != tag[1..].Trim())
                    throw new TemplateException(line, $"{{{{{tag}}}}} closes nothing that is open.");
            }
            else if (BlockStart().Match(tag) is { Success: true } start)
            {
                if (open.Count == Deepest)
                    throw new TemplateException(line, $"blocks stand in each other more than {Deepest} deep.");
                var block = new Node.Block(line, start.Groups[1].Value, start.Groups[2].Value.Split('.'), [], []);
                Current().Add(block);
                open.Push((block, false));
            }
            else if (Name().IsMatch(tag))
            {
                Current().Add(new Node.Value(line, tag.Split('.')));
            }
            else
            {
                throw new TemplateException(line, $"{{{{{Shown(tag)}}}}} is not understood. There are {{{{name}}}}, {{{{#if name}}}}, {{{{#unless name}}}}, {{{{#each name}}}}, {{{{else}}}} and {{{{! comments}}}}.");
            }
        }
    }

    private static int Lines(string text) => text.AsSpan().Count('\n');

    private static string Shown(string tag) => tag.Length <= 40 ? tag : $"{tag[..40]}…";

    [GeneratedRegex(@"\A#(if|unless|each)\s+([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex BlockStart();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
