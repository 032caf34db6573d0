using System.Text;

namespace OrderSync.Email.Templates;

/// <summary>
/// One filling of a template with values: texts, yes or no, lists, and groups of values by name. A name is looked for in the innermost group
/// first. Every part that is written counts, and so does every character: a template ends, or is given up, whatever it says.
/// </summary>
internal sealed class TemplateRun
{
    private const int MostParts = 300_000;
    private const int MostCharacters = 4_000_000;

    private readonly StringBuilder output = new();
    private readonly List<object?> scopes;
    private readonly bool asHtml;
    private int parts;

    private TemplateRun(Values root, bool asHtml) => (scopes, this.asHtml) = ([root], asHtml);

    /// <summary>The template as HTML: no value can become markup.</summary>
    /// <exception cref="TemplateException">A name is unknown or not usable here, or the result grows too long.</exception>
    public static string Html(TemplateText template, Values values) => Fill(template, values, asHtml: true);

    /// <summary>The template as plain text.</summary>
    /// <exception cref="TemplateException">As with <see cref="Html"/>.</exception>
    public static string Text(TemplateText template, Values values) => Fill(template, values, asHtml: false);

    private static string Fill(TemplateText template, Values values, bool asHtml)
    {
        var run = new TemplateRun(values, asHtml);
        run.Write(template.Nodes);
        return run.output.ToString();
    }

    private void Write(IReadOnlyList<Node> nodes)
    {
        foreach (var node in nodes)
        {
            Count(node);
            switch (node)
            {
                case Node.Text text:
                    output.Append(text.Content);
                    break;
                case Node.Value value:
                    WriteValue(value);
                    break;
                case Node.Block { Word: "each" } each:
                    WriteEach(each);
                    break;
                case Node.Block block:
                    Write(IsThere(Find(block, block.Path)) == (block.Word == "if") ? block.Body : block.Otherwise);
                    break;
            }
        }
    }

    private void WriteEach(Node.Block each)
    {
        if (Find(each, each.Path) is not IReadOnlyList<object> list)
            throw new TemplateException(each.Line, $"{Name(each.Path)} is not a list, so {{{{#each}}}} cannot go through it.");
        if (list.Count == 0)
            Write(each.Otherwise);
        foreach (var item in list)
        {
            Count(each);
            scopes.Add(item);
            Write(each.Body);
            scopes.RemoveAt(scopes.Count - 1);
        }
    }

    private void WriteValue(Node.Value value)
    {
        var found = Find(value, value.Path);
        if (found is not (null or string))
            throw new TemplateException(value.Line, $"{Name(value.Path)} is no text. Name one of its parts, or use it with {{{{#if}}}} or {{{{#each}}}}.");
        foreach (var c in (string?)found ?? "")
            Append(c);
    }

    private void Append(char c) => _ = !asHtml ? output.Append(c) : c switch
    {
        '&' => output.Append("&amp;"),
        '<' => output.Append("&lt;"),
        '>' => output.Append("&gt;"),
        '"' => output.Append("&quot;"),
        '\'' => output.Append("&#39;"),
        _ => output.Append(c),
    };

    private object? Find(Node node, IReadOnlyList<string> path)
    {
        if (path is ["this"])
            return scopes[^1];
        for (var i = scopes.Count - 1; i >= 0; i--)
        {
            if (scopes[i] is Values group && group.TryGetValue(path[0], out var found))
                return Inside(node, path, found);
        }

        throw Unknown(node, path);
    }

    private static object? Inside(Node node, IReadOnlyList<string> path, object? found)
    {
        foreach (var name in path.Skip(1))
        {
            if (found is null)
                return null;
            if (found is not Values group || !group.TryGetValue(name, out found))
                throw Unknown(node, path);
        }

        return found;
    }

    private void Count(Node node)
    {
        if (++parts > MostParts || output.Length > MostCharacters)
            throw new TemplateException(node.Line, "the document grows too long; is a list written inside of a list?");
    }

    private static bool IsThere(object? value) => value is not (null or "" or false or IReadOnlyList<object> { Count: 0 });

    private static TemplateException Unknown(Node node, IReadOnlyList<string> path) => new(node.Line, $"there is no value {Name(path)} here.");

    private static string Name(IReadOnlyList<string> path) => string.Join('.', path);
}

/// <summary>Values by name, for a template.</summary>
internal sealed class Values() : Dictionary<string, object?>(StringComparer.Ordinal);
