using System.Globalization;
using System.Text;

namespace OrderSync.Email.Rendering;

/// <summary>The style of the one template: shared rules, then those of the medium.</summary>
internal static class Stylesheet
{
    private static readonly string Shared = Read("Order.css");
    private static readonly string PrintOnly = Read("Print.css");

    public static string Mail { get; } = Shared + Read("Mail.css");

    /// <summary>For paper: A4 with the company and number on each further page, and the page's number and the proof of content at its foot.</summary>
    public static string Print(OrderDocument order, Words words)
    {
        var title = $"{words.Title} {order.Number}";
        var reference = order.Reference is { Length: > 0 } ours ? $" · {words.Reference} {ours}" : "";
        return Shared + PrintOnly + $$"""
            @page {
              font-family: "Noto Sans", sans-serif; font-size: 7pt; color: #5a6673;
              @top-left { content: {{Quoted(order.From.Name)}}; font-weight: 600; font-size: 8pt; }
              @top-right { content: {{Quoted(title)}}; font-size: 8pt; }
              @bottom-left { content: {{Quoted(title + reference)}} "\A " {{Quoted($"{words.Captured}: {order.Sha256}")}}; white-space: pre; text-align: left; line-height: 1.5; }
              @bottom-right { content: {{Quoted(words.Page + " ")}} counter(page) {{Quoted($" {words.Of} ")}} counter(pages); }
            }
            @page :first { @top-left { content: none; } @top-right { content: none; } }
            """;
    }

    /// <summary>A CSS string. All ASCII but letters, digits and spaces is escaped, so that no name can end the string or the style element.</summary>
    internal static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
            if (c is ' ' or > '\u009f' || char.IsAsciiLetterOrDigit(c))
                quoted.Append(c);
            else
                quoted.Append(char.IsControl(c) ? " " : $"\\{((int)c).ToString("x", CultureInfo.InvariantCulture)} ");
        return quoted.Append('"').ToString();
    }

    private static string Read(string name)
    {
        using var stream = typeof(Stylesheet).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The style sheet {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
