using System.Globalization;
using System.Text;
using OrderSync.Email.Documents;
using OrderSync.Email.Templates;

namespace OrderSync.Email.Rendering;

/// <summary>A document as a whole page: one template for the mail and for paper, which differ in the style sheet only.</summary>
internal static class Page
{
    /// <summary>Name of the logo inside a mail.</summary>
    public const string LogoId = "logo@ordersync";

    private const string StandardColor = "#14395b";
    private static readonly string Shared = Resource("Document.css");
    private static readonly string PrintOnly = Resource("Print.css");
    private static readonly string MailOnly = Resource("Mail.css");
    private static readonly TemplateText Title = TemplateText.Parse("{{title}} {{number}}");
    private static readonly TemplateText Cancelled = TemplateText.Parse(Resource("Cancelled.hbs"));

    /// <summary>For the mail: the logo goes along as a part of its own, since many mail programs do not show pictures inside the page.</summary>
    /// <exception cref="TemplateException">The look cannot be used.</exception>
    public static string Mail(Document document, Words words, Look look) =>
        Whole(look.For(document.Kind), DocumentValues.Of(document, words, MailLogo(look)), document, words, look, Shared + MailOnly);

    /// <summary>For the mail that takes a document back: always the standard look, in the company's colour and with its logo.</summary>
    public static string Cancellation(Document document, Words words, Look look)
    {
        var values = DocumentValues.Of(document, words, MailLogo(look));
        (values["title"], values["intro"]) = (words.Cancellation.Title, words.Cancellation.Text(document, words));
        return Whole(Cancelled, values, document, words, look.Standard, Shared + MailOnly);
    }

    /// <summary>As the mail, for a screen: the logo stands in the page.</summary>
    public static string Screen(string mail, Logo? logo) => logo is null ? mail : mail.Replace($"\"cid:{LogoId}\"", $"\"{logo.DataAddress}\"", StringComparison.Ordinal);

    /// <summary>For paper: A4 with the company and number on each further page, and the page's number and the proof of content at its foot.</summary>
    /// <exception cref="TemplateException">The look cannot be used.</exception>
    public static string Print(Document document, Words words, Look look) =>
        Whole(look.For(document.Kind), DocumentValues.Of(document, words, look.Logo?.DataAddress), document, words, look, Shared + PrintOnly + Margins(document, words));

    /// <summary>A file that is part of the program.</summary>
    public static string Resource(string name)
    {
        using var stream = typeof(Page).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The file {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // Whatever a template says, the page around it is ours: nothing in it runs or loads.
    private static string Whole(TemplateText template, Values values, Document document, Words words, Look look, string style)
    {
        if (look.Style is { } own && Markup.WhyNotStyle(own) is { } wrong)
            throw new TemplateException(1, wrong);
        var body = TemplateRun.Html(template, values);
        var title = TemplateRun.Html(Title, new Values { ["title"] = values["title"], ["number"] = document.Number });
        return $"""
            <!DOCTYPE html>
            <html lang="{words.Language}">
            <head>
            <meta charset="utf-8" />
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: cid:; style-src 'unsafe-inline'" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light" />
            <title>{title}</title>
            <style>{style.Replace(StandardColor, look.Color, StringComparison.OrdinalIgnoreCase)}
            {look.Style}</style>
            </head>
            <body>
            {body}
            </body>
            </html>
            """;
    }

    private static string? MailLogo(Look look) => look.Logo is null ? null : $"cid:{LogoId}";

    private static string Margins(Document document, Words words)
    {
        var title = $"{words.Of(document.Kind).Title} {document.Number}";
        var reference = document.Reference is { Length: > 0 } ours ? $" · {words.Reference} {ours}" : "";
        return $$"""
            @page {
              font-family: "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans CJK SC", sans-serif; font-size: 7pt; color: #5a6673;
              @top-left { content: {{Quoted(document.From.Name)}}; font-weight: 600; font-size: 8pt; }
              @top-right { content: {{Quoted(title)}}; font-size: 8pt; }
              @bottom-left { content: {{Quoted(title + reference)}} "\A " {{Quoted($"{words.Of(document.Kind).Captured}: {document.Sha256}")}}; white-space: pre; text-align: left; line-height: 1.5; }
              @bottom-right { content: {{Quoted(words.Page + " ")}} counter(page) {{Quoted($" {words.OfPages} ")}} counter(pages); }
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
}
